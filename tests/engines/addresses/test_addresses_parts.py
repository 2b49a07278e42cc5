"""Addresses taken apart, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.addresses import Number, house_number, parse, plain, sound_of, stem_of


@pytest.mark.parametrize(
    ("text", "names", "numbers"),
    [
        ("和平路12号永安里小区三号楼门口", ["和平路", "永安里小区"],
         [("12", "house", 0), ("3", "building", 1)]),
        ("丽发新城二期17栋3单元", ["丽发新城2期"], [("17", "building", 0), ("3", "inside", 0)]),
        ("洪山路１８８號", ["洪山路"], [("188", "house", 0)]),
        ("嘉熙国际中心A座", ["嘉熙国际中心"], [("a", "building", 0)]),
        ("景城御苑1#", ["景城御苑"], [("1", "building", 0)]),
        ("营盘路279-3号附近", ["营盘路"], [("279-3", "house", 0)]),
        ("No. 12 Heping Road", ["heping road"], [("12", "house", 0)]),
        ("12 Heping Rd, Building 3", ["heping rd"], [("12", "house", 0), ("3", "building", 0)]),
        ("hepingli 3", ["hepingli"], [("3", "building", 0)]),
        # as citizens wrote them: letters, 号栋, rooms and floors, a day
        ("米兰春天G2栋320", ["米兰春天"], [("g2", "building", 0), ("320", "inside", 0)]),
        ("星河湾2号栋三楼", ["星河湾"], [("2", "building", 0)]),
        ("东风二村四栋206号房", ["东风二村"], [("4", "building", 0), ("206", "inside", 0)]),
        ("泰禹家园一期4栋305房", ["泰禹家园1期"], [("4", "building", 0), ("305", "inside", 0)]),
        ("蔡锷中路48号永华大厦7楼", ["蔡锷中路", "永华大厦"],
         [("48", "house", 0), ("7", "inside", 1)]),
        ("德馨园小区D区3栋", ["德馨园小区d区"], [("3", "building", 0)]),
        ("永安里小区2号门", ["永安里小区"], [("2", "inside", 0)]),
        ("8.10号", ["8.10号"], []),
        ("路口镇", ["路口镇"], []),
        ("南门口地铁站", ["南门口地铁站"], []),
        ("一米阳光影楼", ["一米阳光影楼"], []),
        # and in the lists of two American cities
        ("500 E 35TH ST, BALTIMORE, MD, 21218", ["e 35th st"], [("500", "house", 0)]),
        ("580 47TH ST, BALTIMORE, MD", ["47th st"], [("580", "house", 0)]),
        ("1900 BLOCK OF PENNSYLVANIA AVE", ["pennsylvania ave"], []),
        ("133 AVENUE", ["133 avenue"], []),
        ("304 ST JOHNS PLACE", ["st johns place"], [("304", "house", 0)]),
        ("3016 THORNDALE AVE, BC", ["thorndale ave"], [("3016", "house", 0)]),
        ("508 S HANOVER ST, Baltimore City, 21201", ["s hanover st"], [("508", "house", 0)]),
        ("三里屯", ["三里屯"], []),
        ("五一路", ["五一路"], []),
        ("东四路", ["东四路"], []),
        ("地铁1号线", ["地铁1号线"], []),
        ("5月10号", ["5月10号"], []),
        ("门口", [], []),
        ("", [], []),
    ],
)  # fmt: skip
def test_address_becomes_names_and_numbers(
    text: str, names: list[str], numbers: list[tuple[str, str, int]]
) -> None:
    parts = parse(text)
    assert list(parts.names) == names
    assert list(parts.numbers) == [Number(*n) for n in numbers]


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_and_numbers_belong_to_names(text: str) -> None:
    parts = parse(text)
    assert all(0 <= n.name < max(len(parts.names), 1) for n in parts.numbers)
    assert all(name.strip() for name in parts.names)


@given(st.integers(0, 199))
def test_chinese_numerals_are_read_as_their_digits(value: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    if value >= 100:
        text = digits[hundreds] + "百"
        text += f"{digits[tens]}十" if tens else ("零" if ones else "")
    else:
        text = (digits[tens] if tens > 1 else "") + "十" if tens else ""
    text += digits[ones] if ones or not value else ""
    assert house_number(text) == str(value)
    assert house_number(f"{value:04d}") == str(value)


def test_a_registered_name_gives_the_name_and_its_number() -> None:
    assert stem_of("永安里小区3号楼") == ("永安里小区", Number("3", "building", 0))
    assert stem_of("和平路12号") == ("和平路", Number("12", "house", 0))
    assert stem_of("三一大道") == ("三一大道", None)
    assert stem_of("第103医院") == ("第103医院", None)


def test_two_buildings_of_one_name_are_neither() -> None:
    assert parse("楚府华城14栋、9栋").number_of(0) is None
    assert parse("楚府华城25号2栋").number_of(0) == Number("2", "building", 0)


def test_plain_text_has_one_width_case_and_script() -> None:
    assert plain("和平路１２號Ａ座　蘭園") == "和平路12号a座 兰园"


def test_sounds_are_read_by_phrases() -> None:
    assert sound_of("重庆路") == "chong qing lu"
    assert sound_of("abc 3") == ""


@pytest.mark.parametrize(
    ("text", "names", "second"),
    [
        ("和平路与建设街交叉口", ("和平路", "建设街"), 1),
        ("和平路建设街路口东北角", ("和平路", "建设街"), 1),
        ("和平路/建设街", ("和平路", "建设街"), 1),
        ("春华街道和平路与建设街口", ("春华街道和平路", "建设街"), 1),
        ("和平路與建設街路口往东100米", ("和平路", "建设街"), 1),
        ("corner of Heping Rd and Jianshe St", ("heping rd", "jianshe st"), 1),
        ("竹塘西路—新姚路交叉口", ("竹塘西路", "新姚路"), 1),
        ("和平路与建设街交会处以北", ("和平路", "建设街"), 1),
        ("NORTHWOOD DR &E NORTHERN PKWY", ("northwood dr", "e northern pkwy"), 1),
        ("AVENUE L & UTICA AVENUE", ("avenue l", "utica avenue"), 1),
        ("E 25TH ST & HARGROVE AL, Baltimore, MD, 21218", ("e 25th st", "hargrove al"), 1),
        ("133 AVENUE & 231 STREET", ("133 avenue", "231 street"), 1),
        ("GUILFORD AVE & I 83 S, BALTIMORE, MD, 21202", ("guilford ave", "i 83 s"), 1),
        ("和平路口", ("和平路",), None),
        ("建设街和平路小学", ("建设街和平路小学",), None),
        ("春华街道与社区", ("春华街道与社区",), None),
    ],
)
def test_two_roads_that_cross_are_two_names(
    text: str, names: tuple[str, ...], second: int | None
) -> None:
    parts = parse(text)
    assert (parts.names, parts.crossing and parts.crossing[0]) == (names, second)


@pytest.mark.parametrize(
    "text",
    [
        "和平路至建设街路段",
        "从和平路到建设街",
        "德雅路(和平路口--建设街路口)",
        "永安里小区与清和花园之间",
    ],
)
def test_from_here_to_there_is_a_stretch_and_no_point(text: str) -> None:
    assert parse(text).is_stretch
    assert not parse("和平路与建设街交叉口").is_stretch
