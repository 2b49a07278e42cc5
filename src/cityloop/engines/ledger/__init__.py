"""The ledger: an append-only Merkle log, signed checkpoints, proofs, and the search for changes."""

from .checkpoint import Checkpoint, read_checkpoint, verify_checkpoint
from .compare import Comparison, compare
from .entry import canonical_bytes, commitment, commitment_opens, entry_bytes, new_salt, row_leaf
from .finding import Finding
from .hashing import leaf_hash
from .log import TileLog
from .note import SigningKey, VerifyKey, cosign_note
from .proof import verify_consistency, verify_inclusion
from .receipt import consistency_receipt, inclusion_receipt
from .store import MemoryStore, TileStore
from .tile_check import TileCheck, check_tiles

__all__ = [
    "Checkpoint",
    "Comparison",
    "Finding",
    "MemoryStore",
    "SigningKey",
    "TileCheck",
    "TileLog",
    "TileStore",
    "VerifyKey",
    "canonical_bytes",
    "check_tiles",
    "commitment",
    "commitment_opens",
    "compare",
    "consistency_receipt",
    "cosign_note",
    "entry_bytes",
    "inclusion_receipt",
    "leaf_hash",
    "new_salt",
    "read_checkpoint",
    "row_leaf",
    "verify_checkpoint",
    "verify_consistency",
    "verify_inclusion",
]
