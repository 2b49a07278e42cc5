"""Checking proofs: RFC 9162 sections 2.1.3.2 and 2.1.4.2.

Whoever sends a proof may lie: anything that does not check is False, never an exception.
"""

from __future__ import annotations

from collections.abc import Sequence

from .hashing import HASH_SIZE, NewHash, empty_root, node_hash, sha256


def verify_inclusion(
    leaf: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
    *,
    new_hash: NewHash = sha256,
) -> bool:
    """Is `leaf` the entry `index` of the log of `size` entries with this root?

    Args:
        leaf: leaf hash, 32 bytes.
        proof: hashes of 32 bytes, leaf side first, as `TileLog.inclusion` gives them.
    """
    if not 0 <= index < size or not _are_hashes([leaf, root, *proof]):
        return False
    place, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(sibling, reached, new_hash)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling, new_hash)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    first: int,
    second: int,
    proof: Sequence[bytes],
    first_root: bytes,
    second_root: bytes,
    *,
    new_hash: NewHash = sha256,
) -> bool:
    """Is the log of `first` entries the unchanged beginning of the log of `second` entries?

    Args:
        proof: as `TileLog.consistency` gives it; empty for equal sizes and from 0 entries.
    """
    if not 0 <= first <= second or not _are_hashes([first_root, second_root, *proof]):
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == empty_root(new_hash)
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not proof:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old, new_hash), node_hash(sibling, new, new_hash)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling, new_hash)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(isinstance(value, bytes) and len(value) == HASH_SIZE for value in values)
