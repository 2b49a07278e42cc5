"""Tiles hold what lies in them, to within one step of their grid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from cityloop.engines.tiles import Address, Layer, tile, tiles_over, unit_square
from cityloop.engines.tiles.layer import MARGIN
from cityloop.engines.tiles.wire import Ragged, woven
from cityloop.kernel.errors import NotFound
from cityloop.kernel.geo import Bounds
from tests.engines.tiles.decoder import Feature, decode

WEST, SOUTH = 116.9, 39.1


def tile_of(lon: float, lat: float, zoom: int) -> Address:
    return next(tiles_over(Bounds(lon, lat, lon, lat), zoom))


def shape_of(feature: Feature) -> Polygon:
    """The decoded polygon: outer rings less holes."""
    found = Polygon()
    for path, area in zip(feature.paths, feature.areas, strict=True):
        ring = Polygon(path).buffer(0)
        found = found.union(ring) if area > 0 else found.difference(ring)
    return found


def expected(shape: Polygon, address: Address) -> Polygon:
    """The same by another way: project, cut exactly, then to the units of the tile."""
    side = 2**address.z
    cut = shapely.transform(shape, unit_square).intersection(box(*address.box(MARGIN)))
    return shapely.transform(cut, lambda c: (c * side - (address.x, address.y)) * 4096)


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """Stars round a point, with a hole now and then; valid by construction."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.2, 1), min_size=count, max_size=count))
    scale = draw(st.floats(0.0005, 0.05))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    middle = np.array([WEST, SOUTH]) + [draw(st.floats(-0.02, 0.02)) for _ in "xy"]
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * np.array(radii)[:, None] * scale
    hole = [ring * 0.1 + middle] if draw(st.booleans()) and count > 4 else []
    return Polygon(ring + middle, hole).buffer(0)


@settings(max_examples=120, deadline=None)
@given(st.lists(polygons(), min_size=1, max_size=4), st.integers(9, 16))
def test_polygons_are_what_an_exact_cut_gives(shapes: list[Polygon], zoom: int) -> None:
    address = tile_of(WEST, SOUTH, zoom)
    layer = Layer("areas", shapes, ids=range(7, 7 + len(shapes)))
    found = {f.id: f for f in decode(layer.encode(address)).get("areas", [])}
    for number, shape in enumerate(shapes, start=7):
        wanted = expected(shape, address)
        if wanted.area < 40 and number not in found:
            continue  # less than a few steps of the grid: may vanish
        got = shape_of(found.pop(number))
        # each point moves by at most half a step each way, so borders differ by one at most
        assert got.symmetric_difference(wanted).area <= 1.5 * (wanted.length + 8)
    assert not found


@settings(max_examples=60, deadline=None)
@given(st.lists(polygons(), min_size=1, max_size=3), st.integers(6, 18))
def test_rings_turn_as_the_specification_says(shapes: list[Polygon], zoom: int) -> None:
    layer = Layer("areas", shapes)
    for feature in decode(layer.encode(tile_of(WEST, SOUTH, zoom))).get("areas", []):
        assert feature.areas[0] > 0, "a polygon begins with its outer ring"
        assert all(feature.areas), "a ring without area"
        for path in feature.paths:
            pairs = zip(path, path[1:] + path[:1], strict=True)
            assert len(path) >= 3 and all(a != b for a, b in pairs)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05)), min_size=1, max_size=20),
    st.integers(10, 15),
)
def test_a_point_is_in_one_tile_alone(offsets: list[tuple[float, float]], zoom: int) -> None:
    points = [Point(WEST + dx, SOUTH + dy) for dx, dy in offsets]
    layer = Layer("names", points, ids=range(len(points)))
    over = Bounds(WEST - 0.06, SOUTH - 0.06, WEST + 0.06, SOUTH + 0.06)
    seen = [f.id for a in tiles_over(over, zoom) for f in decode(layer.encode(a)).get("names", [])]
    assert sorted(seen) == list(range(len(points)))


def test_neighbours_share_their_border() -> None:
    """Cells side by side leave neither gap nor overlap on the grid, at every zoom."""
    edges = WEST + np.array([0, 0.0011, 0.0023, 0.0031])
    cells = [box(a, SOUTH, b, SOUTH + 0.001) for a, b in pairwise(edges)]
    layer = Layer("cells", cells, ids=[1, 2, 3])
    for zoom in range(12, 17):
        address = tile_of(WEST + 0.0015, SOUTH + 0.0005, zoom)
        shapes = [shape_of(f) for f in decode(layer.encode(address))["cells"]]
        assert sum(s.area for s in shapes) == shapely.union_all(shapes).area
        assert shapely.union_all(shapes).geom_type == "Polygon"


def test_from_farther_away_small_bends_go_and_neighbours_still_share_their_border() -> None:
    # Two areas along a crooked street, of bends of a metre.
    street = [(116.4 + 1e-5 * (n % 2), 39.9 + 1e-4 * n) for n in range(40)]
    west = Polygon([*street, (116.39, street[-1][1]), (116.39, 39.9)])
    east = Polygon([*street, (116.41, street[-1][1]), (116.41, 39.9)])
    near = Layer("area", [west, east], ids=[1, 2], zooms=(13, 15))
    far = near.farther((10, 12))
    assert far.encode(tile_of(116.4, 39.9, 15)) == b"" == near.encode(tile_of(116.4, 39.9, 12))
    shown = far.shapes
    assert shapely.get_num_coordinates(shown).max() < 9  # of 43
    assert shapely.coverage_is_valid(shown)
    moved = shapely.area(shapely.symmetric_difference(shown, near.shapes)) / shapely.area(shown)
    assert moved.max() < 0.01
    assert {f.id for f in decode(far.encode(tile_of(116.4, 39.9, 12)))["area"]} == {1, 2}


def test_lines_attributes_and_kinds_of_values() -> None:
    address = tile_of(WEST, SOUTH, 14)
    line = LineString([(WEST, SOUTH), (WEST, SOUTH), (WEST + 0.001, SOUTH), (WEST + 0.9, SOUTH)])
    columns = {
        "name": ["人民路"], "one": [1], "sure": [True], "wide": [1.0], "depth": [-3], "no": [None],
    }  # fmt: skip
    (street,) = decode(Layer("streets", [line], columns=columns).encode(address))["streets"]
    assert street.kind == "line" and street.id is None
    assert street.properties == {
        "name": "人民路", "one": 1, "sure": True, "wide": 1.0, "depth": -3,
    }  # fmt: skip
    assert [type(street.properties[k]) for k in ("one", "sure", "wide")] == [int, bool, float]
    (path,) = street.paths
    assert len(path) == 3, "the repeated point is gone"
    assert path[-1][0] == 4096 + 64, "cut at the margin"


def test_several_points_of_one_feature_stay_together() -> None:
    address = tile_of(WEST, SOUTH, 12)
    both = MultiPoint([(WEST, SOUTH), (WEST + 0.001, SOUTH)])
    (feature,) = decode(Layer("lamps", [both], ids=[5]).encode(address))["lamps"]
    assert (feature.id, feature.kind, len(feature.paths)) == (5, "point", 2)


def test_empty_far_small_and_wrong_zoom_give_no_bytes() -> None:
    here, far = tile_of(WEST, SOUTH, 14), Address(14, 0, 0)
    house = box(WEST, SOUTH, WEST + 0.0001, SOUTH + 0.0001)
    assert tile([Layer("none", [])], here) == b""
    assert tile([Layer("houses", [house])], far) == b""
    assert tile([Layer("houses", [house], smallest=1e6)], here) == b""
    assert tile([Layer("houses", [house], zooms=(15, 22))], here) == b""
    assert tile([Layer("houses", [house])], here) != b""


@pytest.mark.parametrize("zxy", [(-1, 0, 0), (2, 4, 0), (2, 0, -1), (23, 0, 0)])
def test_a_tile_that_no_map_has_is_refused(zxy: tuple[int, int, int]) -> None:
    with pytest.raises(NotFound) as refused:
        Address(*zxy)
    assert refused.value.code == "tile.outside"


def test_columns_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"areas\.ids: 1 values for 2 shapes"):
        Layer("areas", [Point(0, 0), Point(1, 1)], ids=[1])


def test_a_feature_appears_from_its_own_zoom_on() -> None:
    lines = [LineString([(WEST, SOUTH), (WEST + 0.001, SOUTH)])] * 2
    layer = Layer("streets", lines, ids=[1, 2], from_zoom=np.array([10, 13]))
    seen = {z: [f.id for f in decode(layer.encode(tile_of(WEST, SOUTH, z)))["streets"]]
            for z in (12, 13)}  # fmt: skip
    assert seen == {12: [1], 13: [1, 2]}


@settings(max_examples=60, deadline=None)
@given(st.lists(polygons(), min_size=1, max_size=3), st.integers(6, 15))
def test_tiles_that_hold_something_are_told(shapes: list[Polygon], zoom: int) -> None:
    layer = Layer("areas", shapes)
    over = Bounds(WEST - 0.2, SOUTH - 0.2, WEST + 0.2, SOUTH + 0.2)
    held = {a for a in tiles_over(over, zoom) if layer.encode(a)} if zoom < 14 else set()
    told = layer.addresses(zoom)
    assert held <= set(told) and len(told) == len(set(told))
    assert Layer("none", []).addresses(zoom) == []


@given(st.lists(st.integers(0, 4), min_size=1, max_size=20), st.integers(1, 3))
def test_pieces_are_woven_in_turn(sizes: list[int], count: int) -> None:
    pieces = [
        [bytes([65 + p]) * (size + p * (k % 2)) for k, size in enumerate(sizes)]
        for p in range(count)
    ]
    parts = [Ragged(np.frombuffer(b"".join(own), np.uint8), np.array([len(b) for b in own]))
             for own in pieces]  # fmt: skip
    joined = [b"".join(each) for each in zip(*pieces, strict=True)]
    found = woven(parts)
    assert found.flat.tobytes() == b"".join(joined)
    assert found.sizes.tolist() == [len(each) for each in joined]
