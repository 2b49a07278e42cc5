"""Texts to places."""

from __future__ import annotations

import pytest
from tests.city.places.conftest import CELLS, COMMUNITY, city, collection, feature

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places import commands, queries
from cityloop.city.places.commands import NewName
from cityloop.city.places.models import PlaceName
from cityloop.kernel.errors import DomainError


def add(town, *names):
    return commands.add_names([NewName(*n) for n in names], actor=SYSTEM, now=town.now)


def test_compound_leads_to_its_cell(town):
    add(town, ("永安里小区", "compound", "", 116.405, 39.905))
    found = queries.find_place("永安里小区门口路灯不亮")
    assert (found.area_id, found.lon, found.kind) == (town.id(CELLS[0]), 116.405, "compound")


def test_community_is_found_by_its_own_name(town):
    commands.import_areas(
        collection(feature("community", COMMUNITY, name_zh="望江社区")), actor=SYSTEM, now=town.now
    )
    assert queries.find_place("望江社区有人占道经营").area_id == town.id(COMMUNITY)


def test_address_comes_before_the_text(town):
    add(town, ("永安里小区", "compound", "", 116.405, 39.905))
    add(town, ("和平家园", "compound", "", 116.425, 39.905))
    assert queries.find_place("和平家园", "我住永安里小区").name == "和平家园"


def test_text_without_known_words_waits_for_a_person(town):
    assert queries.find_place("", "楼下很吵") is None


def test_name_of_a_replaced_cell_leads_to_the_new_one(town):
    add(town, ("永安里小区", "compound", "", 116.405, 39.905))
    rest = [f for f in city() if f["properties"]["code"] != CELLS[0]]
    commands.import_areas(collection(*rest), actor=SYSTEM, now=town.now)
    assert queries.find_place("永安里小区").area_id == town.id(COMMUNITY)
    commands.import_areas(collection(*city()), actor=SYSTEM, now=town.now)
    assert queries.find_place("永安里小区").area_id == town.id(CELLS[0])


def test_area_without_boundary_gives_no_point(db, now):
    names = [feature("city", "110100"), feature("district", "110105", name_zh="朝晖区")]
    names += [feature("subdistrict", "110105001", name_zh="江滨街道")]
    names += [feature("community", COMMUNITY, name_zh="望江社区")]
    commands.import_areas(collection(*names), actor=SYSTEM, now=now)
    found = queries.find_place("望江社区3号楼漏水")
    assert (found.lon, found.lat) == (None, None)
    assert queries.tree().get(found.area_id).code == COMMUNITY


def test_same_names_twice_are_added_once(town):
    name = ("永安里小区", "compound", "", 116.405, 39.905)
    assert (add(town, name, name), add(town, name)) == (1, 0)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (("", "poi", "", 116.405, 39.905), "names.length"),
        (("！！", "poi", "", 116.405, 39.905), "names.length"),
        (("公园", "garden", "", 116.405, 39.905), "names.kind"),
        (("公园", "poi", ""), "names.nowhere"),
        (("公园", "poi", "", 116.9, 39.905), "names.nowhere"),
        (("公园", "poi", "", 39.905, 116.405), "place.swapped"),
        (("公园", "poi", "999"), "place.unknown_code"),
    ],
)
def test_bad_name_is_refused(town, name, code):
    with pytest.raises(DomainError) as refused:
        add(town, name)
    assert (refused.value.code, PlaceName.objects.count()) == (code, 0)


def test_names_come_from_a_table_in_gcj02(town, tmp_path):
    file = tmp_path / "names.csv"
    file.write_text(
        "地名,类别,经度,纬度,坐标系\n永安里小区,compound,116.41124,39.90640,gcj02\n"
        "某某,compound,abc,39.9,wgs84\n某某,compound,116.9,39.9,wgs84\n",
        encoding="utf-8",
    )
    done = commands.import_names(file, actor=SYSTEM, now=town.now)
    assert (done.added, [r.error.code for r in done.refused]) == (
        1, ["place.not_finite", "names.nowhere"],
    )  # fmt: skip
    assert PlaceName.objects.get().lon == pytest.approx(116.405, abs=1e-4)


def test_unknown_place_falls_back_to_the_areas_that_hold_all(town):
    path = queries.tree().fallback
    assert path.subdistrict_id == town.id("110105001")
    assert path.community_id is None
