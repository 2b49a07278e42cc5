"""Areas of a file, handed to the app that keeps them: whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely

from cityloop.city.accounts.domain import Viewer
from cityloop.city.places.commands import AreaImport, import_areas
from cityloop.data.geography.domain import Report


@dataclass(frozen=True, slots=True)
class AreaFeature:
    """An area as a feature gives it; the shape in WGS84."""

    layer: str
    number: int
    key: str
    level: str
    code: str
    name: str
    name_en: str
    parent: str
    households: str
    shape: shapely.Geometry
    attributes: dict[str, Any]


def take_areas(
    found: Sequence[AreaFeature],
    report: Report,
    *,
    held: bool,
    dry_run: bool,
    actor: Viewer,
    now: datetime,
) -> bool:
    """Import the areas; whether elements may follow.

    Args:
        held: some of the file's areas were refused before, and it has cells: a cell missing from
            the file of its community would end, so none is written.
    """
    if not found:
        return not held
    text = json.dumps({"type": "FeatureCollection", "features": [_feature(a) for a in found]})
    tried = import_areas(text, dry_run=True, actor=actor, now=now)
    refused = {r.index for r in tried.refused}
    for one in tried.refused:
        area = found[one.index]
        report.refuse(area.layer, area.number, area.key, one.error)
    if refused or held:
        report.skipped["areas_held"] += len(found) - len(refused)
        report.remark(
            "有区域被拒收：区域与其中的要素均未导入，请全部修正后重新导入",
            "areas were refused: neither areas nor what lies in them was imported; correct all",
        )
        return False
    done = tried if dry_run else import_areas(text, actor=actor, now=now)
    _count(found, done, report)
    for finding in done.findings[:50]:
        report.remark(finding.zh, finding.en)
    return True


def _feature(area: AreaFeature) -> dict[str, Any]:
    properties: dict[str, Any] = {
        **area.attributes, "level": area.level, "code": area.code, "name_zh": area.name,
        "name_en": area.name_en, "parent": area.parent or None,
    }  # fmt: skip
    if area.households:
        digits = area.households.isascii() and area.households.isdigit()
        properties["households"] = int(area.households) if digits else -1
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(shapely.to_geojson(area.shape)),
    }


def _count(found: Sequence[AreaFeature], done: AreaImport, report: Report) -> None:
    added, changed = set(done.added), set(done.changed)
    for area in found:
        count = report.count(f"area.{area.level}")
        if area.code in added:
            count.new += 1
        elif area.code in changed:
            count.changed += 1
        else:
            count.same += 1
    if done.ended:
        report.count("area.cell").ended += len(done.ended)
