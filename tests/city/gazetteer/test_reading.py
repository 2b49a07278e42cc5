"""A text gets its place, or candidates: never a guess in silence."""

from __future__ import annotations

import pytest

from cityloop.city.gazetteer.queries import read_place, reverse
from cityloop.kernel.geo import LocalPlane

pytestmark = pytest.mark.django_db


def test_a_sentence_with_compound_and_building_is_placed_at_the_building(named_town) -> None:
    read = read_place("", "望江社区永安里小区3号楼门口路灯坏了，已经三天")
    assert (read.sure, read.name) == (True, "永安里小区3号楼")
    assert (read.lon, read.lat) == pytest.approx((116.4032, 39.9032), abs=1e-6)


def test_house_number_of_a_street_places_a_sentence(named_town) -> None:
    read = read_place("", "建设大街8号门前井盖松动")
    assert read.sure
    assert read.lon == pytest.approx(116.4151)


@pytest.mark.parametrize(
    ("text", "name", "east", "north"),
    [
        ("在和平路与建设大街交叉口，东往西方向红绿灯坏了", "和平路/建设大街", 0, 0),
        ("建设大街和平路路口往北50米井盖丢失", "和平路/建设大街", 0, 50),
        ("pothole 50 m north of Dongshan Hospital", "Dongshan Hospital", 0, 50),
        ("东山医院西侧垃圾成堆", "东山医院", -25, 0),
        ("金麓路永安里小区旁边的东山医院门口积水", "东山医院", 0, 0),
    ],
)
def test_a_sentence_says_how_the_place_lies_to_a_name(
    crossing_town, text: str, name: str, east: float, north: float
) -> None:
    at = (116.418, 39.916) if "/" not in name else (116.41, 39.91)
    read = read_place("", text)
    assert read.sure and set(read.name.split("/")) == set(name.split("/"))
    assert LocalPlane(*at).to_xy(read.lon, read.lat) == pytest.approx((east, north), abs=3)


@pytest.mark.parametrize(
    ("text", "name"),
    [  # forms of the public question boards, with names of the town
        ("我是永安里小区3栋业主，楼下麻将馆深夜扰民，物业多次劝阻无效", "永安里小区3号楼"),
        ("永安里小区3号栋206号房楼上漏水", "永安里小区3号楼"),
        ("尊敬的领导：望江社区永安里小区三栋二单元的电梯几乎隔三差五地坏", "永安里小区3号楼"),
        ("和平路12号一楼门面占道经营，油烟扰民", "和平路12号"),
        ("位于和平路与建设大街交汇处的工地夜间施工", "和平路/建设大街"),
        ("从永安里小区到东山医院的公交车太慢", ""),
        ("永安里小区与清和花园之间的路没有路灯", ""),
        ("和平路、建设大街沿线都停满了车", ""),
        ("和平路沿线没有公厕", ""),
        ("永安里公司拖欠工资", ""),
        ("8.10号开始一到天黑就焚烧垃圾", ""),
    ],
)
def test_citizens_forms_give_the_place_or_a_person_decides(
    crossing_town, text: str, name: str
) -> None:
    read = read_place("", text)
    assert (read.name if read.sure else "") == name, read.explanation


def test_two_streets_without_a_corner_are_no_crossing(crossing_town) -> None:
    assert read_place("", "和平路和建设大街都没有路灯").kind != "junction"


def test_a_street_and_its_community_give_the_community_and_no_point(crossing_town) -> None:
    read = read_place("", "望江社区长风街路灯不亮")
    assert (read.lon, read.radius_m) == (None, None)


def test_two_possible_places_wait_for_a_person_with_candidates(named_town) -> None:
    read = read_place("金桂园", "金桂园楼道堆物", candidates=5)
    assert not read.sure
    assert [c.name_zh for c in read.candidates[:2]] == ["金桂园", "金桂园"]


def test_an_address_shortened_is_read_and_one_with_a_mistake_is_offered(named_town) -> None:
    assert read_place("永安里3栋", "路灯坏了").name == "永安里小区3号楼"
    offered = read_place("勇安里小区3号楼", "路灯坏了", candidates=3)
    assert offered.sure or offered.candidates[0].name_zh == "永安里小区3号楼"
    assert not read_place("", "勇安里小区3号楼路灯坏了").sure


@pytest.mark.parametrize("text", ["楼下很吵，没人管", "建议增加公交班次", "请问怎么办居住证？", ""])
def test_a_text_without_a_place_gets_none(named_town, text: str) -> None:
    assert not read_place("", text, candidates=5).sure


def test_reverse_names_address_community_and_distance(named_town) -> None:
    found = reverse(116.40325, 39.9032)
    assert found.house is not None
    assert found.house.name_zh == "永安里小区3号楼"
    assert found.house.metres == pytest.approx(4.3, abs=0.3)
    assert found.address_zh == "春华街道望江社区永安里小区3号楼"
    assert found.address_en.startswith("Yonganli Estate Building 3, Wangjiang Community")


def test_reverse_far_from_everything_gives_the_areas_or_nothing(named_town) -> None:
    assert reverse(116.4001, 39.9199).address_zh == "春华街道望江社区"
    outside = reverse(117.0, 40.5)
    assert (outside.cell_id, outside.address_zh, outside.house) == (None, "", None)


def test_reverse_for_the_public_names_no_company(named_town) -> None:
    assert reverse(116.4034, 39.9031).place.name_zh == "永安里商贸公司"
    assert reverse(116.4034, 39.9031, public=True).place.name_zh != "永安里商贸公司"
