"""Files as cities and map makers write them, made for a test: the small city of tests/world.py
(four cells side by side from 116.900, 39.100) is the ground they lie on."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyogrio
import pyproj
import shapely
from osmium.osm.mutable import Node, Relation, Way

W, S = 116.9, 39.1
Tags = dict[str, str]


def house(x: float = 0.001, y: float = 0.001, side: float = 0.0003) -> shapely.Polygon:
    """A square building, degrees from the south-west corner of the small city."""
    return shapely.box(W + x, S + y, W + x + side, S + y + side)


def bow_tie(x: float = 0.001, y: float = 0.001, side: float = 0.0004) -> shapely.Polygon:
    """A polygon that crosses itself."""
    a, b = W + x, S + y
    return shapely.Polygon([(a, b), (a + side, b + side), (a + side, b), (a, b + side)])


def collection(
    features: Sequence[tuple[Mapping[str, Any], shapely.Geometry | None]], **more: Any
) -> str:
    """GeoJSON text."""
    return json.dumps({
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(properties),
                "geometry": None if g is None else shapely.geometry.mapping(g),
            }
            for properties, g in features
        ],
        **more,
    })  # fmt: skip


def projected(shape: shapely.Geometry, epsg: int) -> shapely.Geometry:
    """The shape in another system."""
    way = pyproj.Transformer.from_crs(4490, epsg, always_xy=True)
    return shapely.transform(shape, lambda xy: np.column_stack(way.transform(*xy.T)))


def write_layer(
    path: Path,
    shapes: Sequence[shapely.Geometry | None],
    columns: Mapping[str, Sequence[Any]],
    *,
    crs: str | None = "EPSG:4490",
    layer: str | None = None,
    append: bool = False,
    encoding: str | None = None,
    kind: str = "Polygon",
) -> Path:
    """A GeoPackage or shapefile, by its suffix."""
    given = np.empty(len(shapes), dtype=object)
    given[:] = list(shapes)
    warnings.filterwarnings("ignore", ".crs. was not provided")  # meant: files come so
    pyogrio.raw.write(
        path, shapely.to_wkb(given), field_data=[np.array(c) for c in columns.values()],
        fields=list(columns), crs=crs, layer=layer, append=append, geometry_type=kind,
        encoding=encoding, driver="GPKG" if path.suffix == ".gpkg" else "ESRI Shapefile",
    )  # fmt: skip
    return path


def zipped(path: Path, parts: Sequence[Path], folder: str = "") -> Path:
    """These files in an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.write(part, folder + part.name)
    return path


def write_osm(path: Path, *, without: Collection[int] = ()) -> Path:
    """A quarter with everything that is usual in an extract, and what is usually wrong with it.

    Two streets, a closed pedestrian loop, a good and a self-crossing building, a lake with an
    island by relation, a broken relation, a way that was cut off, a hospital, a lamp, a river
    that leaves the city, a bus route.
    """
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as out:
        for number, (x, y, tags) in _NODES.items():
            out.add_node(Node(id=number, location=(W + x, S + y), tags=tags))
        for number, (refs, tags) in _WAYS.items():
            if number in without:
                continue
            out.add_way(Way(id=number, nodes=refs, tags=tags))
        for number, (members, tags) in _RELATIONS.items():
            out.add_relation(Relation(id=number, members=members, tags=tags))
    return path


_NODES: dict[int, tuple[float, float, Tags]] = {
    1: (0.0005, 0.002, {}), 2: (0.008, 0.002, {}), 3: (0.015, 0.002, {}),
    4: (0.004, 0.0005, {}), 5: (0.004, 0.0035, {}),
    # a building
    11: (0.001, 0.001, {}), 12: (0.0014, 0.001, {}), 13: (0.0014, 0.0013, {}),
    14: (0.001, 0.0013, {}),
    # one that crosses itself
    21: (0.002, 0.001, {}), 22: (0.0024, 0.0013, {}), 23: (0.0024, 0.001, {}),
    24: (0.002, 0.0013, {}),
    # a lake and its island
    31: (0.009, 0.0025, {}), 32: (0.011, 0.0025, {}), 33: (0.011, 0.0035, {}),
    34: (0.009, 0.0035, {}), 35: (0.0095, 0.0028, {}), 36: (0.0102, 0.0028, {}),
    37: (0.0102, 0.0032, {}),
    # a loop for walkers
    41: (0.005, 0.0025, {}), 42: (0.006, 0.0025, {}), 43: (0.006, 0.003, {}),
    51: (0.0125, 0.003, {"amenity": "hospital", "name": "和安医院", "name:en": "He'an Hospital",
                         "addr:street": "长宁街", "addr:housenumber": "8号"}),
    52: (0.0051, 0.0021, {"highway": "street_lamp"}),
    53: (0.3, 0.3, {"amenity": "school", "name": "outside the city"}),
    54: (0.003, 0.003, {"note": "nothing that a rule takes"}),
    61: (-0.002, 0.003, {}), 62: (0.002, 0.0036, {}),
}  # fmt: skip
_WAYS: dict[int, tuple[list[int], Tags]] = {
    100: ([1, 2, 3], {"highway": "primary", "name": "长宁街", "name:en": "Changning Street",
                      "maxspeed": "60", "lanes": "4", "oneway": "no"}),
    101: ([4, 5], {"highway": "residential", "name": "春和巷", "maxspeed": "20 mph"}),
    102: ([41, 42, 43, 41], {"highway": "pedestrian", "name": "环廊"}),
    110: ([11, 12, 13, 14, 11], {"building": "apartments", "name": "1号楼",
                                 "building:levels": "18", "building:flats": "72"}),
    111: ([21, 22, 23, 24, 21], {"building": "yes", "building:levels": "about 5"}),
    120: ([31, 32, 33, 34, 31], {}),
    121: ([35, 36, 37, 35], {}),
    130: ([1, 4, 999], {"highway": "residential", "name": "cut off by the extract"}),
    140: ([61, 62], {"waterway": "river", "name": "安河"}),
}  # fmt: skip
_RELATIONS: dict[int, tuple[list[tuple[str, int, str]], Tags]] = {
    200: ([("w", 120, "outer"), ("w", 121, "inner")],
          {"type": "multipolygon", "natural": "water", "name": "春和湖"}),
    201: ([("w", 101, "outer")], {"type": "multipolygon", "building": "yes", "name": "open ring"}),
    202: ([("w", 100, "")], {"type": "route", "route": "bus"}),
}  # fmt: skip

SUMO_HEAD = '<net version="1.9"><location netOffset="{offset}" convBoundary="0,0,9,9" ' \
    'origBoundary="0,0,9,9" projParameter="{projection}"/>'  # fmt: skip
SUMO_BODY = """
 <edge id=":a_0" function="internal"><lane id=":a_0_0" index="0" speed="8" length="5"
   shape="0,0 5,0"/></edge>
 <edge id="12" from="a" to="b" name="东街" priority="9" type="highway.primary"
   shape="0.00,0.00 50.00,0.00 100.00,5.00">
  <lane id="12_0" index="0" disallow="all" speed="1.4" length="100" shape="0,-4 100,-4"/>
  <lane id="12_1" index="1" disallow="tram" speed="13.89" length="100" shape="0,-2 100,2"/>
  <lane id="12_2" index="2" speed="16.67" length="100" shape="0,0 100,5"/></edge>
 <edge id="-12" from="b" to="a" type="highway.primary" shape="100,5 50,0 0,0">
  <lane id="-12_0" index="0" speed="13.89" length="100" shape="100,6 0,2"/></edge>
 <edge id="7" from="b" to="c" type="highway.residential">
  <lane id="7_0" index="0" speed="8.33" length="80" shape="100.0,5.0 100.0,80.0"/></edge>
 <edge id="8" from="c" to="d"><lane id="8_0" index="0" allow="pedestrian" speed="1.4"
   length="9"/></edge>
 <edge id="9" from="c" to="nowhere"><lane id="9_0" index="0" speed="8.33" length="9"/></edge>
 <junction id="a" type="priority" x="0" y="0"/><junction id="b" type="priority" x="100" y="5"/>
 <junction id="c" type="priority" x="100" y="80"/><junction id="d" type="dead_end" x="90" y="80"/>
</net>
"""


def write_sumo(path: Path, *, projection: str = "!", offset: str = "0,0", head: str = "") -> Path:
    """A network as netconvert writes it: internal edges, a street of two directions, a walk."""
    start = f'<?xml version="1.0"?>{head}' + SUMO_HEAD.format(projection=projection, offset=offset)
    path.write_text(start + SUMO_BODY, "utf-8")
    return path
