"""Nothing small is published, and nothing small can be worked out from what is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.hub.openfigures.domain import median_or_none, published, published_share, rounded

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)


@given(COUNTS, st.integers(0, 12), st.integers(1, 10))
def test_no_published_number_is_small_nor_what_is_left_when_shown_ones_are_taken_away(
    counts: dict[str, int], rest: int, minimum: int
) -> None:
    whole = sum(counts.values()) + rest
    table = published(counts, whole=whole, minimum=minimum)
    if table.whole is None:
        assert whole < minimum
        assert (table.shown, table.other) == ({}, None)
        return
    said = [table.whole, *table.shown.values(), *([table.other] if table.other else [])]
    assert all(n >= minimum and n % minimum == 0 for n in said)
    assert all(table.shown[key] == rounded(counts[key], minimum) for key in table.shown)
    hidden = whole - sum(counts[key] for key in table.shown)
    assert hidden == 0 or hidden >= minimum
    assert (table.other is None) == (hidden == 0)


@given(COUNTS, st.integers(0, 12), st.integers(1, 10))
def test_a_group_is_hidden_only_where_it_must_be(
    counts: dict[str, int], rest: int, minimum: int
) -> None:
    whole = sum(counts.values()) + rest
    table = published(counts, whole=whole, minimum=minimum)
    small = rest + sum(n for n in counts.values() if n < minimum)
    if whole >= minimum and (small == 0 or small >= minimum):
        assert set(table.shown) == {key for key, n in counts.items() if n >= minimum}


def tables(columns: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every row of so many counts whose sum is at most `most`."""
    if not columns:
        yield ()
        return
    for n in range(most + 1):
        for row in tables(columns - 1, most - n):
            yield (n, *row)


@pytest.mark.parametrize(
    ("groups", "has_rest", "minimum"),
    [(1, True, 5), (2, False, 5), (2, True, 5), (3, False, 5), (3, True, 3), (4, False, 3)],
)
def test_who_knows_the_rule_cannot_work_out_a_small_count_either(
    groups: int, has_rest: bool, minimum: int
) -> None:
    """All tables up to a size: what is published fits several of them, for each small group."""
    most = 5 * minimum
    by_answer: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for row in tables(groups + has_rest, most):
        counts = dict(zip("abcd", row[:groups], strict=False))
        table = published(counts, whole=sum(row), minimum=minimum)
        by_answer[table.whole, tuple(sorted(table.shown.items())), table.other].append(row)
    for said, rows in by_answer.items():
        if max(map(sum, rows)) > most - minimum:  # some rows that fit are larger than these
            continue
        for column in range(groups):
            values = {row[column] for row in rows}
            assert len(values) > 1 or min(values) >= minimum or values == {0}, (said, rows)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 8))
def test_a_rate_never_tells_how_many_few_people_said_no_or_yes(
    part: int, no: int, minimum: int
) -> None:
    whole = part + no
    told = published_share(part, whole, minimum=minimum)
    if whole < 2 * minimum:
        assert told is None
        return
    assert told is not None
    for few in range(minimum):
        if no < minimum:
            assert told == published_share(whole - few, whole, minimum=minimum)
        if part < minimum:
            assert told == published_share(few, whole, minimum=minimum)
    if told.bound == "exact":
        assert part >= minimum
        assert no >= minimum
        assert told.value == round(part / whole, 2)
    if told.bound == "at_least":
        assert told.value <= part / whole
    if told.bound == "at_most":
        assert told.value >= part / whole


def test_a_median_of_few_is_nearly_one_persons_and_is_not_published() -> None:
    assert median_or_none([1.0] * 9, minimum=5) is None
    assert median_or_none([*range(10)], minimum=5) == 4.5
