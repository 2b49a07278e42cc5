"""What people type, and what they get."""

from __future__ import annotations

import pytest

from cityloop.city.gazetteer.commands import follow
from cityloop.city.gazetteer.queries import Found, read_place, search
from cityloop.engines.addresses import SURE_ENOUGH
from cityloop.kernel.geo import LocalPlane

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("q", "name", "number"),
    [
        ("永安里小区", "永安里小区", ""),
        ("永安里", "永安里小区", ""),
        ("永安", "永安里小区", ""),  # a beginning
        ("永安里3号楼", "永安里小区3号楼", "3"),
        ("永安里小区 3栋", "永安里小区3号楼", "3"),
        ("永安里三号楼2单元501室", "永安里小区3号楼", "3"),
        ("春华街道望江社区永安里小区3号楼门口", "永安里小区3号楼", "3"),
        ("和平路12号", "永安里小区3号楼", "12"),
        ("和平路１２號", "永安里小区3号楼", "12"),
        ("建设大街8号", "建设大街8号", "8"),
        ("勇安里小区", "永安里小区", ""),  # sounds the same
        ("永安里小曲", "永安里小区", ""),
        ("清河花园3号楼", "清和花园3号楼", "3"),
        ("东山医", "东山医院", ""),
        ("东三医院", "东山医院", ""),
        ("和平路小学", "和平路小学", ""),
        ("yonganli", "永安里小区", ""),
        ("yong an li", "永安里小区", ""),
        ("yonagnli", "永安里小区", ""),  # two letters exchanged
        ("yal", "永安里小区", ""),
        ("Yonganli Estate Building 3", "永安里小区3号楼", "3"),
        ("dongshan hosp", "东山医院", ""),
        ("望江社区", "望江社区", ""),
        ("wangjiang", "望江社区", ""),
    ],
)
def test_a_search_finds_the_place_first(named_town, q: str, name: str, number: str) -> None:
    found = search(q)
    assert found, "nothing found"
    assert (found[0].name_zh, found[0].number) == (name, number)


def test_a_number_that_is_not_registered_finds_the_name_and_says_so(named_town) -> None:
    exact, other = search("永安里小区3号楼")[0], search("永安里小区77号楼")[0]
    assert (other.name_zh, other.number) == ("永安里小区", "")
    assert other.confidence < exact.confidence


def test_two_places_of_one_name_share_the_confidence(named_town) -> None:
    found = [f for f in search("金桂园") if f.name_zh == "金桂园"]
    assert len(found) == 2
    assert all(f.confidence < 0.6 for f in found)
    assert search("清溪社区金桂园")[0].area_zh.endswith("清溪社区")


def test_one_number_under_one_name_at_two_places_is_two_answers(named_town) -> None:
    from tests.city.gazetteer.conftest import row

    spots = [(116.404, 39.918), (116.428, 39.903)]
    more = [row("building", f"t{n}", "云柳苑1号楼", "", "", *at) for n, at in enumerate(spots)]
    named_town("building", more)
    found = [f for f in search("云柳苑1号楼") if f.number == "1"]
    assert {(f.lon, f.lat) for f in found} == set(spots)
    assert all(f.confidence < SURE_ENOUGH for f in found)


def test_the_public_finds_no_companies(named_town) -> None:
    assert search("永安里商贸公司")[0].name_zh == "永安里商贸公司"
    names = {f.name_zh for f in search("永安里商贸公司", public=True)}
    assert "永安里商贸公司" not in names


@pytest.mark.parametrize(
    "q", ["", " ", "，。", "的", "'; DROP TABLE x", '"AND" OR *', "\x00", "𠮷"]
)
def test_any_text_is_a_search_without_error(named_town, q: str) -> None:
    assert search(q) == [] or search(q)[0].confidence < SURE_ENOUGH


def test_what_changes_among_elements_is_found_anew(named_town, now) -> None:
    from tests.city.gazetteer.conftest import row

    named_town("compound", [row("compound", "compound-1", "云柳苑", "Yunliu", "", 116.413, 39.903)])
    assert search("云柳苑")[0].name_zh == "云柳苑"
    assert "清和花园" not in {f.name_zh for f in search("清和花园", most=20) if f.confidence > 0.9}
    done = follow(now=now)
    assert (done.entered, done.removed) == (0, 0), "nothing changed since"


def test_a_large_register_is_entered_in_turns(named_town, now) -> None:
    from tests.city.gazetteer.conftest import row

    from cityloop.city.accounts.domain import SYSTEM
    from cityloop.city.elements.commands import take

    more = [row("poi.market", f"m{n}", f"云柳{n}号市场", "", "", 116.41, 39.91) for n in range(5)]
    take(more, kind="poi.market", source="test", actor=SYSTEM, now=now)
    assert [follow(now=now, most=2).entered for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize(
    "q",
    [
        "和平路与建设大街交叉口", "建设大街和平路路口", "和平路和建设大街口", "建设大街/和平路",
        "春华街道和平路与建设大街交汇处", "和平路—建设大街交叉口",
        "河平路与建设大街交叉口", "heping road & jianshe street",
        "corner of Heping Rd and Jianshe St",
    ],
)  # fmt: skip
def test_two_roads_are_found_where_they_cross(crossing_town, q: str) -> None:
    first = search(q)[0]
    assert (first.kind, first.lon, first.lat) == (
        "junction", pytest.approx(116.41, abs=2e-5), pytest.approx(39.91, abs=2e-5),
    )  # fmt: skip
    assert set(first.name_zh.removesuffix("路口").split("与")) == {"和平路", "建设大街"}


def test_an_address_at_a_crossing_is_read_as_its_point(crossing_town) -> None:
    read = read_place("和平路与建设大街交叉口", "路灯坏了")
    assert (read.sure, read.kind) == (True, "junction")
    assert (read.lon, read.lat) == (pytest.approx(116.41, abs=2e-5), pytest.approx(39.91, abs=2e-5))


def metres_from(found: Found, lon: float, lat: float) -> tuple[float, float]:
    assert found.lon is not None and found.lat is not None
    east, north = LocalPlane(lon, lat).to_xy(found.lon, found.lat)
    return float(east), float(north)


@pytest.mark.parametrize(
    ("q", "at", "moved", "radius"),
    [
        ("和平路與建設大街路口往东100米", (116.41, 39.91), (100, 0), 105),
        ("和平路与建设大街交汇处西北角", (116.41, 39.91), (-10.6, 10.6), 30),
        ("northeast corner of Heping Rd and Jianshe St", (116.41, 39.91), (10.6, 10.6), 30),
        ("东山医院以南50米", (116.418, 39.916), (0, -50), 88),
        ("50 m north of Dongshan Hospital", (116.418, 39.916), (0, 50), 88),
        ("清和花园东门", (116.413, 39.903), (60, 0), 120),
        ("东山医院附近的工地", (116.418, 39.916), (0, 0), 250),
        ("东山医院对面", (116.418, 39.916), (0, 0), 110),  # no street is near it
        ("东山医院", (116.418, 39.916), (0, 0), 50),
    ],
)
def test_what_is_said_of_the_place_moves_it_or_widens_the_circle(
    crossing_town, q: str, at: tuple[float, float], moved: tuple[float, float], radius: float
) -> None:
    first = search(q)[0]
    assert metres_from(first, *at) == pytest.approx(moved, abs=3)
    assert first.radius_m == pytest.approx(radius, abs=1)
    assert bool(first.note_zh) == bool(first.note_en) == (q != "东山医院")


def test_opposite_is_across_the_street_beside_it(crossing_town) -> None:
    from tests.city.gazetteer.conftest import row

    crossing_town("poi.school", [row("poi.school", "x", "云柳中学", "", "", 116.405, 39.9102)])
    east, north = metres_from(search("云柳中学对面")[0], 116.405, 39.91)
    assert (east, north) == pytest.approx((0, -22.2), abs=1), "the street lies at 39.91"
    assert "和平路" in search("云柳中学对面")[0].note_zh


def test_a_name_of_its_own_is_preferred_to_what_it_lies_beside(crossing_town) -> None:
    assert search("永安里小区对面的和平路小学")[0].name_zh == "和平路小学"
    assert search("永安里小区对面的和平路12号")[0].name_zh == "永安里小区3号楼"


@pytest.mark.parametrize(
    "q", ["和平路至建设大街路段", "东山医院以北3公里", "和平路以北", "永安里小区与清和花园之间"]
)
def test_what_tells_no_point_is_left_to_a_person(crossing_town, q: str) -> None:
    found = search(q)
    assert found and found[0].confidence < SURE_ENOUGH
    assert not read_place(q).sure


def test_a_street_alone_places_nothing(crossing_town) -> None:
    assert search("和平路")[0].confidence >= SURE_ENOUGH, "it is that street"
    assert not read_place("和平路").sure, "but where on it?"


def test_roads_that_do_not_cross_are_offered_each_alone(crossing_town) -> None:
    found = search("和平路与长风街交叉口")
    assert "junction" not in {f.kind for f in found}
    assert {f.name_zh for f in found[:2]} == {"和平路", "长风街"}
    assert search("和平路小学")[0].name_zh == "和平路小学", "no joint between two roads"
