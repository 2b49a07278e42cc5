"""A file of geography into areas and elements: judged in batches, taken by the apps that own them.

Areas come first and whole, for elements are located in them; elements come row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import shapely

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements import commands as elements
from cityloop.city.elements import queries as registers
from cityloop.city.elements.domain import ElementRow
from cityloop.city.places import queries as places
from cityloop.data.geography.commands.areas import AreaFeature, take_areas
from cityloop.data.geography.commands.ground import inside_city
from cityloop.data.geography.commands.missing import Complete, Present, retire_missing
from cityloop.data.geography.commands.numbering import numbered
from cityloop.data.geography.commands.rows import area_of, code_key, element_of
from cityloop.data.geography.domain import (
    Feature,
    GeographyMap,
    Report,
    Rule,
    decide_system,
    judge_shapes,
    match,
)
from cityloop.data.geography.domain.report import MOST_SHOWN, Repaired, skipped_text
from cityloop.data.geography.files import OpenFile, Source, open_file
from cityloop.data.geography.rules import need_geographer
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import CoordinateSystem

BATCH = 5_000
FLUSH = 20_000
_SAMPLE = 200


@dataclass(slots=True)
class _Run:
    mapping: GeographyMap
    actor: Viewer
    now: datetime
    dry_run: bool
    report: Report
    systems: dict[str, CoordinateSystem] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: dict[str, list[tuple[ElementRow, Feature]]] = field(default_factory=dict)
    present: Present = field(default_factory=Present)


@dataclass(slots=True)
class _Good:
    """A feature with its rule and its shape in WGS84."""

    feature: Feature
    rule: Rule
    shape: shapely.Geometry


def import_file(
    path: Path,
    mapping: GeographyMap,
    *,
    crs: str = "",
    anchor: tuple[float, float] | None = None,
    complete: Complete | None = None,
    area_codes: Mapping[str, str] | None = None,
    dry_run: bool = False,
    actor: Viewer,
    now: datetime,
) -> Report:
    """Features of a file as areas and elements, by a mapping.

    A second run of the same file changes nothing. Elements are written in batches of 20,000;
    should the file break off in the middle, what came before stays and is not doubled later.

    Args:
        path: .osm, .osm.pbf, GeoJSON, GeoPackage, shapefile or its zip, table, SUMO network.
        crs: the coordinate system as whoever brings the file declares it; "" = as the mapping or
            the file says.
        anchor: WGS84 place of the point (0, 0) of a network without projection.
        area_codes: codes of areas by name, for a mapping that numbers areas.
        complete: that the file has all there is of its kinds, in an area: what else its source
            has registered there is retired, its history stays.
        dry_run: tell what would happen, row by row, and write nothing.
    Returns: the report; every feature read is in exactly one of its counts.
    Raises: NotAllowed; NotFound("element.no_kind"); DomainError geography.* for the whole file.
    """
    need_geographer(actor)
    if complete is not None:
        complete.check()
    _declare_kinds(mapping, actor, now)
    run = _Run(mapping, actor, now, dry_run, Report())
    with open_file(path, OpenFile(mapping.file, anchor)) as source:
        _decide_systems(run, source, crs or mapping.crs)
        go_on = _import_areas(run, source, area_codes or {}) if mapping.has_areas else True
        if go_on:
            _import_elements(run, source)
            if complete is not None:
                retire_missing(
                    complete, run.present, mapping.kinds, run.report, source=mapping.source,
                    dry_run=dry_run, actor=actor, now=now,
                )  # fmt: skip
        for remark in source.remarks:
            run.report.remark(*remark)
        for reason, count in source.left_out.items():
            if count:
                zh, en = skipped_text(reason, zh=True), skipped_text(reason, zh=False)
                run.report.remark(f"{zh}：{count:,}", f"{en}: {count:,}")
    run.report.written = not dry_run and go_on
    return run.report


def _declare_kinds(mapping: GeographyMap, actor: Viewer, now: datetime) -> None:
    """Kinds of the profile may be used before anything was registered."""
    known = registers.kinds()
    if any(kind not in known for kind in mapping.kinds):
        elements.register_profile_kinds(actor=actor, now=now)
    for kind in mapping.kinds:
        registers.kind_row(kind)


def _decide_systems(run: _Run, source: Source, declared: str) -> None:
    samples: dict[str, list[shapely.Geometry]] = {layer.name: [] for layer in source.layers}
    if any(layer.own_system is None for layer in source.layers) and not declared:
        for feature in islice(source.features(), _SAMPLE):
            if feature.shape is not None:
                samples[feature.layer].append(feature.shape)
    for layer in source.layers:
        system = decide_system(
            declared, layer.own_system, default=layer.default_system, layer=layer.name,
            sample=samples[layer.name],
        )  # fmt: skip
        run.systems[layer.name] = system
        run.report.systems[layer.name] = f"{system.name} ({system.code})"
        if not system.exact:
            run.report.remark(
                f"{system.name} 与 CGCS2000 的换算参数不公开，位置可能偏差数米至数十米，"
                "请用已知点核对",
                f"the shift between {system.name} and CGCS2000 is not public: places may be metres "
                "to tens of metres off; compare known points",
            )


def _batches(features: Iterable[Feature]) -> Iterator[list[Feature]]:
    coming = iter(features)
    while batch := list(islice(coming, BATCH)):
        yield batch


def _import_areas(run: _Run, source: Source, codes: Mapping[str, str]) -> bool:
    """Whether elements may follow: not when areas were refused, for those would be missed."""
    found: list[AreaFeature] = []
    rules = [rule for rule in run.mapping.rule if rule.level]
    for batch in _batches(source.features()):
        matched = [(f, match(f, rules).rule) for f in batch]
        own = [(f, rule) for f, rule in matched if rule is not None]
        run.report.read += len(own)
        found += [area_of(g.feature, g.rule, g.shape) for g in _judged(run, own)]
        _show(run, [(a.level, a.shape, a.name) for a in found[:MOST_SHOWN]])
    if run.mapping.numbering:
        found = numbered(found, codes, run.report)
    run.report.areas = [(a.level, a.code, a.name, a.parent) for a in found]
    refused = run.report.refused_codes.total() > 0 and any(r.level == "cell" for r in rules)
    return take_areas(found, run.report, held=refused, dry_run=run.dry_run, actor=run.actor,
                      now=run.now)  # fmt: skip


def _import_elements(run: _Run, source: Source) -> None:
    for batch in _batches(source.features()):
        own: list[tuple[Feature, Rule]] = []
        for feature in batch:
            found = match(feature, run.mapping.rule)
            if found.rule is not None and found.rule.level:
                continue  # an area, dealt with before
            run.report.read += 1
            if found.rule is None and feature.error is not None and not feature.fields:
                # A row that could not be read at all has no fields to match by.
                _refuse(run, feature, None, feature.error)
            elif found.rule is None:
                run.report.skipped[found.reason] += 1
            else:
                own.append((feature, found.rule))
        for good in _near(run, _judged(run, own)):
            _hold(run, good)
        for kind in [k for k, rows in run.rows.items() if len(rows) >= FLUSH]:
            _flush(run, kind)
    for kind in list(run.rows):
        _flush(run, kind)


def _judged(run: _Run, own: list[tuple[Feature, Rule]]) -> list[_Good]:
    """Those whose shape can be used; the others are refused in the report."""
    report, found = run.report, []
    by_layer: dict[str, list[tuple[Feature, Rule]]] = {}
    for feature, rule in own:
        if feature.error is not None:
            _refuse(run, feature, rule, feature.error)
        else:
            by_layer.setdefault(feature.layer, []).append((feature, rule))
    for layer, pairs in by_layer.items():
        judged = judge_shapes(
            [f.shape_for(rule) for f, rule in pairs],
            run.systems[layer],
            order=run.mapping.order,
            bounds=places.bounds(),
            smallest_m2=[rule.min_area_m2 for _, rule in pairs],
            repair=run.mapping.repair,
            closed=[k for k, (f, _) in enumerate(pairs) if f.open_ring],
        )
        for k, (feature, rule) in enumerate(pairs):
            error = judged.errors.get(k)
            if error is not None:
                _refuse(run, feature, rule, error)
                continue
            if k in judged.repairs:
                reason, change = judged.repairs[k]
                report.repair(Repaired(layer, feature.number, feature.key, reason, change))
            found.append(_Good(feature, rule, judged.shapes[k]))
    return found


def _near(run: _Run, goods: list[_Good]) -> list[_Good]:
    """Those in the city; the others as the mapping says."""
    if run.mapping.outside == "keep" or not goods:
        return goods
    inside = inside_city([g.shape for g in goods])
    for good, is_in in zip(goods, inside, strict=True):
        if is_in:
            continue
        if run.mapping.outside == "skip":
            run.report.skipped["outside"] += 1
            run.present.left(good.feature, good.rule)
        else:
            _refuse(run, good.feature, good.rule, _outside())
    return [g for g, is_in in zip(goods, inside, strict=True) if is_in]


def _refuse(run: _Run, feature: Feature, rule: Rule | None, error: DomainError) -> None:
    run.present.left(feature, rule)
    run.report.refuse(feature.layer, feature.number, feature.key, error)


def _outside() -> DomainError:
    return DomainError(
        "geography.outside",
        "The feature lies outside of the city's areas.",
        "该要素在本市区域之外。",
        where="geometry",
    )


def _hold(run: _Run, good: _Good) -> None:
    """Keep a row until enough of its kind have come together."""
    feature, report = good.feature, run.report
    try:
        row = element_of(feature, good.rule, good.shape, report)
        first = run.seen.setdefault((good.rule.kind, code_key(row)), feature.number)
        if first != feature.number:
            raise _twice(code_key(row), first)
    except DomainError as error:
        _refuse(run, feature, good.rule, error)
        return
    rows = run.rows.setdefault(good.rule.kind, [])
    row.row = len(rows)
    rows.append((row, feature))
    _show(run, [(good.rule.kind, good.shape, row.name)])


def _twice(code: str, first: int) -> DomainError:
    return DomainError(
        "geography.twice",
        f"The code {code} stands in feature {first} already.",
        f"编码 {code} 与第 {first} 个要素重复。",
        where="code",
    )


def _flush(run: _Run, kind: str) -> None:
    rows = run.rows.pop(kind)
    done = elements.take(
        (row for row, _ in rows), kind=kind, source=run.mapping.source, actor=run.actor,
        now=run.now, dry_run=run.dry_run,
    )  # fmt: skip
    run.report.count(kind).add(done)
    refused_rows = {refused.row for refused in done.refused}
    for row, _ in rows:
        if row.row not in refused_rows or row.code:
            run.present.took(kind, row)
    for refused in done.refused:
        row, feature = rows[refused.row]
        run.present.keys |= {row.source_key} - {""}
        run.report.refuse(feature.layer, feature.number, feature.key, refused.error)


def _show(run: _Run, given: list[tuple[str, shapely.Geometry, str]]) -> None:
    """The first features for the map, and the box over all."""
    for kind, shape, name in given:
        run.report.widen(*shape.bounds)
        if len(run.report.preview) < MOST_SHOWN:
            run.report.preview.append({
                "type": "Feature",
                "properties": {"kind": kind, "name": name},
                "geometry": shapely.geometry.mapping(shape),
            })  # fmt: skip
