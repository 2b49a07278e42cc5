"""Leaf and node hashes of RFC 9162 section 2.1.1: a prefix byte keeps leaves and nodes apart.

SHA-256 is the default. A site that must use national algorithms keeps a second set of tiles over
the same entries with `sm3`; the two never mix.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

HASH_SIZE = 32
LEAF, NODE = b"\x00", b"\x01"


class Hashed(Protocol):
    """What a hash constructor gives back."""

    def digest(self) -> bytes:
        """The 32 bytes."""
        ...


NewHash = Callable[[bytes], Hashed]

sha256: NewHash = hashlib.sha256


def sm3(data: bytes) -> Hashed:
    """SM3 (GB/T 32905-2016) of the OpenSSL behind Python; ValueError where it was built without."""
    return hashlib.new("sm3", data)


def leaf_hash(entry: bytes, new_hash: NewHash = sha256) -> bytes:
    """32 bytes that stand for one entry of the log."""
    return new_hash(LEAF + entry).digest()


def node_hash(left: bytes, right: bytes, new_hash: NewHash = sha256) -> bytes:
    """32 bytes that stand for two neighbouring subtrees."""
    return new_hash(NODE + left + right).digest()


def empty_root(new_hash: NewHash = sha256) -> bytes:
    """Root of a log without entries."""
    return new_hash(b"").digest()


def perfect_root(hashes: bytes, new_hash: NewHash = sha256) -> bytes:
    """Root of a perfect subtree.

    Args:
        hashes: 2^k hashes of 32 bytes, joined.
    """
    while len(hashes) > HASH_SIZE:
        pairs = range(0, len(hashes), 2 * HASH_SIZE)
        hashes = b"".join([new_hash(NODE + hashes[i : i + 2 * HASH_SIZE]).digest() for i in pairs])
    return hashes
