"""How fast the ledger and the sealing of fields are: one JSON object a line.

`limit` is measured in the same run: for the log the bare SHA-256 of as many 65-byte nodes as there
are leaves (each leaf costs one node), for a proof the bare hashing of two full tiles, for an entry
the bare SHA-256 of its bytes, for sealing the bare AES-256-GCM of the same text, for the search
index the bare HMAC.
Run: python benchmarks/ledger.py
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cityloop.engines.ledger import (
    Checkpoint,
    MemoryStore,
    TileLog,
    commitment,
    compare,
    entry_bytes,
    leaf_hash,
)
from cityloop.engines.sealing import KeyRing

LEAVES = 1_000_000
BATCH = 1_000  # what the sequencer appends in one transaction
PROOFS = 2_000
SEALED = 50_000
TEXT = "x" * 50
GOAL_LEAVES_S = 100_000
GOAL_PROOF_MS = 5.0
GOAL_COMPARED_S = 100_000
GOAL_SEALED_S = 50_000
ENTRIES = 20_000
GOAL_ENTRIES_S = 10_000


def rate(work: Callable[[], object], count: int, runs: int = 3) -> float:
    """Median of the runs, units a second."""
    rates = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        rates.append(count / (time.perf_counter() - began))
    return statistics.median(rates)


def figure(name: str, value: float, unit: str, *, goal: float, limit: float) -> dict[str, object]:
    """One figure as the README quotes it; of milliseconds less is better."""
    less = unit == "ms"
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "goal": goal,
        "limit": round(limit, 3),
        "ratio": round(limit / value if less else value / limit, 4),
        "ok": value <= goal if less else value >= goal,
    }


def sample_leaves() -> list[bytes]:
    """Leaf hashes from a counter: the log does not care what they stand for."""
    return [hashlib.sha256(i.to_bytes(8, "big")).digest() for i in range(LEAVES)]


def appended(leaves: list[bytes], batch: int) -> TileLog:
    """A new log with these leaves."""
    log = TileLog(MemoryStore(), 0)
    for start in range(0, len(leaves), batch):
        log.append(leaves[start : start + batch])
    return log


def bare_hashes(count: int) -> None:
    """The hashes nobody can leave out."""
    node, new = b"\x01" + bytes(64), hashlib.sha256
    for _ in range(count):
        new(node).digest()


def proof_ms(log: TileLog, *, cold: bool) -> float:
    """Median time of an inclusion proof; cold: the log is opened anew for each."""
    rng, times = random.Random(20250928), []
    for _ in range(PROOFS):
        index = rng.randrange(log.size)
        began = time.perf_counter()
        asked = TileLog(log.store, log.size) if cold else log
        asked.inclusion(index)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def log_figures() -> list[dict[str, object]]:
    """Append, proofs and comparison at a million entries."""
    leaves = sample_leaves()
    bare = rate(lambda: bare_hashes(LEAVES), LEAVES)
    batches = rate(lambda: appended(leaves, BATCH), LEAVES)
    log = appended(leaves, LEAVES)
    two_tiles = 510 / bare * 1000
    signed = [Checkpoint("bench/ledger", LEAVES, log.root(), datetime(2026, 1, 1, tzinfo=UTC))]
    compared = rate(lambda: compare(enumerate(leaves), log.store, LEAVES, signed), LEAVES, 1)
    proof = {"goal": GOAL_PROOF_MS, "limit": two_tiles}
    return [
        figure("ledger.append", batches, "leaves/s", goal=GOAL_LEAVES_S, limit=bare),
        figure("ledger.inclusion_p50", proof_ms(log, cold=False), "ms", **proof),
        figure("ledger.inclusion_reopened_p50", proof_ms(log, cold=True), "ms", **proof),
        figure("ledger.compare", compared, "rows/s", goal=GOAL_COMPARED_S, limit=bare),
    ]


def entry_figure() -> dict[str, object]:
    """From the columns of a row to its leaf: canonical bytes, commitment, hash."""
    salt, private = (
        os.urandom(32),
        {"name": "张三", "phone": "13800138000", "text": "路灯不亮" * 10},
    )
    public = {"case": "C-2026-000123", "action": "filed", "at": "2026-08-05T04:00:00Z", "actor": 17}
    entry = entry_bytes(public, commitment(salt, private))

    def row() -> bytes:
        return leaf_hash(entry_bytes(public, commitment(salt, private)))

    bare = rate(lambda: [hashlib.sha256(entry).digest() for _ in range(ENTRIES)], ENTRIES)
    made = rate(lambda: [row() for _ in range(ENTRIES)], ENTRIES)
    return figure("ledger.entry", made, "entries/s", goal=GOAL_ENTRIES_S, limit=bare)


def sealing_figures() -> list[dict[str, object]]:
    """Sealing, opening, and the index for exact search."""
    ring, places = KeyRing.new(), [f"people:{i}:phone" for i in range(SEALED)]
    tokens = [ring.seal(TEXT, context=place) for place in places]
    aes, data = AESGCM(os.urandom(32)), TEXT.encode()
    bare = rate(lambda: [aes.encrypt(os.urandom(12), data, b"x") for _ in places], SEALED)
    seals = rate(lambda: [ring.seal(TEXT, context=place) for place in places], SEALED)
    pairs = list(zip(tokens, places, strict=True))
    opens = rate(lambda: [ring.unseal(token, context=at) for token, at in pairs], SEALED)
    bare_macs = rate(lambda: [hmac.digest(b"key", data, "sha256") for _ in places], SEALED)
    indexes = rate(lambda: [ring.blind_index("138-0013-8000", "phone") for _ in places], SEALED)
    return [
        figure("sealing.seal", seals, "values/s", goal=GOAL_SEALED_S, limit=bare),
        figure("sealing.unseal", opens, "values/s", goal=GOAL_SEALED_S, limit=bare),
        figure("sealing.blind_index", indexes, "values/s", goal=GOAL_SEALED_S, limit=bare_macs),
    ]


def main() -> None:
    """Print the figures."""
    for one in [*log_figures(), entry_figure(), *sealing_figures()]:
        print(json.dumps(one))


if __name__ == "__main__":
    main()
