"""What is handed to a citizen or an auditor: enough to check without us (`cityloop.verify`)."""

from __future__ import annotations

import base64
from typing import Any

from .checkpoint import read_checkpoint
from .log import TileLog


def inclusion_receipt(log: TileLog, *, index: int, entry: bytes, checkpoint: str) -> dict[str, Any]:
    """JSON values that show `entry` to be the entry `index` under a signed checkpoint.

    Args:
        entry: `entry_bytes(...)` of the row.
        checkpoint: the signed note; its size says which log the proof is of.
    Raises: DomainError("ledger.index_unknown") when the entry came after the checkpoint.
    """
    size = read_checkpoint(checkpoint).size
    return {
        "kind": "inclusion",
        "entry": entry.decode("utf-8"),
        "index": index,
        "size": size,
        "proof": _texts(log.inclusion(index, size)),
        "checkpoint": checkpoint,
    }


def consistency_receipt(log: TileLog, *, first: str, second: str) -> dict[str, Any]:
    """JSON values that show the log of the first signed checkpoint unchanged in the second."""
    sizes = read_checkpoint(first).size, read_checkpoint(second).size
    proof = log.consistency(*sizes)
    return {"kind": "consistency", "first": first, "second": second, "proof": _texts(proof)}


def _texts(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in hashes]
