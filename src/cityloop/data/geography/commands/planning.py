"""Files of communities, buildings and streets as what is divided into cells.

Any file that geography is imported from will do: GeoJSON, GeoPackage, shapefile, OpenStreetMap,
a table of points, a SUMO network. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.data.geography.domain import Feature, decide_system, judge_shapes, planning
from cityloop.data.geography.domain.features import type_of
from cityloop.data.geography.domain.planning import AREAS, BUILDING_FILE, STREETS, Table
from cityloop.data.geography.domain.report import Refused, skipped_text
from cityloop.data.geography.files import OpenFile, Source, open_file
from cityloop.data.geography.files.osm import OsmSource
from cityloop.engines.partition import HOUSEHOLDS, Building, Community, Street
from cityloop.engines.partition.features import GridInput, metres
from cityloop.engines.partition.intake import need_width
from cityloop.engines.partition.matching import LEAST_M2, Overlap, footprints_of, match_borders
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import LocalPlane

EVERY_FILE = ""
_SAMPLE = 200
_KINDS_OF_SHAPE = {
    AREAS: ("polygon",), BUILDING_FILE: ("polygon", "point"), STREETS: ("line", "polygon"),
}  # fmt: skip
# What of an OpenStreetMap file is meant: features with one of these tags.
_OSM_TAGS = {
    AREAS: ("boundary",), BUILDING_FILE: ("building",),
    STREETS: ("highway", "waterway", "railway", "barrier"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HowRead:
    """How the files are read.

    crs: declared systems by file (areas, buildings, streets), EVERY_FILE for all that are not
    named. anchor: place of the point (0, 0) of a network without projection. order: of the two
    numbers of a point. repair: mend what can be mended, and tell it. column: that has the
    households. weight: what cells will weigh.
    """

    crs: Mapping[str, str] = field(default_factory=dict)
    anchor: tuple[float, float] | None = None
    order: str = "lon,lat"
    repair: bool = False
    column: str = ""
    weight: str = HOUSEHOLDS

    def declared(self, name: str) -> str:
        return self.crs.get(name, self.crs.get(EVERY_FILE, ""))


def read_plan_files(
    areas: Path, buildings: Path, streets: Path | None, how: HowRead
) -> tuple[GridInput, list[Refused]]:
    """What the files hold in metres, and every feature that cannot be used.

    Raises: DomainError geography.* for a file that cannot be read at all, place.unknown_crs,
        partition.no_communities, partition.no_weight, partition.elsewhere.
    """
    tables = [_table(AREAS, areas, how), _table(BUILDING_FILE, buildings, how)]
    tables += [] if streets is None else [_table(STREETS, streets, how)]
    ground, cells = planning.communities(tables[0])
    homes = planning.buildings(tables[1], how.weight)
    lines = planning.streets(tables[2]) if streets is not None else []
    got = _flat(ground, cells, homes, lines)
    got.communities = _matched(tables[0], got.communities, repair=how.repair)
    _need_communities(got.communities, tables[0])
    _need_one_place(got)
    got.remarks = [remark for table in tables for remark in table.remarks]
    if streets is None:
        got.remarks.append((
            "No streets were given: borders run halfway between buildings.",
            "未提供道路：边界取相邻建筑之间的中线。",
        ))  # fmt: skip
    return got, [refused for table in tables for refused in table.refused]


def _table(name: str, path: Path, how: HowRead) -> Table:
    table = Table(name, [], how.column, how.repair)
    with open_file(path, OpenFile(anchor=how.anchor)) as source:
        features = [f for f in source.features() if _is_meant(name, f, source)]
        _judge(table, source, features, how)
        table.remarks += [(en, zh) for zh, en in source.remarks]
        for reason, count in source.left_out.items():
            if count:
                en, zh = (skipped_text(reason, zh=flag) for flag in (False, True))
                table.remarks.append((f"{name}: {en}: {count:,}", f"{name}：{zh}：{count:,}"))
    return table


def _is_meant(name: str, feature: Feature, source: Source) -> bool:
    """Whether a feature is one of what the file was given for."""
    if isinstance(source, OsmSource):
        return any(tag in feature.fields for tag in _OSM_TAGS[name])
    if name == AREAS and not planning.level_of(feature):
        source.left_out["level"] = source.left_out.get("level", 0) + 1
        return False
    return feature.fields.get("vehicles") is not False  # footpaths of a SUMO network


def _judge(table: Table, source: Source, features: list[Feature], how: HowRead) -> None:
    """The rows whose shape can be used, in WGS84."""
    by_layer: dict[str, list[Feature]] = {layer.name: [] for layer in source.layers}
    for feature in features:
        if feature.error is not None:
            table.refuse(feature, feature.error)
        else:
            by_layer[feature.layer].append(feature)
    for layer in source.layers:
        own = by_layer[layer.name]
        given = [_shape(table.name, feature) for feature in own]
        system = decide_system(
            how.declared(table.name), layer.own_system, default=layer.default_system,
            layer=f"{table.name} {layer.name}",
            sample=[s for s in given[:_SAMPLE] if s is not None],
        )  # fmt: skip
        judged = judge_shapes(
            given, system, order=how.order, repair=how.repair,
            closed=[k for k, feature in enumerate(own) if feature.open_ring],
        )  # fmt: skip
        for k, feature in enumerate(own):
            error = judged.errors.get(k)
            if error is not None:
                table.refuse(feature, error)
                continue
            if k in judged.repairs:
                why, change = judged.repairs[k]
                table.mended(feature, f"repaired ({why}); its area changed by {change:.2%}.",
                             f"已修复（{why}），面积变化 {change:.2%}。")  # fmt: skip
            table.rows.append((feature, judged.shapes[k]))


def _shape(name: str, feature: Feature) -> BaseGeometry | None:
    """Of a closed way, which is line and area, the kind that is wanted."""
    for kind in _KINDS_OF_SHAPE[name]:
        for shape in (feature.shape, feature.other):
            if shape is not None and type_of(shape) == kind:
                return shape
    return feature.shape


def _flat(
    ground: list[Community], cells: Mapping[str, Mapping[int, BaseGeometry]],
    homes: list[Building], lines: list[Street],
) -> GridInput:  # fmt: skip
    """Everything in metres around the middle of the communities."""
    if not ground:
        return GridInput(LocalPlane(0.0, 0.0))
    west, south, east, north = shapely.total_bounds([one.polygon for one in ground])
    plane = LocalPlane((west + east) / 2, (south + north) / 2)
    present = {
        code: {n: metres(shape, plane) for n, shape in own.items()} for code, own in cells.items()
    }
    prints = footprints_of(metres(_objects([one.footprint for one in homes]), plane))
    return GridInput(
        plane,
        [Community(one.code, metres(one.polygon, plane)) for one in ground],
        [Building(one.code, shape, one.households, one.weights)
         for one, shape in zip(homes, prints, strict=True)],
        [Street(metres(one.line, plane), one.kind) for one in lines],
        present,
    )  # fmt: skip


def _objects(shapes: list[BaseGeometry]) -> np.ndarray:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def _matched(table: Table, ground: list[Community], *, repair: bool) -> list[Community]:
    """Communities wide enough, whose borders fit each other."""
    kept = []
    for one in ground:
        try:
            need_width(f"community {one.code}", f"社区 {one.code}", one.polygon)
            kept.append(one)
        except DomainError as error:
            table.refuse(table.seen[one.code], error)
    matched = match_borders(kept)
    changed = [
        (one.code, m2) for one, m2 in zip(kept, matched.change_m2, strict=True) if m2 > LEAST_M2
    ]
    for lap in matched.overlaps:
        if not (repair and lap.is_slip):
            first, second = kept[lap.one].code, kept[lap.two].code
            table.refuse(table.seen[second], _overlap(first, second, lap))
    if not repair:
        if changed and not matched.overlaps:
            _tell_gaps(table, changed)
        return kept
    for code, m2 in changed:
        table.mended(
            table.seen[code],
            f"the border of {code} was matched with its neighbours', {m2:.1f} m2 changed.",
            f"{code} 的边界已与相邻社区对齐，变动 {m2:.1f} 平方米。",
        )
    return matched.communities


def _tell_gaps(table: Table, changed: list[tuple[str, float]]) -> None:
    shown, area = ", ".join(code for code, _ in changed[:5]), sum(m2 for _, m2 in changed)
    table.remarks.append((
        f"Beside {len(changed)} communities ({shown} …) lie narrow gaps of {area:.0f} m2, which "
        "belong to no cell; --repair closes them.",
        f"{len(changed)} 个社区（{shown} 等）旁有狭缝，共 {area:.0f} 平方米，不属于任何网格；"
        "--repair 可消除。",
    ))  # fmt: skip


def _overlap(one: str, two: str, lap: Overlap) -> DomainError:
    en, zh = "too wide to be mended unasked: draw one border", "范围过大，请先划清边界"
    if lap.is_slip:
        en, zh = "--repair gives it to one of the two", "可用 --repair 归入其中之一"
    return DomainError(
        "partition.overlap",
        f"overlaps community {one} by {lap.area_m2:.1f} m2, {lap.width_m:.1f} m wide on average; "
        f"{en}.",
        f"{two} 与社区 {one} 重叠 {lap.area_m2:.1f} 平方米，平均宽 {lap.width_m:.1f} 米；{zh}。",
        where=two,
    )


def _need_communities(ground: list[Community], table: Table) -> None:
    if not ground and not table.refused:
        raise DomainError(
            "partition.no_communities",
            "The areas hold no community: polygons with a code and the level community (or none) "
            "are needed.",
            "区域文件中没有社区：需要带编码、level 为 community（或不注明）的面。",
            where=AREAS,
        )


def _need_one_place(got: GridInput) -> None:
    """Raises: DomainError partition.elsewhere: files in different systems lie apart."""
    if not got.communities or not got.buildings:
        return
    spots = shapely.point_on_surface(_objects([b.footprint for b in got.buildings]))
    tree = shapely.STRtree(_objects([c.polygon for c in got.communities]))
    inside = len(np.unique(tree.query(spots, predicate="intersects")[0]))
    if inside:
        return
    away = float(shapely.distance(spots, tree.geometries[tree.nearest(spots)]).min())
    raise DomainError(
        "partition.elsewhere",
        f"None of the {len(spots)} buildings lies in a community; the nearest is {away:,.0f} m "
        "away. Are both files in the system they are said to be in (--crs buildings=gcj02 …)?",
        f"{len(spots)} 栋建筑都不在任何社区内，最近的相距 {away:,.0f} 米。两个文件的坐标系"
        "是否声明正确（如 --crs buildings=gcj02）？",
        where=BUILDING_FILE,
    )
