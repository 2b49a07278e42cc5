"""How a place lies to the one that is named: read as it was said, used as far as it goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.addresses import parse, relation_after
from cityloop.engines.addresses.relations import FARTHEST_M, REACH_M, Relation


@pytest.mark.parametrize(
    ("text", "name", "kind", "bearing", "metres"),
    [
        ("永安里小区对面", "永安里小区", "opposite", None, None),
        ("永安里小区3号楼斜对面", "永安里小区", "opposite", None, None),
        ("保利花园三期对面的工地", "保利花园3期", "opposite", None, None),
        ("东山医院旁边", "东山医院", "beside", None, None),
        ("东山医院旁", "东山医院", "beside", None, None),
        ("东山医院附近", "东山医院", "near", None, None),
        ("东山医院附近200米", "东山医院", "near", None, 200),
        ("东山医院以北50米", "东山医院", "away", 0, 50),
        ("东山医院往东约一百五十米处", "东山医院", "away", 90, 150),
        ("和平路12号西南方向1.5公里", "和平路", "away", 225, 1500),
        ("和平路与建设街路口东北角", "建设街", "side", 45, None),
        ("永安里小区西侧", "永安里小区", "side", 270, None),
        ("永安里小区东门旁边", "永安里小区", "side", 90, None),
        ("永安里小区北门前面那片空地", "永安里小区", "side", 0, None),
        ("永安里小区南大门", "永安里小区", "side", 180, None),
        ("永安里小区门口", "永安里小区", "at", None, None),
        ("和平路对面", "和平路", "opposite", None, None),
        ("opposite Dongshan Hospital", "dongshan hospital", "opposite", None, None),
        ("next to the Dongshan Hospital", "dongshan hospital", "beside", None, None),
        ("50 m north of Dongshan Hospital", "dongshan hospital", "away", 0, 50),
        ("100 feet south-west of 12 Heping Rd", "heping rd", "away", 225, 30.48),
        ("on the east side of Dongshan Hospital", "dongshan hospital", "side", 90, None),
        ("in front of 12 Heping Road", "heping road", "beside", None, None),
    ],
)  # fmt: skip
def test_relation_is_read_with_the_name_it_is_said_of(
    text: str, name: str, kind: str, bearing: float | None, metres: float | None
) -> None:
    parts = parse(text)
    place = parts.names.index(name)
    said = parts.relations[place]
    assert (said.kind, said.bearing) == (kind, bearing)
    assert said.metres == (None if metres is None else pytest.approx(metres))


@pytest.mark.parametrize(
    "text",
    [
        "前门大街",
        "永安里",
        "内环路",
        "东方红路",
        "北方医院",
        "对面山路",
        "东门街",
        "三里屯",
        "东四路",
    ],
)
def test_names_that_hold_such_words_are_left_whole(text: str) -> None:
    parts = parse(text)
    assert (parts.names, parts.relations) == ((text,), {})


def test_what_lies_there_is_told_from_where_it_lies() -> None:
    parts = parse("永安里小区对面的工地")
    assert (parts.names, parts.aside) == (("永安里小区", "工地"), {1})
    english = parse("rubbish heap opposite Dongshan Hospital")
    assert (english.names, english.aside) == (("rubbish heap", "dongshan hospital"), {0})
    assert parse("12 Heping Rd, near Dongshan Hospital").aside == frozenset()


def test_distance_moves_a_direction_leans_and_the_circle_holds_the_doubt() -> None:
    away = Relation("away", "以北50米", 0.0, 50.0).offset("building")
    assert away == pytest.approx((0, 50, REACH_M["building"] + 37.5))
    assert Relation("side", "东侧", 90.0).offset("compound") == pytest.approx((60, 0, 120))
    assert Relation("opposite", "对面").offset("poi") == pytest.approx((0, 0, 110))
    assert Relation("opposite", "对面").offset("street") is None, "a street is no point"
    assert Relation("away", "以北2公里", 0.0, 2 * FARTHEST_M).is_too_far


@given(st.text(alphabet="东南西北侧面边角以往旁对前后门口附近的一百50米公里m处 ", max_size=12))
def test_any_words_behind_a_name_are_read_without_error(text: str) -> None:
    said = relation_after(text)
    assert said is None or said.words in text
    assert all(n.name < max(len(parse(f"永安里{text}").names), 1) for n in parse(text).numbers)
