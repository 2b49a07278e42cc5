"""The demo district: an exact, plausible, repeatable place."""

import json
from collections import Counter

import numpy as np
import pytest
import shapely

from cityloop.engines.district import District, generate
from cityloop.engines.locating import CellIndex, Kind, coverage_check
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import LocalPlane

# Made on Linux x86-64; another hash means every demo and every golden test built on it changes.
GOLDEN = {
    "street": "49e647780fc724f5b82e378bb3b731b23ea9db1cb377dd8bbc2c5a86c008896b",
    "community": "861ad5a61409de1137bb5bbd72f9105d2987ee9753a857058850ef38a8d81936",
}


@pytest.fixture(scope="module")
def street() -> District:
    return generate("street", seed=7)


@pytest.mark.parametrize("size", ["street", "community"])
def test_same_size_and_seed_give_the_same_district(size: str) -> None:
    assert generate(size, seed=7).fingerprint() == GOLDEN[size]


def test_another_seed_gives_another_district() -> None:
    assert generate("community", seed=8).fingerprint() != GOLDEN["community"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_hold_300_to_500_households(seed: int) -> None:
    cells = generate("street", seed=seed).areas_at("cell")
    assert 120 <= len(cells) <= 180
    assert all(300 <= cell.households <= 500 for cell in cells)


def test_levels_are_one_district_one_subdistrict_fourteen_communities(street: District) -> None:
    counts = Counter(area.level for area in street.areas)
    assert (counts["district"], counts["subdistrict"], counts["community"]) == (1, 1, 14)
    assert len(generate("community").areas_at("community")) == 1


@pytest.mark.parametrize("level", ["subdistrict", "community"])
def test_children_tile_their_parent_exactly(street: District, level: str) -> None:
    for parent in street.areas_at(level):
        children = [a for a in street.areas if a.parent_id == parent.id]
        shapes = [child.polygon for child in children]
        assert coverage_check(shapes, parent=parent.polygon, tolerance_m2=0.01) == []
        assert shapely.coverage_union_all(shapes).equals(parent.polygon)
        assert sum(child.households for child in children) == parent.households


def test_every_area_is_one_valid_piece_without_holes(street: District) -> None:
    shapes = [area.polygon for area in street.areas]
    assert all(s.geom_type == "Polygon" and s.is_valid for s in shapes)


def test_codes_are_6_3_3_3_digits_and_nest(street: District) -> None:
    digits = {"district": 6, "subdistrict": 9, "community": 12, "cell": 15}
    for area in street.areas:
        assert len(area.code) == digits[area.level] and area.id == int(area.code)
        if area.parent_id is not None:
            assert area.code.startswith(str(area.parent_id))


def test_no_border_cuts_a_building_and_households_add_up(street: District) -> None:
    cells = {cell.id: cell for cell in street.areas_at("cell")}
    assert all(cells[b.cell_id].polygon.contains(b.footprint) for b in street.buildings)
    counted: Counter[int] = Counter()
    for building in street.buildings:
        counted[building.cell_id] += building.households
    assert counted == {cell.id: cell.households for cell in cells.values()}


def test_buildings_do_not_stand_in_each_other_or_in_the_river(street: District) -> None:
    footprints = np.array([b.footprint for b in street.buildings])
    a, b = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    assert (a == b).all()
    (water,) = [part.shape for part in street.landscape if part.kind == "water"]
    assert not shapely.intersects(water, footprints).any()


def test_points_of_the_district_are_found_in_their_own_cell(street: District) -> None:
    cells = street.areas_at("cell")
    index = CellIndex([c.id for c in cells], [c.polygon for c in cells])
    points = [(s.area_id, s.lon, s.lat) for s in street.spots]
    points += [(c.cell_id, c.lon, c.lat) for c in street.components]
    points += [(b.cell_id, *b.footprint.centroid.coords[0]) for b in street.buildings]
    ids, lon, lat = (np.array(column) for column in zip(*points, strict=True))
    np.testing.assert_array_equal(index.locate(lon, lat).ids, ids)


def test_border_points_belong_to_exactly_one_cell_the_lowest(street: District) -> None:
    cells = street.areas_at("cell")
    index = CellIndex([c.id for c in cells], [c.polygon for c in cells])
    shapes = np.array([c.polygon for c in cells])
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    lowest: dict[tuple[float, float], int] = {}
    for point, k in zip(map(tuple, xy), owner, strict=True):
        lowest[point] = min(lowest.get(point, cells[k].id), cells[k].id)
    found = index.locate(*np.array(list(lowest)).T)
    np.testing.assert_array_equal(found.ids, list(lowest.values()))
    assert (found.kind == Kind.EDGE).all()


def test_random_points_lie_in_the_cell_that_contains_them(street: District) -> None:
    cells = street.areas_at("cell")
    index = CellIndex([c.id for c in cells], [c.polygon for c in cells])
    rng, box = np.random.default_rng(5), street.bounds
    lon, lat = rng.uniform(box.west, box.east, 400), rng.uniform(box.south, box.north, 400)
    by_hand = [
        min((c.id for c in cells if c.polygon.covers(shapely.Point(x, y))), default=-1)
        for x, y in zip(lon, lat, strict=True)
    ]
    assert index.locate(lon, lat).ids.tolist() == by_hand


def test_cell_size_is_that_of_a_neighbourhood(street: District) -> None:
    plane = LocalPlane(116.9, 39.1)
    east, north = plane.metres_per_degree
    hectares = np.array([a.polygon.area * east * north / 1e4 for a in street.areas_at("cell")])
    assert 1 < hectares.min() < np.median(hectares) < 8
    assert hectares.max() < 60  # the one with the park


def test_streets_have_a_hierarchy_and_names_are_unique(street: District) -> None:
    roads = Counter(s.road for s in street.streets)
    assert set(roads) == {"arterial", "secondary", "local", "lane"}
    assert roads["arterial"] < roads["local"]
    names = [s.name_zh for s in street.streets if s.road != "lane"]
    names += [c.name_zh for c in street.compounds] + [a.name_zh for a in street.areas]
    assert "" not in names and len(names) == len(set(names))


def test_everything_a_subdistrict_needs_is_there(street: District) -> None:
    kinds = {spot.kind for spot in street.spots}
    needed = {"school", "clinic", "park", "market", "fire_station", "community_centre", "hospital"}
    assert needed <= kinds
    classes = Counter(c.class_code for c in street.components)
    assert {"0137", "0102", "0305", "0402"} <= set(classes)
    assert all(len(c.code) == 16 and c.code[6:10] == c.class_code for c in street.components)


def test_every_feature_says_that_it_is_synthetic(street: District) -> None:
    for collection in (
        street.area_geojson(), street.streets_geojson(), street.buildings_geojson(),
        street.landscape_geojson(), street.spots_geojson(), street.components_geojson(),
    ):  # fmt: skip
        read = json.loads(json.dumps(collection))
        assert read["features"] and "合成" in read["note"]["zh"]
        assert all(f["properties"]["synthetic"] is True for f in read["features"])
    assert len(street.area_geojson("community")["features"]) == 14


def test_gazetteer_refers_to_known_areas_inside_the_bounds(street: District) -> None:
    known = {area.id for area in street.areas}
    for name, _kind, area_id, lon, lat in street.gazetteer_entries():
        assert name and area_id in known
        assert street.bounds.holds(lon, lat)


def test_unknown_size_is_refused_with_the_allowed_ones() -> None:
    with pytest.raises(DomainError) as refused:
        generate("planet")
    assert refused.value.code == "district.unknown_size"
    assert refused.value.details["allowed"] == ["community", "street"]
