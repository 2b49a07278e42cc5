"""SUMO networks (*.net.xml): edges as streets, with class, name, speed and lanes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.data.geography.domain.features import Feature
from cityloop.data.geography.domain.shapes import geometry_error
from cityloop.data.geography.files.source import Layer, file_error
from cityloop.engines.tables.xlsx_package import BrokenPart, XmlReader
from cityloop.kernel.geo import LocalPlane, coordinate_system

LAYER = "edge"
_ROAD_USERS = {"passenger", "bus", "delivery", "truck", "emergency", "authority", "taxi"}


@dataclass(slots=True)
class _Edge:
    id: str
    start: str
    end: str
    fields: dict[str, Any]
    shape: str
    lanes: list[dict[str, str]] = field(default_factory=list)


class SumoSource:
    """Reader of one network. Internal edges are no streets; an edge that goes back along another
    ("-12" to "12") becomes one street with it.

    Args:
        anchor: longitude and latitude of the network's point (0, 0), for networks without a
            projection ("!"): their metres could lie anywhere.
    """

    def __init__(self, path: Path, anchor: tuple[float, float] | None = None) -> None:
        self._path = path
        self._edges: list[_Edge] = []
        self._edge: _Edge | None = None  # whose lanes are being read
        self._nodes: dict[str, tuple[float, float]] = {}
        self._location: dict[str, str] = {}
        self.remarks: list[tuple[str, str]] = []
        self.left_out: dict[str, int] = {}
        self._parse()
        self._anchor = anchor
        self.layers = [Layer(LAYER, "EPSG:4326")]
        self._check_projection()

    def _parse(self) -> None:
        reader = XmlReader(self._start, lambda name: None)
        try:
            with self._path.open("rb") as stream:
                for _ in reader.feed(stream):
                    pass
        except BrokenPart as error:
            raise file_error(
                "damaged",
                f"{self._path.name} is not a whole SUMO network: {error}.",
                f"{self._path.name} 不是完整的 SUMO 路网：{error}。",
            ) from error
        if not self._location:
            raise file_error(
                "damaged",
                f"{self._path.name} has no <location>: it is no SUMO network (*.net.xml).",
                f"{self._path.name} 没有 <location>，不是 SUMO 路网（*.net.xml）。",
            )

    def _start(self, name: str, given: dict[str, str]) -> None:
        if name == "edge":
            self._edge = None
            if given.get("function", "normal") != "normal":
                self.left_out["internal"] = self.left_out.get("internal", 0) + 1
                return
            known = {k: v for k, v in given.items() if k in ("name", "type", "priority")}
            edge = _Edge(given.get("id", ""), given.get("from", ""), given.get("to", ""), known,
                         given.get("shape", ""))  # fmt: skip
            self._edges.append(edge)
            self._edge = edge
        elif name == "lane" and self._edge is not None:
            self._edge.lanes.append(given)
        elif name == "junction" and given.get("type") != "internal":
            self._nodes[given.get("id", "")] = (_float(given.get("x")), _float(given.get("y")))
        elif name == "location":
            self._location = given

    def _check_projection(self) -> None:
        projection = self._location.get("projParameter", "!")
        if projection != "!":
            self._system = coordinate_system(projection)
            return
        if self._anchor is None:
            raise file_error(
                "no_anchor",
                f'{self._path.name} has no projection (projParameter "!"): its metres may lie '
                "anywhere. Give the place of its origin (0, 0) as LON,LAT (--anchor).",
                f"{self._path.name} 没有投影（projParameter 为“!”），其坐标可在任何地方。请给出其"
                "原点 (0, 0) 的位置：经度,纬度（--anchor）。",
            )
        self.remarks.append((
            f"路网没有投影：按原点位于 {self._anchor[0]:.6f}, {self._anchor[1]:.6f} 放置",
            f"the network has no projection: its origin was put at {self._anchor[0]:.6f}, "
            f"{self._anchor[1]:.6f}",
        ))  # fmt: skip

    def features(self) -> Iterator[Feature]:
        ways = {(e.id, e.start, e.end) for e in self._edges}
        number = 0
        back = 0
        for edge in self._edges:
            forward = edge.id.removeprefix("-")
            if edge.id.startswith("-") and (forward, edge.end, edge.start) in ways:
                back += 1
                continue
            number += 1
            two_way = (f"-{edge.id}", edge.end, edge.start) in ways
            yield self._feature(number, edge, two_way=two_way)
        self.left_out["reverse"] = back

    def _feature(self, number: int, edge: _Edge, *, two_way: bool) -> Feature:
        speeds = [_float(lane.get("speed")) for lane in edge.lanes]
        roads = [lane for lane in edge.lanes if _for_vehicles(lane)]
        fields = edge.fields | {
            "id": edge.id,
            "type": edge.fields.get("type", ""),
            "lanes": len(roads) * (2 if two_way else 1),
            "speed_kmh": round(max(speeds) * 3.6, 1) if speeds else None,
            "oneway": not two_way,
            "vehicles": bool(roads),
        }
        found = Feature(LAYER, number, fields, key=edge.id)
        points = self._points(edge)
        if len(points) < 2 or not np.isfinite(points).all():
            found.error = geometry_error(
                f"(edge {edge.id}) has neither a shape nor two known junctions",
                f"（edge {edge.id}）没有形状，也没有两端路口",
            )
            return found
        found.shape = shapely.LineString(self._placed(points))
        return found

    def _points(self, edge: _Edge) -> NDArray[np.float64]:
        """The edge's own shape, else its middle lane's, else from junction to junction."""
        shape = edge.shape
        if not shape and edge.lanes:
            shape = edge.lanes[len(edge.lanes) // 2].get("shape", "")
        if shape:
            pairs = [pair.split(",")[:2] for pair in shape.split()]
            return np.array([[_float(v) for v in p] for p in pairs if len(p) == 2], np.float64)
        ends = [self._nodes[n] for n in (edge.start, edge.end) if n in self._nodes]
        return np.array(ends, np.float64)

    def _placed(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._anchor is not None and self._location.get("projParameter", "!") == "!":
            return np.column_stack(LocalPlane(*self._anchor).to_lonlat(*points.T))
        offset = [_float(v) for v in self._location.get("netOffset", "0,0").split(",")[:2]]
        east, north = (points - offset).T
        return np.column_stack(self._system.to_wgs84(east, north))


def _for_vehicles(lane: dict[str, str]) -> bool:
    """Whether cars or buses may use it: sidewalks and cycle tracks are no lanes of a street."""
    if "allow" in lane:
        return bool(_ROAD_USERS & set(lane["allow"].split()))
    return lane.get("disallow") != "all"


def _float(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
