"""Areas of a file that has no codes, numbered among those the city has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cityloop.city.places import queries as places
from cityloop.city.places.commands import code_template
from cityloop.city.places.domain import Level
from cityloop.data.geography.commands.areas import AreaFeature
from cityloop.data.geography.domain import Boundary, Registered, Report, number_boundaries


def numbered(
    found: list[AreaFeature], named: Mapping[str, str], report: Report
) -> list[AreaFeature]:
    """The areas with codes and parents, topmost first; the others are refused in the report."""
    given = [Boundary(Level(a.level), a.code, a.name, a.shape) for a in found]
    number_boundaries(given, _registered(), code_template(), named)
    kept = []
    for area, one in zip(found, given, strict=True):
        if one.error is not None:
            report.refuse(area.layer, area.number, area.key, one.error)
            continue
        kept.append(replace(area, code=one.code, parent=one.parent))
        report.made_codes.update({one.code} if one.made else ())
    return kept


def _registered() -> list[Registered]:
    tree, shapes = places.tree(), places.shapes()
    found = []
    for area in tree:
        if area.level is Level.CELL:
            continue
        above = tree.find(area.parent_id)
        shape = shapes.find(area.id) if area.current else None
        found.append(Registered(area.level, area.code, area.name_zh,
                                above.code if above else "", area.current, shape))  # fmt: skip
    return found
