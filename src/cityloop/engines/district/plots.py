"""Buildings in rows, and the plots they stand on.

A plot is the smallest piece of ground with a border of its own: one or a few buildings of a
compound. Communities and cells are unions of plots, so no border ever cuts a building.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.ground import DEGREE_DIGITS, Ground, to_degrees
from cityloop.engines.district.plan import Plan
from cityloop.engines.district.shapes import Rect
from cityloop.engines.district.uses import HOMES, Use

PLOT_HOUSEHOLDS = 110  # a plot with more is halved while it has more than one building
_SETBACK_M = 19.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a use is built: footprint and spacing in metres, floors, households on a floor."""

    size_m: tuple[float, float]
    spacing_m: tuple[float, float]
    floors: tuple[int, int]
    households: tuple[int, int]


STYLES = {
    Use.TOWER: Style((32, 20), (56, 62), (17, 26), (4, 6)),
    Use.SLAB: Style((58, 12), (68, 32), (5, 6), (6, 9)),
    Use.MIDRISE: Style((42, 14), (58, 45), (9, 16), (4, 6)),
    Use.COURTYARD: Style((14, 9), (19, 17), (1, 2), (1, 2)),
    Use.COMMERCE: Style((54, 40), (76, 64), (3, 8), (0, 0)),
    Use.OFFICE: Style((40, 30), (66, 60), (8, 22), (0, 0)),
    Use.SCHOOL: Style((56, 15), (74, 44), (3, 5), (0, 0)),
    Use.HOSPITAL: Style((58, 20), (80, 48), (5, 12), (0, 0)),
    Use.MARKET: Style((52, 30), (70, 52), (1, 2), (0, 0)),
    Use.INDUSTRY: Style((60, 26), (84, 46), (1, 3), (0, 0)),
}


@dataclass(slots=True)
class Built:
    """All plots and buildings of a plan.

    plots, plot_block: rectangles in the plan and the block of each. Buildings, shape (b,):
    plot, block, number within the block (from the north-west), floors, households, footprint.
    """

    plots: list[Rect]
    plot_block: NDArray[np.int64]
    plot: NDArray[np.int64]
    block: NDArray[np.int64]
    number: NDArray[np.int64]
    floors: NDArray[np.int64]
    households: NDArray[np.int64]
    footprint: NDArray[np.object_]

    def weight(self) -> NDArray[np.float64]:
        """Households of each plot."""
        plots = len(self.plots)
        return np.bincount(self.plot, self.households, minlength=plots).astype(np.float64)


@dataclass(slots=True)
class _Rows:
    """Buildings of one block: column and row slots with their weights."""

    us: list[int]
    vs: list[int]
    households: NDArray[np.int64]
    floors: NDArray[np.int64]


def build(plan: Plan, ground: Ground, dice: Dice) -> Built:
    """Rows of buildings for every block, then plots small enough to form cells of them."""
    plots: list[Rect] = []
    owner: list[int] = []
    parts: list[NDArray[np.float64]] = []
    for block, (rect, use) in enumerate(zip(plan.blocks, plan.uses, strict=True)):
        rows = _rows(rect, use, dice)
        if rows is None:
            plots.append(rect)
            owner.append(block)
            continue
        pieces = _pieces(rows) if use < HOMES else [(0, 0, len(rows.us) - 1, len(rows.vs) - 1)]
        parts.append(_buildings(rows, pieces, use, block, len(plots), dice))
        plots += [_rect_of(piece, rows) for piece in pieces]
        owner += [block] * len(pieces)
    return _standing(plots, np.array(owner), np.concatenate(parts), ground)


def _rows(rect: Rect, use: Use, dice: Dice) -> _Rows | None:
    """Slots of a block; None where nothing is built in rows."""
    if use not in STYLES:
        return None
    style = STYLES[use]
    west, south, east, north = rect
    if use is Use.SCHOOL:  # the southern part is the sports ground
        south += round((north - south) * 0.48)
    inner = (east - west) / 10 - 2 * _SETBACK_M, (north - south) / 10 - 2 * _SETBACK_M
    fits = zip(inner, style.size_m, style.spacing_m, strict=True)
    nx, ny = (int((room - size) // gap) + 1 if room >= size else 0 for room, size, gap in fits)
    if nx < 1 or ny < 1:
        return None
    low, high = style.floors
    usual = dice.number(low, high + 1)
    spread = dice.numbers(nx * ny, -0.18, 0.18) * (high - low)
    floors = np.clip(np.floor(usual + spread), low, high).astype(np.int64).reshape(nx, ny)
    per_floor = round(dice.number(*style.households))
    us, vs = _slots(rect[0], east, nx), _slots(rect[1], north, ny)
    if use is Use.SCHOOL:
        vs = [rect[1], *_slots(south, north, ny)[1:]]
    return _Rows(us, vs, floors * per_floor, floors)


def _slots(start: int, end: int, n: int) -> list[int]:
    """n + 1 positions: block edge, middles of the gaps between buildings, block edge."""
    setback = _SETBACK_M * 10
    gaps = [round(start + setback + (end - start - 2 * setback) * k / n) for k in range(1, n)]
    return [start, *gaps, end]


def _pieces(rows: _Rows) -> list[Rect]:
    """Rectangles of slots with at most PLOT_HOUSEHOLDS, or a single building."""
    done: list[Rect] = []
    todo: list[Rect] = [(0, 0, len(rows.us) - 1, len(rows.vs) - 1)]
    while todo:
        i0, j0, i1, j1 = todo.pop()
        weight = rows.households[i0:i1, j0:j1]
        if weight.sum() <= PLOT_HOUSEHOLDS or weight.size == 1:
            done.append((i0, j0, i1, j1))
            continue
        wide, high = rows.us[i1] - rows.us[i0], rows.vs[j1] - rows.vs[j0]
        if j1 - j0 == 1 or (i1 - i0 > 1 and wide > high):
            cut = i0 + (i1 - i0) // 2
            todo += [(cut, j0, i1, j1), (i0, j0, cut, j1)]
        else:
            cut = j0 + (j1 - j0) // 2
            todo += [(i0, cut, i1, j1), (i0, j0, i1, cut)]
    return sorted(done)


def _rect_of(piece: Rect, rows: _Rows) -> Rect:
    i0, j0, i1, j1 = piece
    return rows.us[i0], rows.vs[j0], rows.us[i1], rows.vs[j1]


def _buildings(
    rows: _Rows, pieces: list[Rect], use: Use, block: int, first_plot: int, dice: Dice
) -> NDArray[np.float64]:
    """One row for each building: plot, block, number, floors, households, u, v, width, depth."""
    nx, ny = rows.floors.shape
    plot = np.zeros((nx, ny), np.int64)
    for n, (i0, j0, i1, j1) in enumerate(pieces):
        plot[i0:i1, j0:j1] = first_plot + n
    i, j = (a.ravel() for a in np.meshgrid(np.arange(nx), np.arange(ny - 1, -1, -1)))
    us, vs = np.array(rows.us, float), np.array(rows.vs, float)
    u, v = _middle(us, i, nx), _middle(vs, j, ny)
    if use is Use.SCHOOL:
        v = np.where(j == 0, vs[1] - STYLES[use].spacing_m[1] * 5, v)
    if use is Use.TOWER:  # towers stand staggered, so that each gets sun
        u = u + np.where(j % 2 == 1, 70.0, -70.0) * (nx > 1)
    n = nx * ny
    u, v = u + dice.numbers(n, -22, 22), v + dice.numbers(n, -14, 14)
    width, depth = STYLES[use].size_m
    size = width * dice.numbers(n, 0.82, 1.04), depth * dice.numbers(n, 0.9, 1.06)
    return np.stack(
        [plot[i, j], np.full(n, block), np.arange(1, n + 1), rows.floors[i, j],
         rows.households[i, j], u, v, *size], axis=1)  # fmt: skip


def _middle(edges: NDArray[np.float64], k: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Middle of slot k, measured inside the setback of the block."""
    inner = edges.copy()
    inner[0] += _SETBACK_M * 10
    inner[-1] -= _SETBACK_M * 10
    return np.asarray((inner[k] + inner[k + 1]) / 2)


def _standing(
    plots: list[Rect], plot_block: NDArray[np.int64], table: NDArray[np.float64], ground: Ground
) -> Built:
    """Footprints on the ground."""
    u, v = table[:, 5], table[:, 6]
    turn = ground.heading(u, v)
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]) / 2
    xy = corner[None] * table[:, None, 7:9]
    c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
    turned = np.stack([c * xy[..., 0] - s * xy[..., 1], s * xy[..., 0] + c * xy[..., 1]], axis=-1)
    footprint = shapely.polygons(to_degrees(turned + ground.metres(u, v)[:, None]))
    whole = table[:, :5].astype(np.int64)
    plot, block, number, floors, households = whole.T
    return Built(plots, plot_block, plot, block, number, floors, households, np.array(footprint))


def keep_inside(built: Built, polygons: NDArray[np.object_]) -> None:
    """Shrink buildings that stand over a border or in a neighbour; drop what never fits."""
    own = polygons[built.plot]
    for k in np.flatnonzero(_misplaced(built.footprint, own)):
        built.footprint[k] = _smaller(built.footprint[k])
    stays = ~_misplaced(built.footprint, own)
    for name in ("plot", "block", "number", "floors", "households", "footprint"):
        setattr(built, name, getattr(built, name)[stays])


def _misplaced(footprint: NDArray[np.object_], plots: NDArray[np.object_]) -> NDArray[np.bool_]:
    wrong = ~np.asarray(shapely.contains_properly(plots, footprint))
    one, other = shapely.STRtree(footprint).query(footprint, predicate="intersects")
    wrong[other[one < other]] = True
    return wrong


def _smaller(footprint: shapely.Polygon) -> shapely.Polygon:
    centre = np.array(footprint.centroid.coords[0])
    return shapely.transform(
        footprint, lambda c: np.round(centre + (c - centre) * 0.6, DEGREE_DIGITS)
    )
