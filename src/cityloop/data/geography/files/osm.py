"""OpenStreetMap, .osm and .osm.pbf: nodes, ways, and areas put together from their pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.data.geography.domain.features import Feature
from cityloop.data.geography.domain.shapes import geometry_error
from cityloop.data.geography.files.source import Layer, file_error, missing_extra

_AREA_TYPES = ("multipolygon", "boundary")


class OsmSource:
    """Reader of one file. Layers are node, way and relation; only objects with tags are features.

    A closed way is both a line and an area, until a rule decides. An area that cannot be put
    together is handed on with its reason; a self-crossing way as it is, to be repaired.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.layers = [Layer(name, "EPSG:4326") for name in ("node", "way", "relation")]
        self.remarks: list[tuple[str, str]] = []
        self.left_out: dict[str, int] = {}

    def features(self) -> Iterator[Feature]:
        """Raises: DomainError geography.not_installed, geography.damaged."""
        try:
            import osmium
        except ImportError:
            raise missing_extra("osmium") from None
        try:
            yield from _Reading(osmium).run(self._path)
        except (RuntimeError, ValueError, OSError) as error:
            raise file_error(
                "damaged",
                f"{self._path.name} is not a whole OpenStreetMap file: {error}. Fetch it again.",
                f"{self._path.name} 不是完整的 OpenStreetMap 文件：{error}。请重新获取。",
            ) from error


class _Reading:
    """One pass: what was begun (closed ways, relations) until its area comes."""

    def __init__(self, osmium: Any) -> None:
        self._osmium = osmium
        self._wkb = osmium.geom.WKBFactory()
        self._closed: dict[int, Feature] = {}
        self._relations: dict[int, Feature] = {}
        self._number = {"node": 0, "way": 0, "relation": 0}

    def run(self, path: Path) -> Iterator[Feature]:
        osmium = self._osmium
        reader = osmium.FileProcessor(str(path)).with_areas()
        reader = reader.with_filter(osmium.filter.EmptyTagFilter())
        for thing in reader:
            found = self._one(thing)
            if found is not None:
                yield found
        yield from self._left()

    def _one(self, thing: Any) -> Feature | None:
        if thing.is_area():
            return self._area(thing)
        if thing.deleted:
            return None
        if thing.is_node():
            return self._node(thing)
        if thing.is_way():
            return self._way(thing)
        return self._relation(thing)

    def _new(self, layer: str, thing: Any) -> Feature:
        self._number[layer] += 1
        fields: dict[str, Any] = {tag.k: tag.v for tag in thing.tags}
        return Feature(layer, self._number[layer], fields, key=f"{layer}/{thing.id}")

    def _node(self, node: Any) -> Feature:
        found = self._new("node", node)
        if node.location.valid():
            found.shape = shapely.Point(node.location.lon, node.location.lat)
        return found

    def _way(self, way: Any) -> Feature | None:
        found = self._new("way", way)
        points = [(n.location.lon, n.location.lat) for n in way.nodes if n.location.valid()]
        if len(points) < len(way.nodes):
            found.error = geometry_error(
                f"misses {len(way.nodes) - len(points)} of its {len(way.nodes)} nodes: the "
                "extract cut them off. Extract with complete ways",
                f"缺少 {len(way.nodes)} 个节点中的 {len(way.nodes) - len(points)} 个"
                "（截取时丢失），"
                "请按完整道路重新截取",
            )
            return found
        if len(points) < 2:
            found.error = geometry_error("has fewer than two nodes", "节点少于两个")
            return found
        found.shape = shapely.LineString(points)
        if way.is_closed() and len(points) >= 4:
            self._closed[way.id] = found
            return None
        return found

    def _relation(self, relation: Any) -> Feature | None:
        found = self._new("relation", relation)
        if found.fields.get("type") in _AREA_TYPES:
            self._relations[relation.id] = found
            return None
        return found

    def _area(self, area: Any) -> Feature | None:
        if area.num_rings()[0] == 0:
            return None  # its rings could not be put together: told at the end
        waiting = self._closed if area.from_way() else self._relations
        found = waiting.pop(area.orig_id(), None)
        if found is None:
            return None
        shape = _simple(shapely.from_wkb(bytes.fromhex(self._wkb.create_multipolygon(area))))
        found.shape, found.other = shape, found.shape
        return found

    def _left(self) -> Iterator[Feature]:
        for found in self._closed.values():
            assert found.shape is not None
            found.other = shapely.Polygon(shapely.get_coordinates(found.shape))
            yield found
        for found in self._relations.values():
            found.error = geometry_error(
                "is an area whose rings do not close, cross, or lack members in the file",
                "是面关系，但其环未闭合、相互交叉或成员不在文件中",
            )
            yield found


def _simple(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape
