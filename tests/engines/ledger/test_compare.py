"""Changed rows and changed tiles are found and named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.ledger.ledger_samples import checkpoint, leaves, new_log

from cityloop.engines.ledger import Comparison, MemoryStore, check_tiles, compare, leaf_hash
from cityloop.kernel.errors import DomainError

SIZE = 2000
LEAVES = leaves(SIZE)
LOG = new_log(SIZE)
SIGNED = [checkpoint(LOG, size) for size in (1, 500, 1024, SIZE)]
FORGED = leaf_hash(b"forged")

Rows = list[tuple[int, bytes]]


def rows() -> Rows:
    return list(enumerate(LEAVES))


def renumbered(hashes: list[bytes]) -> Rows:
    return list(enumerate(hashes))


def store_copy() -> MemoryStore:
    return MemoryStore([(level, i, data) for (level, i), data in LOG.store.tiles.items()])


def run(
    given_rows: Rows | Iterator[tuple[int, bytes]], store: MemoryStore | None = None
) -> Comparison:
    return compare(given_rows, store or LOG.store, SIZE, SIGNED)


def named(result: Comparison) -> list[tuple[int, int, str]]:
    return [(found.index, found.last, found.kind) for found in result.findings]


def test_untouched_log_is_clean_and_proven_to_the_last_checkpoint():
    assert run(iter(rows())) == Comparison([], SIZE, SIZE, SIZE)


def test_entries_behind_the_last_checkpoint_are_clean_but_not_proven():
    result = compare(rows(), LOG.store, SIZE, SIGNED[:2])
    assert (result.findings, result.proven) == ([], 500)


def test_altered_rows_are_named():
    changed = rows()
    changed[0], changed[777], changed[1999] = (0, FORGED), (777, leaf_hash(b"x")), (1999, FORGED)
    assert named(run(changed)) == [(i, i, "altered") for i in (0, 777, 1999)]


def test_removed_rows_are_named_as_gaps():
    kept = [row for row in rows() if row[0] not in {3, 700, 701, 702, 1999}]
    assert named(run(kept)) == [(3, 3, "removed"), (700, 702, "removed"), (1999, 1999, "removed")]


def test_all_rows_removed_is_one_finding():
    assert named(run([])) == [(0, SIZE - 1, "removed")]


def test_whole_tiles_of_rows_removed_are_one_finding():
    assert named(run(rows()[:100] + rows()[1500:])) == [(100, 1499, "removed")]


def test_row_removed_and_the_rest_renumbered_names_the_row():
    result = run(renumbered(LEAVES[:700] + LEAVES[701:]))
    assert named(result) == [(700, 700, "removed"), (700, 1998, "reordered")]


def test_row_inserted_and_the_rest_renumbered_names_the_row():
    result = run(renumbered([*LEAVES[:700], FORGED, *LEAVES[700:]]))
    assert named(result) == [
        (700, 700, "inserted"),
        (701, 1999, "reordered"),
        (2000, 2000, "reordered"),
    ]


def test_row_inserted_under_a_used_number_is_named():
    changed = rows()
    changed.insert(10, (10, FORGED))
    changed.append((SIZE, leaf_hash(b"new")))
    changed.insert(0, (-1, leaf_hash(b"old")))
    assert named(run(changed)) == [(i, i, "inserted") for i in (-1, 10, SIZE)]


def test_swapped_rows_near_and_far_are_named_with_their_home():
    changed = rows()
    changed[5], changed[6] = (5, LEAVES[6]), (6, LEAVES[5])
    changed[20], changed[1900] = (20, LEAVES[1900]), (1900, LEAVES[20])
    result = run(changed)
    assert named(result) == [(i, i, "reordered") for i in (5, 6, 20, 1900)]
    assert [found.detail for found in result.findings if found.index == 20] == [
        "Row 20 holds what was logged as 1900 (+1880)."
    ]


def test_row_overwritten_with_a_copy_is_altered_and_a_second_copy_is_inserted():
    changed = rows()
    changed[5] = (5, LEAVES[1234])
    changed.insert(9, (8, LEAVES[2]))
    result = run(changed)
    assert named(result) == [(5, 5, "altered"), (8, 8, "inserted")]
    assert "copy of entry 1234" in result.findings[0].detail


def test_more_strangers_than_the_limit_are_counted():
    changed = [(i, leaf_hash(b"x%d" % i)) for i in range(SIZE)]
    result = compare(changed, LOG.store, SIZE, SIGNED, limit=10)
    assert named(result)[-1] == (10, SIZE - 1, "unlisted")
    assert [kind for _, _, kind in named(result)].count("altered") == 10
    assert "1990 more rows" in result.findings[-1].detail


def test_rows_out_of_order_are_refused():
    for bad in ([(5, LEAVES[5]), (4, LEAVES[4])], [(300, LEAVES[300]), (4, LEAVES[4])]):
        with pytest.raises(DomainError, match=r"ledger\.rows_unsorted"):
            run(bad)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_edit_of_rows_is_found_and_a_clean_row_is_never_blamed(data):
    changed = dict(rows())
    touched = set()
    for _ in range(data.draw(st.integers(1, 5))):
        index = data.draw(st.integers(0, SIZE - 1))
        touched.add(index)
        if data.draw(st.booleans()):
            changed.pop(index, None)
        else:
            changed[index] = leaf_hash(b"edit %d" % index)
    result = run(sorted(changed.items()))
    blamed = {i for found in result.findings for i in range(found.index, found.last + 1)}
    assert blamed == touched


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(40)), st.integers(0, SIZE - 40))
def test_any_permutation_of_rows_is_reordered_only(order, start):
    changed = rows()
    for at, home in enumerate(order):
        changed[start + at] = (start + at, LEAVES[start + home])
    result = run(changed)
    moved = {start + at for at, home in enumerate(order) if at != home}
    blamed = {i for found in result.findings for i in range(found.index, found.last + 1)}
    assert blamed == moved
    assert {found.kind for found in result.findings} <= {"reordered"}


# --- tiles -------------------------------------------------------------------------------------


def with_hash(data: bytes, slot: int, value: bytes = FORGED) -> bytes:
    return data[: slot * 32] + value + data[slot * 32 + 32 :]


def test_changed_leaf_tile_is_named_and_the_rows_are_cleared():
    store = store_copy()
    store.tiles[0, 2] = with_hash(store.tiles[0, 2], 7)
    assert named(run(rows(), store)) == [(512, 767, "tile")]


def test_changed_edge_tile_is_named_and_the_rows_are_cleared():
    store = store_copy()
    store.tiles[0, 7] = with_hash(store.tiles[0, 7], 7)
    assert named(run(rows(), store)) == [(1792, 1999, "tile")]


def test_missing_leaf_tile_is_named_and_can_be_rebuilt_from_rows():
    store = store_copy()
    del store.tiles[0, 3]
    result = run(rows(), store)
    assert named(result) == [(768, 1023, "tile")]
    assert "rebuild" in result.findings[0].detail


def test_changed_upper_tile_is_named_and_the_leaves_stay_proven():
    store = store_copy()
    store.tiles[1, 0] = with_hash(store.tiles[1, 0], 3)
    result = run(rows(), store)
    assert (named(result), result.proven) == ([(0, 1791, "tile")], SIZE)


def test_missing_upper_tile_is_named():
    store = store_copy()
    del store.tiles[1, 0]
    assert named(run(rows(), store)) == [(0, 1791, "tile")]


def test_row_and_its_tile_changed_together_is_found_by_the_tile_above():
    store, changed = store_copy(), rows()
    store.tiles[0, 2], changed[519] = with_hash(store.tiles[0, 2], 7), (519, FORGED)
    assert named(run(changed, store)) == [(500, 1023, "root"), (512, 767, "tile")]


def test_row_and_all_tiles_rewritten_is_found_by_the_signed_root():
    forger = new_log(0)
    forger.append([*LEAVES[:519], FORGED, *LEAVES[520:]])
    changed = rows()
    changed[519] = (519, FORGED)
    result = run(changed, forger.store)
    assert (named(result), result.proven) == ([(500, 1023, "root")], 500)


def test_all_tiles_rewritten_but_not_the_rows_clears_the_rows():
    forger = new_log(0)
    forger.append([*LEAVES[:519], FORGED, *LEAVES[520:]])
    result = run(rows(), forger.store)
    assert {kind for _, _, kind in named(result)} == {"tile"}
    assert result.proven == SIZE


def test_tile_changed_here_and_row_changed_there_are_both_named():
    store, changed = store_copy(), rows()
    store.tiles[0, 2] = with_hash(store.tiles[0, 2], 7)
    changed[100] = (100, FORGED)
    assert named(run(changed, store)) == [(100, 100, "altered"), (512, 767, "tile")]


def test_log_cut_behind_a_checkpoint_is_found():
    result = compare(rows()[:1500], LOG.store, 1500, SIGNED)
    assert named(result) == [(1500, 1999, "cut")]


def test_cut_upper_tile_is_named_although_nobody_signed_yet():
    store = store_copy()
    store.tiles[1, 0] = store.tiles[1, 0][: 3 * 32]
    result = compare(rows(), store, SIZE, [])
    assert (named(result), result.proven) == ([(0, 1791, "tile")], 0)


# three levels: 66,000 entries are 257 full tiles of leaves, one full tile above them, one on top
LARGE = 66_000
LARGE_LEAVES = leaves(LARGE)


def large_run(key: tuple[int, int], slot: int) -> Comparison:
    log = new_log(LARGE)
    signed = [checkpoint(log)]
    log.store.tiles[key] = with_hash(log.store.tiles[key], slot)
    return compare(enumerate(LARGE_LEAVES), log.store, LARGE, signed)


def test_changed_top_tile_of_large_log_is_named():
    assert named(large_run((2, 0), 0)) == [(0, 65_535, "tile")]


def test_changed_middle_tile_of_large_log_is_named_once():
    assert named(large_run((1, 0), 200)) == [(0, 65_535, "tile")]


def test_changed_leaf_tile_of_large_log_is_named_once_and_not_on_the_levels_above():
    assert named(large_run((0, 5), 9)) == [(1280, 1535, "tile")]


def test_changed_leaf_tile_of_large_log_without_rows_to_mend_it_is_named_once():
    log = new_log(LARGE)
    signed = [checkpoint(log)]
    log.store.tiles[0, 5] = with_hash(log.store.tiles[0, 5], 9)
    result = check_tiles(log.store, LARGE, signed)
    kinds = [(found.index, found.last, found.kind) for found in result.findings]
    assert kinds == [(1280, 1535, "tile"), (0, LARGE - 1, "root")]
