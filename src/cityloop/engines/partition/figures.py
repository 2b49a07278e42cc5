"""How good a division is, in figures a person can compare."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from cityloop.engines.partition.model import Community, Plan, Street
from cityloop.kernel.geo import LocalPlane

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
        "findings": sum(finding.grave for finding in plan.findings),
    }


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


def report(
    plan: Plan, communities: Sequence[Community], streets: Sequence[Street], plane: LocalPlane
) -> dict[str, Any]:
    """Window, figures and findings as JSON-ready data; positions in degrees."""
    window = plan.window
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
        "figures": figures(plan, communities, streets),
        "kinds": dict(Counter(finding.kind for finding in plan.findings)),
        "findings": told,
    }  # fmt: skip
