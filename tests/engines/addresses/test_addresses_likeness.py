"""A searched name and a registered one: terms that meet, and how alike they are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.addresses import Name, asked_name, asked_terms, likeness, name_terms, sound_of

HANZI = "永安里清和花园金桂苑建设大街东山医院春华望江泉岭溪汀洲"
names = st.lists(st.sampled_from(HANZI), min_size=3, max_size=8).map("".join)


def made(zh: str, en: str = "") -> Name:
    return Name(zh, en, sound_of(zh))


def meets(asked: str, name: Name) -> bool:
    terms = set(name_terms(name.zh, name.sound, name.en))
    steps = asked_terms(asked, sound_of(asked))
    return any(terms.issuperset(group) for step in steps for group in step)


@given(names)
def test_a_name_is_itself_and_any_beginning_of_it_is_found(zh: str) -> None:
    name = made(zh)
    assert likeness(asked_name(zh), name) == 1.0
    for length in range(2, len(zh) + 1):
        assert meets(zh[:length], name)
        assert likeness(asked_name(zh[:length]), name) > 0.6


@given(names.filter(lambda n: len(n) > 3), st.randoms(use_true_random=False))
def test_one_wrong_missing_or_added_character_still_meets(zh: str, dice: random.Random) -> None:
    at = dice.randrange(len(zh))
    name = made(zh)
    for asked in (zh[:at] + "魔" + zh[at + 1 :], zh[:at] + zh[at + 1 :], zh[:at] + "魔" + zh[at:]):
        assert meets(asked, name), asked
        assert likeness(asked_name(asked), name) > 0.5, asked


@given(names, names)
def test_likeness_lies_between_nothing_and_the_same(one: str, two: str) -> None:
    assert 0.0 <= likeness(asked_name(one), made(two)) <= 1.0


@pytest.mark.parametrize("asked", ["yonganlixiaoqu", "yonganli", "yong an li", "yal", "yonagnli"])
def test_pinyin_initials_and_a_slip_of_the_finger_meet(asked: str) -> None:
    assert meets(asked, made("永安里小区"))
    assert likeness(asked_name(asked), made("永安里小区")) > 0.55


def test_what_sounds_right_is_liker_than_what_does_not() -> None:
    name = made("永安里小区")
    alike = [likeness(asked_name(q), name) for q in ("永安里小区", "勇安里小区", "魔安里小区")]
    assert alike == sorted(alike, reverse=True)
    assert len(set(alike)) == 3


def test_other_names_are_not_alike() -> None:
    assert likeness(asked_name("和平路"), made("永安里小区")) < 0.2
    assert likeness(asked_name("banana"), made("永安里小区")) < 0.35
