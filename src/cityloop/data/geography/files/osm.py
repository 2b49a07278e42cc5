"""OpenStreetMap, .osm and .osm.pbf: nodes, ways, and areas put together from their pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.data.geography.domain.features import Feature
from cityloop.data.geography.domain.shapes import geometry_error
from cityloop.data.geography.files.source import Layer, file_error, missing_extra
from cityloop.kernel.errors import DomainError

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
        self._members: dict[int, list[int]] = {}
        self._number = {"node": 0, "way": 0, "relation": 0}

    def run(self, path: Path) -> Iterator[Feature]:
        osmium = self._osmium
        reader = osmium.FileProcessor(str(path)).with_areas()
        reader = reader.with_filter(osmium.filter.EmptyTagFilter())
        for thing in reader:
            found = self._one(thing)
            if found is not None:
                yield found
        yield from self._left(path)

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
            self._members[relation.id] = [m.ref for m in relation.members if m.type == "w"]
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

    def _left(self, path: Path) -> Iterator[Feature]:
        for found in self._closed.values():
            assert found.shape is not None
            found.other = shapely.Polygon(shapely.get_coordinates(found.shape))
            yield found
        wanted = {ref for one in self._relations for ref in self._members[one]}
        ends = self._ends(path, wanted) if wanted else {}
        for number, found in self._relations.items():
            found.error = _why_no_area(self._members[number], ends)
            yield found

    def _ends(self, path: Path, wanted: set[int]) -> dict[int, tuple[int, int]]:
        """First and last node of these ways, as far as the file has them: a second pass."""
        osmium = self._osmium
        ways = osmium.FileProcessor(str(path), osmium.osm.WAY)
        ways = ways.with_filter(osmium.filter.IdFilter(wanted))
        return {w.id: (w.nodes[0].ref, w.nodes[-1].ref) for w in ways if len(w.nodes)}


def _why_no_area(members: list[int], ends: dict[int, tuple[int, int]]) -> DomainError:
    """Why the ways of a relation are no area: not all there, not closed, or crossing."""
    absent = [ref for ref in members if ref not in ends]
    if not members or absent:
        shown = ", ".join(f"way/{ref}" for ref in absent[:3]) + (" …" if len(absent) > 3 else "")
        return geometry_error(
            f"is an area that lacks {len(absent)} of its {len(members)} ways in the file"
            f"{f' ({shown})' if shown else ''}. Extract with complete relations",
            f"是面关系，文件中缺少其 {len(members)} 条边线中的 {len(absent)} 条"
            f"{f'（{shown}）' if shown else ''}，请按完整关系重新截取",
        )
    met = Counter(node for ref in members for node in ends[ref] if ends[ref][0] != ends[ref][1])
    loose = [node for node, n in met.items() if n % 2]
    if loose:
        shown = ", ".join(f"node/{node}" for node in loose[:4])
        return geometry_error(
            f"is an area whose rings do not close: loose ends at {shown}",
            f"是面关系，但其环未闭合：断点位于 {shown}",
        )
    return geometry_error(
        "is an area whose rings cross or touch themselves", "是面关系，但其环相互交叉或自交"
    )


def _simple(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return parts[0] if len(parts) == 1 else shape
