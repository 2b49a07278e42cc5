"""Streets of the plan as named lines on the ground."""

from __future__ import annotations

from collections import defaultdict

from shapely.geometry import LineString

from cityloop.engines.district.borders import Borders
from cityloop.engines.district.model import Street
from cityloop.engines.district.names import NameBook
from cityloop.engines.district.plan import Plan, Road
from cityloop.engines.district.shapes import Line, Rect
from cityloop.engines.district.uses import Use

WIDTH_M = {Road.ARTERIAL: 34.0, Road.SECONDARY: 22.0, Road.LOCAL: 13.0, Road.LANE: 5.0}
_WITH_LANES = (Use.SLAB, Use.MIDRISE, Use.TOWER, Use.COURTYARD)


def new_streets(
    plan: Plan, plots: list[Rect], plot_block: list[int], borders: Borders, names: NameBook
) -> list[Street]:
    """Every side of a block is a street; inner borders of compounds are lanes without a name."""
    sides = _runs(plan.blocks)
    runs = [(line, run, plan.lines.get(line, Road.LOCAL)) for line, run in sides]
    runs.sort(key=lambda r: (r[2], r[0], r[1]))
    streets: list[Street] = []
    for line, (start, end), road in runs:
        length_m = (end - start) / 10
        zh, en = names.street(road, runs_north=line[0] == 0, length_m=length_m)
        streets.append(_street(len(streets) + 1, (zh, en), road, line, start, end, borders))
    inner = [
        plot for plot, block in zip(plots, plot_block, strict=True)
        if plan.uses[block] in _WITH_LANES
    ]  # fmt: skip
    for line, (start, end) in _runs(inner):
        if any(ln == line and a <= start and end <= b for ln, (a, b) in sides):
            continue
        name = ("", "")
        streets.append(_street(len(streets) + 1, name, Road.LANE, line, start, end, borders))
    return streets


def _runs(rects: list[Rect]) -> list[tuple[Line, tuple[int, int]]]:
    """Sides of rectangles on one line, joined where they touch."""
    sides: dict[Line, set[tuple[int, int]]] = defaultdict(set)
    for west, south, east, north in rects:
        sides[0, west].add((south, north))
        sides[0, east].add((south, north))
        sides[1, south].add((west, east))
        sides[1, north].add((west, east))
    runs = []
    for line in sorted(sides):
        joined: list[list[int]] = []
        for start, end in sorted(sides[line]):
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        runs += [(line, (a, b)) for a, b in joined]
    return runs


def _street(
    number: int, name: tuple[str, str], road: Road, line: Line, start: int, end: int,
    borders: Borders,
) -> Street:  # fmt: skip
    path = LineString(borders.degrees(borders.points(line, start, end)))
    return Street(number, *name, road.name.lower(), WIDTH_M[road], path)
