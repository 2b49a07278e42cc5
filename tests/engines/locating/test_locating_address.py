"""Place words in free text: found, weighed, and left to a person when unsure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.district import District, generate
from cityloop.engines.locating import Gazetteer
from cityloop.kernel.errors import DomainError

PARENTS = {11: 1, 12: 1, 111: 11, 112: 11, 121: 12}
ENTRIES = [
    ("春华街道", "subdistrict", 1, 116.90, 39.10),
    ("永宁社区", "community", 11, 116.91, 39.10),
    ("清溪社区", "community", 12, 116.95, 39.10),
    ("永安里小区", "compound", 111, 116.911, 39.101),
    ("永安里小区3号楼", "building", 111, 116.9111, 39.1011),
    ("永安里小区12号楼", "building", 112, 116.9112, 39.1012),
    ("金桂园", "compound", 121, 116.951, 39.101),
    ("金桂园", "compound", 112, 116.912, 39.102),
    ("幸福路", "street", 11, 116.913, 39.10),
    ("幸福路", "street", 12, 116.953, 39.10),
    ("永宁大街", "street", 11, 116.914, 39.10),
    ("永宁大街/幸福路", "junction", 112, 116.915, 39.10),
    ("N Main Street", "street", 11, 116.916, 39.1),
    ("3rd Avenue", "street", 12, 116.95, 39.1),
    ("N Main Street/3rd Avenue", "junction", 111, 116.917, 39.1),
    ("Lake Park", "poi", 121, 116.957, 39.1),
]


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer(ENTRIES, PARENTS, complete_streets=True)


@pytest.mark.parametrize(
    ("text", "name", "area_id"),
    [
        ("春华街道 永安里小区 3号楼", "永安里小区3号楼", 111),
        ("永安里三栋楼道灯不亮", "永安里小区3号楼", 111),
        ("永安里小区12#楼2单元", "永安里小区12号楼", 112),
        ("永安里小区十二号楼", "永安里小区12号楼", 112),
        ("永安里小区３号楼", "永安里小区3号楼", 111),  # full width
        ("永安里小区东门垃圾堆积", "永安里小区", 111),
        ("我住永安里,楼下占道", "永安里小区", 111),
        ("永宁社区居委会门口积水", "永宁社区", 11),
        ("永宁居委会门口积水", "永宁社区", 11),
        ("永宁街路灯不亮", "永宁大街", 11),
        ("永安里路灯不亮", "永安里小区", 111),
        ("永宁大街与幸福路交叉口红绿灯坏了", "永宁大街/幸福路", 112),
        ("永宁社区幸福路有人占道经营", "幸福路", 11),
        ("清溪社区金桂园", "金桂园", 121),
        ("pothole at N. Main St & 3rd Ave", "N Main Street/3rd Avenue", 111),
        ("POTHOLE ON NORTH MAIN STREET", "N Main Street", 11),
        ("pothole on third avenue, near 7", "3rd Avenue", 12),
        ("broken bench in LÁKE   PARK", "Lake Park", 121),
    ],
)
def test_text_with_a_place_finds_it(places: Gazetteer, text: str, name: str, area_id: int) -> None:
    match = places.find(text)
    assert match is not None
    assert (match.name, match.area_id) == (name, area_id)
    assert name in match.words and name in match.explanation


@pytest.mark.parametrize(
    "text",
    [
        "",
        "小区停水三天了",
        "幸福路路灯不亮",  # two communities have a street of this name
        "金桂园垃圾没人收",  # two compounds of this name
        "从永安里小区到清溪社区的金桂园都停电",  # two places far apart
        "春华街道停电",  # a whole subdistrict is no place to send somebody to
        "永安里医院停电",  # another thing whose name begins alike
        "新永宁医院",
        "永安里路停电",
        "main problem: 3rd time I report this",
        "永安",
        "dirty alley at 12 Lake Park Rd",
        "\x00🙂𠮷",
    ],
)
def test_text_without_a_sure_place_waits_for_a_person(places: Gazetteer, text: str) -> None:
    reading = places.read(text)
    assert reading.match is None
    assert reading.explanation and reading.explanation_zh


def test_ambiguous_name_gives_the_candidates_and_says_so(places: Gazetteer) -> None:
    reading = places.read("金桂园垃圾没人收")
    assert {c.area_id for c in reading.candidates} == {121, 112}
    assert "could also be" in reading.explanation and "也可能是" in reading.explanation_zh


def test_named_community_raises_and_a_foreign_one_lowers_the_confidence(places: Gazetteer) -> None:
    alone, agreeing, foreign = (
        places.read(text).candidates
        for text in ("永安里小区", "永宁社区永安里小区", "清溪社区永安里小区")
    )
    of_compound = [
        next(c.confidence for c in cs if c.name == "永安里小区")
        for cs in (foreign, alone, agreeing)
    ]
    assert of_compound == sorted(of_compound) and len(set(of_compound)) == 3
    assert places.find("清溪社区永安里小区") is None


def test_subdistrict_name_before_road_words_is_not_read_as_a_street() -> None:
    both = Gazetteer(
        [("和安街道", "subdistrict", 1, 0.1, 0.1), ("和安街", "street", 5, 0.1, 0.1)],
        {5: 2},
        complete_streets=True,
    )
    assert both.find("和安街道停电") is None
    found = both.find("和安街停电")
    assert found is not None and found.area_id == 5


def test_street_alone_in_a_partial_list_waits_for_a_person() -> None:
    partial = Gazetteer(ENTRIES, PARENTS)
    assert partial.find("永宁大街路灯不亮") is None
    assert partial.find("永宁社区永宁大街路灯不亮") is not None


def test_unknown_parents_still_match_by_equal_area() -> None:
    flat = Gazetteer(ENTRIES)
    found = flat.find("永安里小区")
    assert found is not None and found.area_id == 111


def test_only_the_start_of_a_huge_text_is_read_and_that_is_said(places: Gazetteer) -> None:
    reading = places.read("停电" * 1_000_000 + "永安里小区")
    assert reading.match is None and "20000" in reading.explanation


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reading = Gazetteer(ENTRIES, PARENTS).read(text)
    assert all(0 <= c.confidence <= 1 for c in reading.candidates)


@pytest.mark.parametrize(
    "bad",
    [
        ("永安里", "galaxy", 1, 116.9, 39.1),
        ("！？", "street", 1, 116.9, 39.1),
        ("永安里", "compound", 1, float("nan"), 39.1),
    ],
)
def test_bad_entry_is_refused_and_named(bad: tuple[str, str, int, float, float]) -> None:
    with pytest.raises(DomainError) as refused:
        Gazetteer([ENTRIES[0], bad])
    assert refused.value.code == "gazetteer.bad_entry"
    assert refused.value.where == "entries[1]"


# ---- the demo district: reports whose place is known


@pytest.fixture(scope="module")
def district() -> District:
    return generate("street", seed=7)


@pytest.fixture(scope="module")
def known(district: District) -> Gazetteer:
    return Gazetteer(district.gazetteer_entries(), district.parents(), complete_streets=True)


TEMPLATES = [
    ("{compound}{number}号楼电梯坏了", "building"),
    ("和安街道{community}{compound} {number}栋2单元漏水", "building"),
    ("{compound_en} building {number}: no water", "building"),
    ("你好，{community}{compound}门口垃圾没人清理", "compound"),
    ("{compound}噪音扰民", "compound"),
]


@pytest.mark.parametrize(("template", "kind"), TEMPLATES)
def test_reports_from_known_homes_are_located_right(
    district: District, known: Gazetteer, template: str, kind: str
) -> None:
    compounds = {c.id: c for c in district.compounds}
    communities = {a.id: a for a in district.areas_at("community")}
    homes = [b for b in district.buildings if b.compound_id is not None][::7]
    wrong = []
    for home in homes:
        compound = compounds[home.compound_id or 0]
        text = template.format(
            compound=compound.name_zh, compound_en=compound.name_en,
            community=communities[home.cell_id // 1000].name_zh,
            number=home.name_zh.removeprefix(compound.name_zh).removesuffix("号楼"),
        )  # fmt: skip
        found = known.find(text)
        expected = home.cell_id if kind == "building" else compound.area_id
        if found is None or (found.area_id, found.kind) != (expected, kind):
            wrong.append((text, found))
    assert len(homes) > 150 and wrong == []


def test_street_names_alone_are_never_given_to_a_wrong_community(
    district: District, known: Gazetteer
) -> None:
    areas: dict[str, set[int]] = {}
    for name, kind, area_id, *_ in district.gazetteer_entries():
        if kind == "street":
            areas.setdefault(name, set()).add(area_id)
    for name, ids in areas.items():
        found = known.find(f"{name}路灯不亮" if ord(name[0]) > 255 else f"lamp out on {name}")
        assert (found is None) if len(ids) > 1 else (found is not None and found.area_id in ids)
