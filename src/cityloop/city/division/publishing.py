"""Cells put in force: those of the area tree, or those of another theme as elements of its kind."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from shapely.geometry import shape

from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.city.division.themes import Theme
from cityloop.city.elements import commands as registers
from cityloop.city.elements.domain import ElementRow
from cityloop.city.places.commands import code_template, import_areas
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.engines.partition import Plan
from cityloop.engines.partition.features import cells_geojson
from cityloop.kernel.geo import LocalPlane

SOURCE = "division"


def put_in_force(
    theme: Theme, plan: Plan, plane: LocalPlane, communities: Collection[str], *,
    actor: Viewer, now: datetime,
) -> dict[str, int]:  # fmt: skip
    """The cells of these communities are those of the plan and no others; what ended stays known.

    Returns: how many were added, changed, unchanged, ended.
    Raises: those of import_areas; NotAllowed; NotFound("place.unknown_code").
    """
    cells = cells_geojson(plan, plane, digits=cell_digits(communities))
    if theme.is_general:
        done = import_areas(json.dumps(cells, ensure_ascii=False), actor=actor, now=now)
        return {"added": len(done.added), "changed": len(done.changed),
                "unchanged": done.unchanged, "ended": len(done.ended)}  # fmt: skip
    for code in communities:
        tree().by_code(code)
    with write():
        return _registered(theme, plan, cells["features"], communities, actor, now)


def _registered(
    theme: Theme, plan: Plan, cells: Sequence[Mapping[str, Any]], communities: Collection[str],
    actor: Viewer, now: datetime,
) -> dict[str, int]:  # fmt: skip
    registers.register_kinds([theme.spec()], actor=actor, now=now)
    given: dict[str, Any] = {"kind": theme.kind, "source": SOURCE, "actor": actor, "now": now}
    taken = registers.take([_row(theme, plan, cell) for cell in cells], **given)
    if taken.refused:
        raise taken.refused[0].error
    ended = sum(
        registers.end_missing(codes=taken.codes, area=code, most_share=1.0, **given).gone
        for code in communities
    )
    return {"added": taken.new, "changed": taken.changed, "unchanged": taken.same, "ended": ended}


def cell_digits(communities: Collection[str]) -> int:
    """Of the number of a cell, under the longest code of a community."""
    return code_template().digits_under(Level.CELL, max(communities, key=len))


def _row(theme: Theme, plan: Plan, feature: Mapping[str, Any]) -> ElementRow:
    own = feature["properties"]
    above = tree().find_code(own["parent"])
    number = own["code"].removeprefix(own["parent"])
    weight = own.get(plan.window.weight, own["households"])
    return ElementRow(
        code=own["code"],
        name=f"{above.name_zh if above else ''}{theme.zh}{number}",
        name_en=f"{above.name_en or above.name_zh if above else ''} {theme.en} {number}".strip(),
        geometry=shape(feature["geometry"]),
        households=own["households"],
        properties={"number": int(number), "buildings": own["buildings"], "weight": weight,
                    "weighs": plan.window.weight},
    )  # fmt: skip
