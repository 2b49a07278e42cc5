"""Text from people: junk goes, writing stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.tables.text import clean_text, grapheme_count
from cityloop.kernel.errors import DomainError

FAMILY = "👨‍👩‍👧‍👦"


def clean(value: Any, **options: Any) -> str:
    return clean_text(value, **{"where": "title", "max_chars": 200, **options})


def code_of(value: Any, **options: Any) -> str:
    with pytest.raises(DomainError) as caught:
        clean(value, **options)
    assert caught.value.where == "title"
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    ["路灯不亮", "𠮷野家𪚥㐂〇𬱖", "\uf9d1", FAMILY + "🇨🇳", "e\u0301", "葛\U000e0100", "👍🏽", "❤️",
     "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "می\u200cخواهم"],
)  # fmt: skip
def test_writing_stays_as_written(text: str) -> None:
    remarks: list[str] = []
    assert clean(text, remarks=remarks) == text
    assert remarks == []


def test_outer_white_space_of_real_reports_goes() -> None:
    text = "\n\t\t\t\t\t\n\t\t\t\t\t\u3000\u3000书记您好，\n我是学生\t\n\t\t\t\t\t\n\t\t\t\t"
    assert clean(text, multiline=True) == "书记您好，\n我是学生"
    assert clean(text) == "书记您好， 我是学生"


def test_line_ends_become_one_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\x85e\x0bf", multiline=True) == "a\nb\nc\nd\ne\nf"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\0b", "text.control_character"),
        ("a\x1bb", "text.control_character"),
        ("a\x9fb", "text.control_character"),
        ("a\u202eb", "text.bidi_override"),
        ("a\u2066b", "text.bidi_override"),
        ("a\ud83db", "text.half_character"),
    ],
)
def test_dangerous_character_is_refused_by_api_and_dropped_by_import(text: str, code: str) -> None:
    assert code_of(text) == code
    remarks: list[str] = []
    assert clean(text, mode="import", remarks=remarks).replace("\ufffd", "") == "ab"
    assert len(remarks) == 1


def test_direction_marks_in_a_long_text_go_with_a_remark() -> None:
    remarks: list[str] = []
    text = clean("电话\u202a13800138000\u202c", multiline=True, remarks=remarks)
    assert (text, len(remarks)) == ("电话13800138000", 1)


@pytest.mark.parametrize(
    "text",
    [
        "张\u200b三",
        "张\u200d三",
        "\ufeff张三",
        "张三\u2060",
        "张\u00ad三",
        "张三\U000e0041\U000e0042",
    ],
)
def test_invisible_junk_goes_with_a_remark(text: str) -> None:
    remarks: list[str] = []
    assert clean(text, remarks=remarks) == "张三"
    assert remarks == ["title: invisible characters taken out"]


def test_private_use_characters_stay_with_a_remark() -> None:
    remarks: list[str] = []
    assert clean("张\ue78d", remarks=remarks) == "张\ue78d"
    assert "private-use" in remarks[0]


def test_length_is_counted_after_cleaning() -> None:
    assert clean(" \u200b12345 ", max_chars=5) == "12345"
    assert code_of("123456", max_chars=5) == "text.too_long"


def test_length_by_grapheme_counts_what_a_reader_sees() -> None:
    text = FAMILY * 3 + "🇨🇳🇫🇷" + "e\u0301"
    assert grapheme_count(text) == 6
    assert clean(text, max_chars=6, by_grapheme=True) == text
    assert code_of(text, max_chars=6) == "text.too_long"


def test_what_is_no_text_is_refused() -> None:
    for value in (None, 7, b"a", ["a"]):
        assert code_of(value) == "text.not_text"


@given(st.text(st.characters(exclude_categories=[])), st.booleans())
def test_import_never_refuses_and_cleaning_twice_changes_nothing(text: str, lines: bool) -> None:
    once = clean(text, mode="import", max_chars=10_000, multiline=lines)
    assert clean(once, mode="import", max_chars=10_000, multiline=lines) == once
    assert clean(once, mode="api", max_chars=10_000, multiline=lines) == once
    once.encode("utf-8")
    assert "\0" not in once
