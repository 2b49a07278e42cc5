"""Proofs hold for the truth and for nothing else: the server may lie in every way it likes."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.engines.ledger.ledger_samples import leaves, new_log

from cityloop import verify
from cityloop.engines.ledger import leaf_hash, verify_consistency, verify_inclusion

LOG = new_log(1500)
LEAVES = leaves(1500)
FORGED = leaf_hash(b"forged")


def both_say(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    """Engine and the auditor's file have to agree."""
    ours = verify_inclusion(leaf, index, size, proof, root)
    assert verify.is_included(leaf, index, size, proof, root) == ours
    return ours


def both_say_beginning(m: int, n: int, proof: list[bytes], old: bytes, new: bytes) -> bool:
    ours = verify_consistency(m, n, proof, old, new)
    assert verify.is_beginning(m, n, proof, old, new) == ours
    return ours


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_inclusion_of_true_leaf_holds(data):
    size = data.draw(st.integers(1, 1500))
    index = data.draw(st.integers(0, size - 1))
    assert both_say(index, size, LEAVES[index], LOG.inclusion(index, size), LOG.root(size))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_inclusion_lies_are_all_rejected(data):
    size = data.draw(st.integers(2, 1500))
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = LOG.inclusion(index, size), LOG.root(size), LEAVES[index]
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:at], FORGED, *proof[at + 1 :]]
    lies = [
        (index, size, FORGED, proof, root),
        (index, size, LEAVES[other], proof, root),
        (other, size, leaf, proof, root),
        (index, size, leaf, proof[:-1], root),
        (index, size, leaf, proof[1:], root),
        (index, size, leaf, [*proof, FORGED], root),
        (index, size, leaf, changed, root),
        (index, size, leaf, proof, LOG.root(size - 1)),
        (index, index, leaf, proof, root),
        (-1, size, leaf, proof, root),
        (size, size, leaf, proof, root),
    ]
    if len(proof) > 1:
        lies.append((index, size, leaf, proof[::-1], root))
    assert [both_say(*lie) for lie in lies] == [False] * len(lies)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_inclusion_under_wrong_size_is_rejected_or_needs_the_true_root(data):
    """A proof of one size may climb alike in another; the signed (size, root) pair decides."""
    size, other = data.draw(st.integers(2, 1500)), data.draw(st.integers(2, 1500))
    assume(size != other)
    index = data.draw(st.integers(0, min(size, other) - 1))
    proof = LOG.inclusion(index, size)
    assert not both_say(index, other, LEAVES[index], proof, LOG.root(other))


def test_inner_node_sold_as_leaf_is_rejected():
    inner = LOG.root(2)
    assert not both_say(0, 4, inner, LOG.inclusion(0, 4)[1:], LOG.root(4))


@pytest.mark.parametrize("bad", [b"", bytes(31), bytes(33)])
def test_proof_with_hash_of_wrong_length_is_rejected(bad):
    proof = LOG.inclusion(5, 8)
    assert not both_say(5, 8, LEAVES[5], [*proof[:-1], bad], LOG.root(8))
    assert not verify_inclusion(bad, 5, 8, proof, LOG.root(8))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 1500))
def test_consistency_of_true_history_holds(a, b):
    m, n = sorted((a, b))
    assert both_say_beginning(m, n, LOG.consistency(m, n), LOG.root(m), LOG.root(n))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_consistency_lies_are_all_rejected(data):
    n = data.draw(st.integers(2, 1500))
    m = data.draw(st.integers(1, n - 1))
    proof, old, new = LOG.consistency(m, n), LOG.root(m), LOG.root(n)
    at = data.draw(st.integers(0, len(proof) - 1))
    lies = [
        (m, n, proof, FORGED, new),
        (m, n, proof, old, FORGED),
        (m, n, proof[:-1], old, new),
        (m, n, [*proof, FORGED], old, new),
        (m, n, [*proof[:at], FORGED, *proof[at + 1 :]], old, new),
        (n, m, proof, new, old),
        (m, n, [], old, new),
        (m, m, [], old, new),
        (m, n, proof, new, new),
        (0, n, [], old, new),
        (0, n, proof, old, new),
    ]
    assert [both_say_beginning(*lie) for lie in lies] == [False] * len(lies)


@pytest.mark.parametrize("changed_at", [0, 3, 255, 256, 599])
def test_rewritten_history_has_no_consistency_proof(changed_at):
    """The forger owns the whole new log and still cannot connect it to the old root."""
    forger = new_log(0)
    rewritten = leaves(1000)
    rewritten[changed_at] = FORGED
    forger.append(rewritten)
    proof = forger.consistency(600, 1000)
    assert not both_say_beginning(600, 1000, proof, LOG.root(600), forger.root())
    assert not both_say_beginning(
        600, 1000, LOG.consistency(600, 1000), LOG.root(600), forger.root()
    )
