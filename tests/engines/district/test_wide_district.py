"""Districts as columns: exact, nested, the same in every process, plausible."""

import subprocess
import sys

import numpy as np
import pytest
import shapely

from cityloop.engines.district.wide import (
    CLASSES,
    HOMES,
    KINDS,
    WIDTH_M,
    Use,
    Way,
    WideDistrict,
    degrees,
    generate_wide,
    lonlat,
)
from cityloop.engines.locating import coverage_check
from cityloop.kernel.errors import DomainError

# Made on Linux x86-64; another hash means every figure measured on it is of another district.
GOLDEN = "bb410167770148868e7f660688f5f2ac9d530b3067a627ac9c01066c67e88383"


@pytest.fixture(scope="module")
def town() -> WideDistrict:
    return generate_wide("town", 7)


def test_same_size_and_seed_give_the_same_district(town: WideDistrict) -> None:
    assert town.fingerprint() == GOLDEN


def test_another_process_gives_the_same_district(town: WideDistrict) -> None:
    code = (
        "from cityloop.engines.district.wide import generate_wide as g;"
        "print(g('town', 7).fingerprint())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "99", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert told.stdout.strip() == town.fingerprint()


def test_another_seed_gives_another_district(town: WideDistrict) -> None:
    assert generate_wide("town", 8).fingerprint() != town.fingerprint()


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_levels_tile_each_other_for_any_seed(seed: int) -> None:
    found = generate_wide("town", seed)
    assert (len(found.subdistrict_shape), len(found.community_shape)) == (3, 36)
    levels = (found.block_shape, found.community_shape, found.subdistrict_shape)
    for shapes in levels:
        in_degrees = degrees(shapes)
        assert shapely.coverage_is_valid(shapes) and shapely.coverage_is_valid(in_degrees)
        assert shapely.is_valid(in_degrees).all()
    assert (shapely.get_type_id(degrees(found.community_shape)) == 3).all()
    held = found.community_households()
    assert held.sum() == found.households
    assert held.min() > 0.4 * held.mean() and held.max() < 1.9 * held.mean()


@pytest.mark.parametrize("level", ["community", "subdistrict"])
def test_children_tile_their_parent_exactly(town: WideDistrict, level: str) -> None:
    children, owner, parents = {
        "community": (town.block_shape, town.block_community, town.community_shape),
        "subdistrict": (
            town.community_shape, town.community_subdistrict, town.subdistrict_shape,
        ),
    }[level]  # fmt: skip
    for k, parent in enumerate(parents):
        own = children[owner == k]
        assert coverage_check(list(own), parent=parent, tolerance_m2=0.01) == []
        assert shapely.coverage_union_all(own).equals(parent)


def test_codes_nest_and_are_given_once(town: WideDistrict) -> None:
    codes = town.community_codes()
    assert len(set(codes)) == len(codes) == 36
    for code, above in zip(codes, town.community_subdistrict, strict=True):
        assert len(code) == 12 and code.startswith(town.subdistrict_code(int(above)))
    assert codes == sorted(codes)


def test_no_building_leaves_its_block_or_stands_in_water(town: WideDistrict) -> None:
    inside = shapely.contains_properly(town.block_shape[town.building_block], town.building_shape)
    assert inside.all()
    assert not shapely.intersects(town.water, town.building_shape).any()
    uses = set(town.block_use[town.building_block].tolist())
    assert not uses & {Use.WATER, Use.RAILWAY, Use.GREEN, Use.PARK}


def test_buildings_do_not_stand_in_each_other(town: WideDistrict) -> None:
    a, b = shapely.STRtree(town.building_shape).query(town.building_shape, predicate="intersects")
    assert (a == b).all()


def test_buildings_keep_off_the_carriageway(town: WideDistrict) -> None:
    wide = np.flatnonzero(town.edge_way <= Way.SECONDARY)
    near = shapely.STRtree(town.building_shape).query(
        town.edge_shape[wide], predicate="dwithin",
        distance=WIDTH_M[town.edge_way[wide]] / 2,
    )  # fmt: skip
    assert near.shape[1] == 0


def test_only_homes_hold_households_and_sizes_add_up(town: WideDistrict) -> None:
    home = town.block_use[town.building_block] < HOMES
    assert (town.building_households[~home] == 0).all()
    assert (town.building_households[home] > 0).all()
    np.testing.assert_array_equal(town.building_sizes.sum(axis=1), town.building_households)
    assert (town.building_sizes >= 0).all()
    people = town.building_sizes @ np.array([1, 2, 3, 4, 5])
    assert 2.0 < people.sum() / town.households < 2.8


def test_buildings_are_numbered_in_their_compound(town: WideDistrict) -> None:
    for block in town.compound_block:
        own = town.building_number[town.building_block == block]
        assert own.tolist() == list(range(1, len(own) + 1))


def test_streets_have_a_hierarchy_bends_and_names_of_their_own(town: WideDistrict) -> None:
    assert set(town.street_way.tolist()) == {Way.EXPRESS, Way.ARTERIAL, Way.SECONDARY, Way.LOCAL}
    for names in (town.street_name, town.compound_name, town.community_name):
        chinese = [zh for zh, _ in names]
        assert len(set(chinese)) == len(chinese)
        assert all(zh and en.isascii() for zh, en in names)
    ring = town.street_shape[0]  # the ring road bends: it is longer than the way between its ends
    west, south, east, north = ring.bounds
    assert ring.length > 1.02 * np.hypot(east - west, north - south)


def test_river_and_railway_divide_and_few_streets_cross(town: WideDistrict) -> None:
    assert Use.WATER in town.block_use and Use.RAILWAY in town.block_use
    local = town.street_shape[town.street_way == Way.LOCAL]
    cut = shapely.length(shapely.intersection(local, shapely.buffer(town.water, -3)))
    assert (cut < 1.0).all()


def test_parts_stand_beside_their_street(town: WideDistrict) -> None:
    assert len(town.part_xy) > 30_000
    far = shapely.distance(shapely.points(town.part_xy), town.edge_shape[town.part_edge])
    assert far.max() < WIDTH_M[Way.EXPRESS] / 2
    assert far[town.part_class == CLASSES.index("0137")].min() > 3.0
    assert (town.edge_way[town.part_edge] <= Way.LOCAL).all()


def test_every_community_and_subdistrict_has_what_it_needs(town: WideDistrict) -> None:
    kind = np.array([KINDS[k].key for k in range(len(KINDS))])[town.place_kind]
    community = town.block_community[town.place_block]
    for key in ("community_centre", "clinic", "kindergarten"):
        assert set(community[kind == key].tolist()) == set(range(36))
    above = town.community_subdistrict[community]
    for key in ("fire_station", "police_station", "subdistrict_office"):
        assert set(above[kind == key].tolist()) == {0, 1, 2}
    assert (kind == "shelter").sum() >= 3


def test_bus_lines_follow_connected_streets(town: WideDistrict) -> None:
    assert len(town.bus_stops) == 8
    for stops, path in zip(town.bus_stops, town.bus_path, strict=True):
        assert len(stops) >= 2
        assert shapely.line_merge(shapely.multilinestrings(list(town.edge_shape[path]))).is_simple
        assert set(town.stop_edge[stops].tolist()) <= set(path.tolist())


def test_points_in_degrees_lie_where_their_metres_say(town: WideDistrict) -> None:
    block = degrees(town.block_shape)[town.building_block]
    at = lonlat(town.building_xy)
    assert shapely.contains_xy(block, at[:, 0], at[:, 1]).all()


def test_unknown_size_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(DomainError) as refused:
        generate_wide("planet")
    assert refused.value.code == "district.unknown_size"
    assert refused.value.details["allowed"] == ["town", "chaoyang"]
