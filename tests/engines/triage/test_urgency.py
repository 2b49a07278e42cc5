from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.triage.urgency import LEVELS, DangerWords, Urgency, urgency_of

WORDS = {
    "emergency": ["着火", "爆炸", "fire"],
    "urgent": ["停电", "受伤", "injured"],
    "none": ["火车"],
}


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("楼道着火了，已经停电", "emergency", ("着火",)),
        ("小区停电两天", "urgent", ("停电",)),
        ("没有人受伤", "normal", ()),
        ("为防止着火请清理，昨天有人受伤", "urgent", ("受伤",)),
        ("没有办法，着火了", "emergency", ("着火",)),
        ("There is a FIRE on the stairs", "emergency", ("fire",)),
        ("He was fired without notice", "normal", ()),
        ("no one was injured", "normal", ()),
        ("路灯不亮", "normal", ()),
        ("一旦起火后果严重，着火怎么办", "urgent", ("着火",)),
        ("经常停电", "normal", ()),
        ("存在着火隐患", "urgent", ("着火",)),
        ("以前停电，今天着火", "emergency", ("着火",)),
        ("If there were a fire, who would come?", "urgent", ("fire",)),
        ("火车站着火了", "emergency", ("着火",)),
        ("火车站看着火车", "normal", ()),
        ("紧急！！！十万火急！！气死我了，要投诉到底！！！", "normal", ()),
        ("URGENT!!! THIS IS AN OUTRAGE!!!", "normal", ()),
    ],
)
def test_words_raise_the_level_unless_denied(text: str, level: str, words: tuple[str, ...]) -> None:
    assert urgency_of("", text, WORDS) == Urgency(level, words)


def test_class_is_the_floor_and_the_title_counts() -> None:
    assert urgency_of("", "路灯不亮", WORDS, floor="urgent") == Urgency("urgent")
    assert urgency_of("停电", "", WORDS, floor="emergency") == Urgency("emergency", ("停电",))
    assert urgency_of("燃气爆炸", "求助", WORDS).level == "emergency"


@given(st.text(max_size=60), st.text(max_size=200), st.sampled_from(LEVELS))
def test_any_text_has_a_level_not_below_its_class(title: str, text: str, floor: str) -> None:
    found = urgency_of(title, text, WORDS, floor=floor)
    assert LEVELS.index(found.level) >= LEVELS.index(floor)


def test_many_at_once_are_read_like_one_by_one() -> None:
    titles = ["停电", "", "路灯", "\ud800"]
    texts = ["", "楼道着火了", "没有人受伤", "井盖\ud800冒烟"]
    alone = [urgency_of(t, x, WORDS) for t, x in zip(titles, texts, strict=True)]
    assert DangerWords(WORDS).levels(titles, texts) == alone
    assert [u.level for u in alone[:3]] == ["urgent", "emergency", "normal"]
    assert DangerWords({}).levels(["着火"], [""]) == [Urgency("normal")]
