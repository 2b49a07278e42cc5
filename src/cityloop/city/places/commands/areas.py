"""Importing areas: whole or not at all, idempotent by code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import shapely

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places import queries
from cityloop.city.places.commands.version import places_changed
from cityloop.city.places.domain import LEVELS, CodeTemplate, Level
from cityloop.city.places.domain.feature_file import (
    AreaFile,
    AreaRow,
    Reading,
    RefusedFeature,
    read_areas,
)
from cityloop.city.places.models import Area
from cityloop.city.places.rules import need_area_keeper
from cityloop.city.profile import load_profile
from cityloop.engines.locating import Finding, coverage_check
from cityloop.kernel.errors import DomainError

_TOLD = 100
_FIELDS = (
    "name_zh", "name_en", "households", "sensitive_place", "attributes", "synthetic",
)  # fmt: skip
_BATCH = 500


@dataclass(slots=True)
class AreaImport:
    """What an import did, or would do (dry run).

    refused: features that cannot be used; if there is one, nothing was written.
    findings: gaps, overlaps and the like among the cells of a community; told, not refused.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    ended: list[str] = field(default_factory=list)
    refused: list[RefusedFeature] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    written: bool = False

    def refusal(self) -> DomainError:
        """All refused features as one error."""
        shown = self.refused[:_TOLD]
        lines = "; ".join(f.error.en for f in shown[:3])
        zh = "；".join(f.error.zh for f in shown[:3])
        count = len(self.refused)
        return DomainError(
            "areas.refused",
            f"{count} features cannot be used, nothing was imported. {lines}",
            f"{count} 个要素无法使用，未导入任何内容。{zh}",
            where=shown[0].error.where,
            details={
                "count": count,
                "features": [
                    {"index": f.index, "area_code": f.code, **f.error.as_dict()} for f in shown
                ],
            },
        )


def code_template() -> CodeTemplate:
    """How codes of areas look in this city."""
    return CodeTemplate.of(load_profile().settings.get("areas", {}))


def check_code(level: Level, code: str) -> str:
    """The code, if it fits the profile's template. Raises: DomainError("place.code")."""
    return code_template().check(level, code)


def import_areas(
    text: str | bytes,
    *,
    crs: str = "wgs84",
    repair: bool = False,
    dry_run: bool = False,
    actor: Viewer,
    now: datetime,
) -> AreaImport:
    """Areas of a GeoJSON FeatureCollection: added, changed in place, cells replaced.

    Cells of a community that are missing from a file which has other cells of that community
    end with `now`: the file is taken as the whole of the community. Other areas never end here.

    Args:
        text: the file; properties level, code, name_zh (name_en, parent, households,
            sensitive_place, synthetic; the rest is kept as attributes).
        crs: the system its coordinates are in (wgs84, gcj02, EPSG:4548 ...), as whoever made the
            file declares it.
        repair: mend self-intersecting polygons (what was done is in the remarks).
        dry_run: tell what would happen, refused features included, and write nothing.
    Raises: DomainError areas.not_json, areas.not_features, areas.crs, place.unknown_crs, and
        areas.refused with each feature's index, code and reason; nothing is written then.
    """
    need_area_keeper(actor)
    reading = Reading(code_template(), crs, queries.bounds(), repair)
    file = read_areas(text, reading)
    with write():
        known = {a.code: a for a in Area.objects.filter(valid_until__isnull=True)}
        done = _plan(file, known, reading.template)
        if dry_run or done.refused:
            if done.refused and not dry_run:
                raise done.refusal()
            return done
        _apply(file.rows, known, done, now)
        _end_missing(file.rows, known, done, now)
        if done.added or done.changed or done.ended:
            _record(done, actor, now)
    done.written = True
    return done


def _plan(file: AreaFile, known: dict[str, Area], template: CodeTemplate) -> AreaImport:
    """Parents found, refusals and findings collected; the rows get their final parent."""
    done = AreaImport(refused=list(file.refused), remarks=list(file.remarks))
    levels = {code: Level(area.level) for code, area in known.items()}
    levels |= {row.code: row.level for row in file.rows}
    for row in file.rows:
        try:
            _refuse_level_change(row, known)
            _check_parent(row, levels, template)
        except DomainError as error:
            done.refused.append(RefusedFeature(row.index, row.code, error))
    done.refused.sort(key=lambda f: f.index)
    parents = {r.code: _find_parent(r, levels, template) for r in file.rows}
    file.rows = [_with_parent(row, parents[row.code]) for row in file.rows]
    done.findings = _findings(file.rows, known)
    for row in file.rows:
        old = known.get(row.code)
        if old is None:
            done.added.append(row.code)
        elif _differs(row, old, known):
            done.changed.append(row.code)
        else:
            done.unchanged += 1
    done.ended = [area.code for area in _missing(file.rows, known)]
    return done


def _find_parent(row: AreaRow, levels: dict[str, Level], template: CodeTemplate) -> str | None:
    if row.parent_code is not None:
        return row.parent_code
    for level, stem in template.parent_stems(row.level, row.code):
        if row.level is Level.CELL and level is not Level.COMMUNITY:
            break  # a cell lies in a community or nowhere
        if levels.get(stem) is level:
            return stem
    return None


def _check_parent(row: AreaRow, levels: dict[str, Level], template: CodeTemplate) -> None:
    """Raises: DomainError areas.no_parent, areas.parent_level."""
    where = f"features[{row.index}]"
    code = _find_parent(row, levels, template)
    stems = [stem for _, stem in template.parent_stems(row.level, row.code)]
    if code is None and row.level in (Level.CITY, Level.DISTRICT):
        return
    if code is None or code not in levels:
        wanted = code or " / ".join(stems[:3])
        raise DomainError(
            "areas.no_parent",
            f"{where} {row.code}: its parent {wanted} is neither here nor in the file. Import the "
            "levels above first, or name it in the property parent.",
            f"{where} {row.code}：上级区域 {wanted} 不存在，请先导入上级，或在 parent 属性中注明。",
            where=where,
            details={"wanted": stems},
        )
    above, need = levels[code], Level.COMMUNITY if row.level is Level.CELL else None
    if LEVELS.index(above) >= LEVELS.index(row.level) or (need and above is not need):
        raise DomainError(
            "areas.parent_level",
            f"{where} {row.code}: a {row.level} cannot lie in the {above} {code}.",
            f"{where} {row.code}：{row.level} 不能隶属于 {above} {code}。",
            where=where,
        )


def _refuse_level_change(row: AreaRow, known: dict[str, Area]) -> None:
    old = known.get(row.code)
    if old is not None and old.level != row.level:
        raise DomainError(
            "areas.level_changed",
            f"features[{row.index}]: {row.code} is a {old.level} here and a {row.level} in the "
            "file. Give it another code.",
            f"features[{row.index}]：{row.code} 现为 {old.level}，文件中为 {row.level}，请换编码。",
            where=f"features[{row.index}]",
        )


def _with_parent(row: AreaRow, parent_code: str | None) -> AreaRow:
    return replace(row, parent_code=parent_code)


def _wkb(row: AreaRow) -> bytes | None:
    return None if row.boundary is None else bytes(shapely.to_wkb(row.boundary))


def _differs(row: AreaRow, old: Area, known: dict[str, Area]) -> bool:
    """A file without a boundary does not take the known one away."""
    parent = known.get(row.parent_code or "")
    boundary = _wkb(row)
    return (
        any(getattr(row, name) != getattr(old, name) for name in _FIELDS)
        or (parent.pk if parent else None) != old.parent_id
        or (boundary is not None and boundary != _bytes(old.boundary))
    )


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _missing(rows: Iterable[AreaRow], known: dict[str, Area]) -> list[Area]:
    """Current cells of the communities whose cells the file gives, which it does not give."""
    given = {row.code for row in rows}
    communities = {row.parent_code for row in rows if row.level is Level.CELL}
    ids = {known[c].pk for c in communities if c in known}
    return [
        a for a in known.values()
        if a.level == Level.CELL and a.parent_id in ids and a.code not in given
    ]  # fmt: skip


def _findings(rows: Sequence[AreaRow], known: dict[str, Area]) -> list[Finding]:
    """Faults of the cells of each community in the file; ids are positions in the file."""
    outlines = {row.code: row.boundary for row in rows}
    by_community: dict[str | None, list[AreaRow]] = {}
    for row in rows:
        if row.level is Level.CELL and row.boundary is not None:
            by_community.setdefault(row.parent_code, []).append(row)
    found = []
    for code, cells in by_community.items():
        parent = outlines.get(code or "")
        if parent is None and code in known and known[code].boundary is not None:
            parent = shapely.from_wkb(bytes(known[code].boundary))
        found += coverage_check(
            [c.boundary for c in cells], ids=[c.index for c in cells], parent=parent
        )
    return found


def _apply(
    rows: Sequence[AreaRow], known: dict[str, Area], done: AreaImport, now: datetime
) -> None:
    """Level by level, so that a parent has its id before its children need it."""
    touched = {*done.added, *done.changed}
    for level in LEVELS:
        own = [row for row in rows if row.level is level and row.code in touched]
        new, old = [], []
        for row in own:
            area = known.get(row.code)
            (old if area else new).append(_filled(area or Area(valid_from=now), row, known))
        Area.objects.bulk_create(new, batch_size=_BATCH)
        names = [*_FIELDS, "parent", "boundary"]
        Area.objects.bulk_update(old, names, batch_size=_BATCH)
        known.update({area.code: area for area in new})


def _filled(area: Area, row: AreaRow, known: dict[str, Area]) -> Area:
    area.level, area.code = row.level, row.code
    for name in _FIELDS:
        setattr(area, name, getattr(row, name))
    parent = known.get(row.parent_code or "")
    area.parent_id = parent.pk if parent else None
    if row.boundary is not None:
        area.boundary = _wkb(row)
    return area


def _end_missing(
    rows: Sequence[AreaRow], known: dict[str, Area], done: AreaImport, now: datetime
) -> None:
    ended = [area.pk for area in _missing(rows, known)]
    for start in range(0, len(ended), _BATCH):
        Area.objects.filter(pk__in=ended[start : start + _BATCH]).update(valid_until=now)


def _record(done: AreaImport, actor: Viewer, now: datetime) -> None:
    number = places_changed()
    data = {
        "added": len(done.added),
        "changed": len(done.changed),
        "ended": done.ended[:_TOLD],
        "ended_count": len(done.ended),
        "version": number,
    }
    record(Draft("places.imported", "places", 1, data), actor=actor, now=now)
