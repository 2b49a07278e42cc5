"""Small logs, keys and rows that several tests share."""

from __future__ import annotations

from datetime import UTC, datetime

from cityloop.engines.ledger import Checkpoint, MemoryStore, SigningKey, TileLog, leaf_hash

ORIGIN = "city.example/ledger"
NOON = datetime(2026, 8, 5, 4, 0, tzinfo=UTC)
KEY = SigningKey.new(ORIGIN)


def leaves(count: int, first: int = 0) -> list[bytes]:
    return [leaf_hash(b"entry %d" % i) for i in range(first, first + count)]


def new_log(count: int) -> TileLog:
    log = TileLog(MemoryStore(), 0)
    log.append(leaves(count))
    return log


def checkpoint(log: TileLog, size: int | None = None) -> Checkpoint:
    size = log.size if size is None else size
    return Checkpoint(ORIGIN, size, log.root(size), NOON)
