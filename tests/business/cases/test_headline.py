import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.business.cases.domain.headline import MOST, headline


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("路灯坏了", "路灯坏了"),
        ("尊敬的胡书记:您好!几年前,门前的路就没有人修过。盼回复", "几年前,门前的路就没有人修过"),
        ("您好！打扰您了！在雅礼中学旁边，每天晚上施工到凌晨三点钟左右，轰隆隆的噪音扰民，造成孩子不能安心学习",
         "在雅礼中学旁边，每天晚上施工到凌晨三点钟左右，轰隆隆的噪音扰民…"),
        ("井盖没了\n\n谁来管", "井盖没了 谁来管"),
        ("Dear Sir or Madam, the street lamp at 12 High Street has been out for a week.",
         "the street lamp at 12 High Street has…"),
        ("您好", "您好"),
        ("好" * 90, "好" * 39 + "…"),
        ("", ""),
    ],
)  # fmt: skip
def test_headline_is_the_first_sentence_without_greetings(text: str, line: str) -> None:
    assert headline(text) == line


@given(st.text(max_size=300))
def test_headline_is_short_and_there_when_there_is_text(text: str) -> None:
    line = headline(text)
    assert len(line) <= MOST
    assert bool(line) == bool(text.strip())
    assert "\n" not in line
