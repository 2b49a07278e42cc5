"""How good a division is, in figures a person can compare."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.checking import weigh_cells
from cityloop.engines.partition.features import GridInput
from cityloop.engines.partition.intake import take_in
from cityloop.engines.partition.model import Building, Cell, Community, Plan, Street, Window

ON_LINE_M = 0.5


def figures(
    plan: Plan, communities: Sequence[Community], streets: Sequence[Street]
) -> dict[str, float | int]:
    """Cells, households, share in the window, compactness, share of borders on lines.

    compactness: mean of 4 pi A / P^2 (Polsby-Popper; 1 is a circle, 0.785 a square).
    on_lines: share of the length of all cell borders on a street or a community border.
    """
    shapes = np.array([cell.polygon for cell in plan.cells], dtype=object)
    weights = np.array([cell.weight for cell in plan.cells])
    ratio = 4 * math.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    return {
        "communities": len(communities),
        "cells": len(plan.cells),
        "households": sum(cell.households for cell in plan.cells),
        "weight_min": int(weights.min()),
        "weight_median": float(np.median(weights)),
        "weight_max": int(weights.max()),
        "in_window": round(plan.in_window(), 5),
        "compactness": round(float(ratio.mean()), 4),
        "on_lines": round(_on_lines(plan, communities, streets), 4),
    }


def as_they_stand(
    community: Community, buildings: Sequence[Building], existing: Mapping[int, BaseGeometry],
    window: Window,
) -> Plan:  # fmt: skip
    """The present cells of a community weighed, to be compared with a plan."""
    cells = weigh_cells(community.code, existing, buildings, window) if existing else []
    return Plan(window, tuple(cells), ())


def _present(source: GridInput, window: Window) -> Plan:
    """The present cells of all communities of a file."""
    inputs = take_in(source.communities, source.buildings, source.streets, window)
    stands = [
        as_they_stand(one, [source.buildings[i] for i in own], source.existing[one.code], window)
        for one, own in zip(inputs.communities, inputs.building_in, strict=True)
        if one.code in source.existing
    ]
    cells = tuple(cell for stand in stands for cell in stand.cells)
    return Plan(window, cells, ())


def moved_households(
    before: Iterable[Cell], after: Iterable[Cell], buildings: Iterable[Building]
) -> int:
    """Households whose cell gets another number than it had; 0 where there were no cells."""
    was = {code: cell.key for cell in before for code in cell.buildings}
    now = {code: cell.key for cell in after for code in cell.buildings}
    return sum(b.households for b in buildings if was and was.get(b.code) != now.get(b.code))


def _on_lines(plan: Plan, communities: Sequence[Community], streets: Sequence[Street]) -> float:
    borders = [shapely.boundary(cell.polygon) for cell in plan.cells]
    xy, ring = shapely.get_coordinates(shapely.segmentize(borders, 10.0), return_index=True)
    inner = ring[1:] == ring[:-1]
    middle = ((xy[1:] + xy[:-1]) / 2)[inner]
    length = np.hypot(*(xy[1:] - xy[:-1]).T)[inner]
    outlines = [shapely.boundary(c.polygon) for c in communities]
    tree = shapely.STRtree([*(s.line for s in streets), *outlines])
    hit, _ = tree.query(shapely.points(middle), predicate="dwithin", distance=ON_LINE_M)
    return float(length[np.unique(hit)].sum() / length.sum())


def report(plan: Plan, source: GridInput) -> dict[str, Any]:
    """Window, figures and findings as JSON-ready data; positions in degrees.

    before: the figures of the present cells, None where there are none. moved_households: those
    whose cell gets another number.
    """
    window, plane = plan.window, source.plane
    past = _present(source, window)
    told = []
    for finding in plan.findings:
        lon, lat = plane.to_lonlat(finding.x, finding.y)
        told.append({
            "kind": finding.kind, "where": finding.where, "en": finding.en, "zh": finding.zh,
            "grave": finding.grave, "proved": finding.proved, "amount": finding.amount,
            "lon": round(float(lon), 7), "lat": round(float(lat), 7),
        })  # fmt: skip
    return {
        "window": {
            "weight": window.weight, "lo": window.lo, "hi": window.hi, "target": window.target,
        },
        "figures": figures(plan, source.communities, source.streets),
        "before": figures(past, source.communities, source.streets) if past.cells else None,
        "moved_households": moved_households(past.cells, plan.cells, source.buildings),
        "kinds": dict(Counter(finding.kind for finding in plan.findings)),
        "remarks": [{"en": en, "zh": zh} for en, zh in source.remarks],
        "findings": told,
    }  # fmt: skip
