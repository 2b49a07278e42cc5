"""Mistakes counted: the bits against the table, and what sounds right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.addresses import Name, asked_name, likeness
from cityloop.engines.addresses.edits import edits, heard_edits

words = st.text("abcd", min_size=1, max_size=9)


def table(asked: str, name: str) -> list[int]:
    """Optimal string alignment, as the textbook fills it."""
    rows = [list(range(len(name) + 1))]
    for i, a in enumerate(asked, 1):
        row = [i]
        for j, b in enumerate(name, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == name[j - 2] and asked[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1]


@given(words, words)
def test_bits_count_what_the_table_counts(asked: str, name: str) -> None:
    assert edits(asked, name) == table(asked, name)


@given(words, words)
def test_mistakes_heard_alike_count_less_never_more(asked: str, name: str) -> None:
    silent = (asked, tuple(asked), tuple(asked))
    plain = heard_edits(silent, (name, tuple(name), tuple(name)))
    assert plain == table(asked, name)
    blurred = heard_edits((asked, tuple(asked), ("x",) * len(asked)),
                          (name, tuple(name), ("x",) * len(name)))  # fmt: skip
    assert all(b <= p for b, p in zip(blurred, plain, strict=True))


def test_a_character_that_sounds_right_is_the_smaller_mistake() -> None:
    name = Name("永安里小区", "", "yong an li xiao qu")
    sounds, looks = (
        likeness(asked_name("勇安里小区"), name),
        likeness(asked_name("月安里小区"), name),
    )
    assert 0.9 < sounds < 1
    assert 0.7 < looks < sounds
