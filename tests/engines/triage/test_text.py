from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.triage.text import BODY_CHARACTERS, TITLE_CHARACTERS, normalised, segments_of
from cityloop.kernel.errors import DomainError

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＢＣ！　１２３", "abc! 0"),
        ("在A3区人民路12号", "在◇人民路0号"),
        ("A市B县C街道", "◇◇◇道"),
        ("The  Street\n\nLight 42 is OUT", "the street light 0 is out"),
        ("水管 爆裂 leak 严重", "水管爆裂leak严重"),
        ("用户U0007047反映", "用户u0反映"),
        ("vitamin b区", "vitamin ◇"),
        ("abc区 12区", "abc区0区"),
        ("a\x00b", "a b"),
        ("", ""),
        ("𠀀𪚥😀", "𠀀𪚥😀"),
    ],
)
def test_normalised_text_is_as_documented(written: str, read: str) -> None:
    assert normalised(written) == read


def test_lone_surrogate_is_read_without_error() -> None:
    assert normalised("坏\ud800路") == "坏?路".replace("?", normalised("\ud800"))


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=6))
def test_text_in_a_batch_is_read_as_alone(pairs: list[tuple[str, str]]) -> None:
    batch = segments_of([title for title, _ in pairs], [body for _, body in pairs])
    for index, (title, body) in enumerate(pairs):
        alone = segments_of([title], [body])
        mine = batch.segment >> 1 == index
        assert batch.codes[mine].tolist() == alone.codes.tolist()
        assert (batch.segment[mine] - 2 * index).tolist() == alone.segment.tolist()


def test_long_text_is_read_to_its_limit() -> None:
    segments = segments_of(["题" * 5_000], ["文" * 10_000_000])
    assert (segments.segment == 0).sum() == TITLE_CHARACTERS
    assert (segments.segment == 1).sum() == BODY_CHARACTERS


@pytest.mark.parametrize("value", [None, 3, b"x"])
def test_value_that_is_not_text_is_refused(value: object) -> None:
    with pytest.raises(DomainError) as refused:
        segments_of(["", ""], ["好", value])  # type: ignore[list-item]
    assert (refused.value.code, refused.value.where) == ("triage.not_text", "1")


def test_missing_title_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        segments_of([], ["好"])
    assert refused.value.code == "triage.lengths"
