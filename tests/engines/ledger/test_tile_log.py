"""The log: RFC vectors, a second implementation, reopening, refusals."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.ledger.ledger_samples import leaves, new_log

from cityloop.engines.ledger import MemoryStore, TileLog, leaf_hash
from cityloop.engines.ledger.frontier import Frontier
from cityloop.engines.ledger.hashing import sm3
from cityloop.engines.ledger.store import Tile
from cityloop.kernel.errors import DomainError

# certificate-transparency, merkle_tree_test.cc: the reference vectors of RFC 6962
VECTORS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def reference_root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162 2.1.1, straight from its text."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1 << (len(hashes) - 1).bit_length() - 1
    both = reference_root(hashes[:k]) + reference_root(hashes[k:])
    return hashlib.sha256(b"\x01" + both).digest()


def test_root_of_reference_vectors_equals_published_roots():
    log = TileLog(MemoryStore(), 0)
    log.append([leaf_hash(bytes.fromhex(text)) for text in VECTORS])
    assert [log.root(size).hex() for size in range(1, 9)] == ROOTS


def test_root_of_empty_log_is_hash_of_nothing():
    assert TileLog(MemoryStore(), 0).root() == hashlib.sha256(b"").digest()


def test_roots_and_proofs_of_every_size_to_300_equal_pymerkle():
    pymerkle = pytest.importorskip("pymerkle", reason="the second implementation is not installed")
    tree, log = pymerkle.InmemoryTree(algorithm="sha256"), TileLog(MemoryStore(), 0)
    for i in range(300):
        tree.append_entry(b"entry %d" % i)
        log.append([leaf_hash(b"entry %d" % i)])
    for size in range(1, 301):
        assert log.root(size) == tree.get_root(size)
    for size in (1, 2, 3, 7, 8, 9, 255, 256, 257, 300):
        for index in range(size):
            theirs = tree.prove_inclusion(index + 1, size)
            pymerkle.verify_inclusion(leaf_hash(b"entry %d" % index), log.root(size), theirs)
            leaf = leaf_hash(b"entry %d" % index)
            assert sorted([leaf, *log.inclusion(index, size)]) == _path(theirs)


def test_consistency_proofs_of_every_pair_to_70_agree_with_pymerkle_and_the_definition():
    pymerkle = pytest.importorskip("pymerkle", reason="the second implementation is not installed")
    tree, log, hashes = pymerkle.InmemoryTree(algorithm="sha256"), new_log(70), leaves(70)
    for i in range(70):
        tree.append_entry(b"entry %d" % i)
    for second in range(2, 71):
        for first in range(1, second):
            theirs = tree.prove_consistency(first, second)
            pymerkle.verify_consistency(log.root(first), log.root(second), theirs)
            mine = log.consistency(first, second)  # the shortest; pymerkle's is longer
            assert mine == reference_subproof(first, hashes[:second], whole=True)


def reference_subproof(m: int, hashes: list[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162 2.1.4.1, straight from its text."""
    if m == len(hashes):
        return [] if whole else [reference_root(hashes)]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if m <= k:
        return [*reference_subproof(m, hashes[:k], whole=whole), reference_root(hashes[k:])]
    return [*reference_subproof(m - k, hashes[k:], whole=False), reference_root(hashes[:k])]


def _path(theirs: Any) -> list[bytes]:
    """Its hashes sorted: it lists them from left to right, RFC 9162 from the leaf upwards."""
    return sorted(bytes.fromhex(value) for value in theirs.serialize()["path"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 900), max_size=6))
def test_append_in_any_batches_gives_root_of_definition(batches):
    log = TileLog(MemoryStore(), 0)
    for batch in batches:
        assert log.append(leaves(batch, log.size)) == log.size
    assert log.root() == reference_root(leaves(sum(batches)))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 70_000), st.data())
def test_log_reopened_anywhere_continues_as_if_never_closed(size, data):
    whole = _seventy_thousand()
    reopened = TileLog(MemoryStore(_tiles(whole)), size, root=whole.root(size))
    more = data.draw(st.integers(0, 600))
    reopened.append(leaves(more, 1_000_000))
    again = TileLog(reopened.store, size + more)
    frontier = Frontier()
    for leaf in [*leaves(size), *leaves(more, 1_000_000)]:
        frontier.push(leaf)
    assert again.root() == reopened.root() == frontier.root()


_LOGS: list[TileLog] = []


def _seventy_thousand() -> TileLog:
    if not _LOGS:
        _LOGS.append(new_log(70_000))
    return _LOGS[0]


def _tiles(log: TileLog) -> list[Tile]:
    return [(level, index, data) for (level, index), data in log.store.tiles.items()]


class CountingStore(MemoryStore):
    reads = 0

    def read(self, level: int, index: int) -> bytes | None:
        self.reads += 1
        return super().read(level, index)


def test_opening_reads_one_tile_per_level():
    store = CountingStore(_tiles(_seventy_thousand()))
    TileLog(store, 70_000)
    assert store.reads == 3


class FullStore(MemoryStore):
    def write(self, tiles: list[Tile]) -> None:
        if tiles:
            raise OSError("disk full")


def test_append_when_store_fails_leaves_log_as_it_was():
    log = TileLog(FullStore(), 0)
    with pytest.raises(OSError, match="disk full"):
        log.append(leaves(300))
    assert (log.size, log.root()) == (0, hashlib.sha256(b"").digest())


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda tiles: tiles.pop((0, 1)), "ledger.tile_missing"),
        (lambda tiles: tiles.update({(0, 1): bytes(64)}), "ledger.tile_short"),
        (lambda tiles: tiles.update({(0, 1): bytes(44 * 32)}), "ledger.root_differs"),
    ],
)
def test_opening_damaged_log_is_refused(break_it, code):
    log = new_log(300)
    break_it(log.store.tiles)
    with pytest.raises(DomainError) as refused:
        TileLog(log.store, 300, root=log.root())
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda log: log.root(11), "ledger.size_unknown"),
        (lambda log: log.inclusion(10), "ledger.index_unknown"),
        (lambda log: log.inclusion(-1), "ledger.index_unknown"),
        (lambda log: log.inclusion(5, 5), "ledger.index_unknown"),
        (lambda log: log.consistency(9, 8), "ledger.size_unknown"),
        (lambda log: log.append([b"entry itself"]), "ledger.leaf_length"),
    ],
)
def test_question_outside_log_is_refused(ask, code):
    with pytest.raises(DomainError) as refused:
        ask(new_log(10))
    assert refused.value.code == code


def test_log_over_sm3_has_its_own_roots():
    try:
        sm3(b"")
    except ValueError:
        pytest.skip("this OpenSSL has no SM3")
    log = TileLog(MemoryStore(), 0, new_hash=sm3)
    log.append([leaf_hash(b"a", sm3), leaf_hash(b"b", sm3)])
    both = b"\x01" + leaf_hash(b"a", sm3) + leaf_hash(b"b", sm3)
    assert log.root() == sm3(both).digest()
