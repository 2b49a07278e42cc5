"""The town plan: streets and blocks as straight lines and rectangles, whole decimetres."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

import numpy as np

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.grouping import connected_parts, links_of, neighbours_of
from cityloop.engines.district.shapes import Line, Rect
from cityloop.engines.district.uses import Use


class Road(IntEnum):
    """Street hierarchy; a smaller number is a wider street."""

    ARTERIAL = 0
    SECONDARY = 1
    LOCAL = 2
    LANE = 3


@dataclass(frozen=True, slots=True)
class Size:
    """How big a district is planned."""

    columns_m: tuple[int, ...]
    rows_m: tuple[int, ...]
    river_row: int | None
    communities: int
    trimmed: bool  # cut corners off, so that the outline is no rectangle


SIZES = {
    "community": Size((640,), (560,), None, 1, False),
    "street": Size((820, 700, 880, 760), (690, 820, 64, 700), 2, 14, True),
}


@dataclass(slots=True)
class Plan:
    """Blocks with their use, and the class of every street line."""

    width: int
    height: int
    river_v: int | None
    blocks: list[Rect] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    lines: dict[Line, Road] = field(default_factory=dict)


def new_plan(size: Size, dice: Dice) -> Plan:
    """Lattice of arterials, secondary streets through it, then local streets where it is coarse."""
    xs, ys = _cumulate(size.columns_m), _cumulate(size.rows_m)
    river_v = None
    if size.river_row is not None:
        river_v = (ys[size.river_row] + ys[size.river_row + 1]) // 2
    plan = Plan(xs[-1], ys[-1], river_v)
    for orient, positions in ((0, xs), (1, ys)):
        for c in positions:
            plan.lines[orient, c] = Road.ARTERIAL
    if len(xs) == 2:  # one community has an arterial on its southern side only
        plan.lines[0, xs[0]] = plan.lines[0, xs[1]] = plan.lines[1, ys[1]] = Road.SECONDARY
    if size.river_row is not None:  # the roads on the banks are no main roads
        plan.lines[1, ys[size.river_row]] = plan.lines[1, ys[size.river_row + 1]] = Road.LOCAL
    quarters = _quarters(size, xs, ys, plan, dice)
    park = _park_of(quarters, plan) if len(quarters) > 4 else None
    for rect, is_river in quarters:
        if is_river or rect == park:
            plan.blocks.append(rect)
            plan.uses.append(Use.WATER if is_river else Use.PARK)
        else:
            _split_block(rect, plan, dice)
    if size.trimmed:
        _trim(plan)
    return plan


def _cumulate(lengths_m: tuple[int, ...]) -> list[int]:
    return [0, *(int(v) * 10 for v in np.cumsum(lengths_m))]


def _quarters(
    size: Size, xs: list[int], ys: list[int], plan: Plan, dice: Dice
) -> list[tuple[Rect, bool]]:
    """Superblocks cut by secondary streets, and the pieces of the river between its bridges."""
    cut_x = [x0 + round((x1 - x0) * dice.number(0.4, 0.6)) for x0, x1 in pairwise(xs)]
    cut_y = [y0 + round((y1 - y0) * dice.number(0.4, 0.6)) for y0, y1 in pairwise(ys)]
    pieces: list[tuple[Rect, bool]] = []
    for j, (y0, y1) in enumerate(pairwise(ys)):
        is_river = j == size.river_row
        rows = [(y0, y1)] if is_river else [(y0, cut_y[j]), (cut_y[j], y1)]
        if not is_river:
            plan.lines[1, cut_y[j]] = Road.SECONDARY
        for i, (x0, x1) in enumerate(pairwise(xs)):
            has_bridge = not is_river or i % 2 == 0
            columns = [(x0, cut_x[i]), (cut_x[i], x1)] if has_bridge else [(x0, x1)]
            plan.lines[0, cut_x[i]] = Road.SECONDARY
            pieces += [((a, c, b, d), is_river) for c, d in rows for a, b in columns]
    return pieces


def _trim(plan: Plan) -> None:
    """Leave the blocks far out at the corners to the neighbours: an uneven, rounded outline."""
    kept = [k for k, rect in enumerate(plan.blocks) if _is_within(rect, plan)]
    links = links_of(neighbours_of([plan.blocks[k] for k in kept]))
    largest = max(connected_parts(range(len(kept)), links), key=len)
    plan.uses = [plan.uses[kept[n]] for n in sorted(largest)]
    plan.blocks = [plan.blocks[kept[n]] for n in sorted(largest)]


def _is_within(rect: Rect, plan: Plan) -> bool:
    west, south, east, north = rect
    x = (west + east) / plan.width - 1
    y = (south + north) / plan.height - 1
    angle = np.arctan2(y, x)
    reach = 1.07 + 0.08 * np.sin(2 * angle + 0.9) + 0.05 * np.sin(3 * angle + 4.0)
    return bool(np.hypot(x, y) < reach)


def _park_of(quarters: list[tuple[Rect, bool]], plan: Plan) -> Rect:
    """The piece south of the river nearest to the middle becomes the park."""
    target_u, target_v = 0.58 * plan.width, 0.55 * plan.height

    def far(rect: Rect) -> float:
        return float(
            np.hypot((rect[0] + rect[2]) / 2 - target_u, (rect[1] + rect[3]) / 2 - target_v)
        )

    return min((rect for rect, is_river in quarters if not is_river), key=far)


def _split_block(rect: Rect, plan: Plan, dice: Dice) -> None:
    """Halve a block by local streets until it is as small as a compound."""
    west, south, east, north = rect
    wide, high = (east - west) / 10, (north - south) / 10
    if wide * high < 34_000 * dice.number(0.85, 1.75) or max(wide, high) < 190:
        plan.blocks.append(rect)
        plan.uses.append(Use.SLAB)
        return
    at = dice.number(0.4, 0.6)
    if wide * dice.number(0.8, 1.2) > high:
        cut = west + round((east - west) * at)
        plan.lines.setdefault((0, cut), Road.LOCAL)
        halves = [(west, south, cut, north), (cut, south, east, north)]
    else:
        cut = south + round((north - south) * at)
        plan.lines.setdefault((1, cut), Road.LOCAL)
        halves = [(west, south, east, cut), (west, cut, east, north)]
    for half in halves:
        _split_block(half, plan, dice)
