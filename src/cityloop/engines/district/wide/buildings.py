"""Buildings of every block in rows that face south, with floors and households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.uses import Use
from cityloop.engines.district.wide.blocks import extents, headings
from cityloop.engines.district.wide.sizes import WIDTH_M, Way, WideSize

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FACING = np.deg2rad(22.0)  # rows turn with the streets up to this angle, else face south
# footprint m, spacing m, floors, households on a floor
_STYLE = np.zeros((len(Use), 8))
for _use, _row in {
    Use.TOWER: (33, 22, 56, 66, 18, 32, 4, 8),
    Use.SLAB: (60, 12, 71, 31, 5, 7, 6, 12),
    Use.MIDRISE: (44, 15, 57, 43, 9, 18, 4, 6),
    Use.COURTYARD: (15, 10, 21, 17, 1, 3, 1, 2),
    Use.COMMERCE: (58, 42, 82, 70, 3, 8, 0, 0),
    Use.OFFICE: (46, 34, 78, 70, 10, 30, 0, 0),
    Use.SCHOOL: (58, 15, 84, 56, 3, 5, 0, 0),
    Use.HOSPITAL: (62, 23, 86, 58, 4, 14, 0, 0),
    Use.MARKET: (50, 30, 72, 56, 1, 2, 0, 0),
    Use.INDUSTRY: (68, 30, 92, 54, 1, 3, 0, 0),
    Use.FARM: (18, 10, 240, 260, 1, 1, 0, 0),
}.items():
    _STYLE[_use] = _row


@dataclass(slots=True)
class Buildings:
    """Columns, shape (b,), by block and from the north-west within it."""

    footprint: NDArray[np.object_]
    xy: Floats
    block: Ints
    number: Ints
    floors: Ints
    households: Ints

    def kept(self, which: NDArray[np.bool_]) -> Buildings:
        """Those chosen, numbered anew within their block."""
        block = self.block[which]
        return Buildings(
            self.footprint[which], self.xy[which], block, _numbers(block),
            self.floors[which], self.households[which],
        )  # fmt: skip


def build(
    faces: NDArray[np.object_], use: Ints, streets: NDArray[np.object_], ways: Ints,
    size: WideSize, dice: Dice,
) -> tuple[Buildings, Ints]:  # fmt: skip
    """All buildings, and the uses after blocks beyond the planned number of homes were changed.

    Args:
        streets, ways: noded edges and their class; buildings keep clear of wide ones.
    """
    block, xy, heading = _slots(faces, use, dice)
    style, n = _STYLE[use[block]], len(block)
    half = np.stack([style[:, 0] * dice.numbers(n, 0.84, 1.08),
                     style[:, 1] * dice.numbers(n, 0.9, 1.08)], axis=1) / 2  # fmt: skip
    footprint = _boxes(xy, half, heading)
    fits = _fitting(footprint, faces, block, streets, ways) & (dice.numbers(n) < 0.96)
    floors, households = _filled(use, block, dice)
    found = Buildings(footprint, xy, block, block, floors, households).kept(fits)
    found, use = _limited(found, use, size, dice)
    _scale(found, use, size)
    return found, use


def _slots(faces: NDArray[np.object_], use: Ints, dice: Dice) -> tuple[Ints, Floats, Floats]:
    """Block, place and heading of every place where a building might stand."""
    along = headings(faces)
    south = dice.numbers(len(faces), -0.06, 0.06)
    heading = np.where(np.abs(along) < _FACING, along, south)
    box = extents(faces, heading)
    style = _STYLE[use]
    room = np.stack([box[:, 1] - box[:, 0], box[:, 3] - box[:, 2]], axis=1) - 30.0
    gap = np.maximum(style[:, 2:4], 1.0)
    count = np.floor((room - style[:, 0:2]) / gap + 1).astype(np.int64)
    count[(style[:, 0] == 0) | (count < 1).any(axis=1)] = 0
    per_block = count[:, 0] * count[:, 1]
    block = np.repeat(np.arange(len(faces)), per_block)
    k = np.arange(len(block)) - np.repeat(np.cumsum(per_block) - per_block, per_block)
    column, row = k % np.maximum(count[block, 0], 1), k // np.maximum(count[block, 0], 1)
    pitch = room / np.maximum(count, 1)
    stagger = np.where((use[block] == Use.TOWER) & (row % 2 == 1), 0.2, 0.0)
    u = box[block, 0] + 15 + (column + 0.5 + stagger) * pitch[block, 0]
    v = box[block, 3] - 15 - (row + 0.5) * pitch[block, 1]
    u, v = u + dice.numbers(len(u), -2.2, 2.2), v + dice.numbers(len(v), -1.4, 1.4)
    c, s = np.cos(heading[block]), np.sin(heading[block])
    xy = np.round(np.stack([c * u - s * v, s * u + c * v], axis=1), 2)
    return block, xy, heading[block]


def _boxes(xy: Floats, half: Floats, heading: Floats) -> NDArray[np.object_]:
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], float)
    p = corner[None] * half[:, None]
    c, s = np.cos(heading)[:, None], np.sin(heading)[:, None]
    turned = np.stack([c * p[..., 0] - s * p[..., 1], s * p[..., 0] + c * p[..., 1]], axis=-1)
    return np.asarray(shapely.polygons(np.round(turned + xy[:, None], 2)), dtype=object)


def _fitting(
    footprint: NDArray[np.object_], faces: NDArray[np.object_], block: Ints,
    streets: NDArray[np.object_], ways: Ints,
) -> NDArray[np.bool_]:  # fmt: skip
    """Inside the own block, with a kerb's distance to every street, by its width."""
    inner = shapely.buffer(faces, -(WIDTH_M[Way.LOCAL] / 2 + 5), quad_segs=1, join_style="mitre")
    shapely.prepare(inner)
    fits = np.asarray(shapely.contains_properly(inner[block], footprint))
    wide = np.flatnonzero(ways <= Way.SECONDARY)
    tree = shapely.STRtree(footprint)
    near = tree.query(streets[wide], predicate="dwithin", distance=WIDTH_M[ways[wide]] / 2 + 5)
    fits[near[1]] = False
    return fits


def _filled(use: Ints, block: Ints, dice: Dice) -> tuple[Ints, Ints]:
    """Floors and households: much alike within a block."""
    style, n = _STYLE[use[block]], len(block)
    usual = dice.numbers(len(use))[block]
    floors = np.floor(
        style[:, 4] + (0.7 * usual + 0.3 * dice.numbers(n)) * (style[:, 5] - style[:, 4] + 1)
    )
    on_floor = np.round(style[:, 6] + dice.numbers(len(use))[block] * (style[:, 7] - style[:, 6]))
    return floors.astype(np.int64), (floors * on_floor).astype(np.int64)


def _limited(found: Buildings, use: Ints, size: WideSize, dice: Dice) -> tuple[Buildings, Ints]:
    """Where more homes would stand than planned, whole blocks become green or works."""
    use = use.copy()
    homes = np.bincount(found.block[found.households > 0], minlength=len(use))
    order = dice.order(len(use))
    order = order[homes[order] > 0]
    over = int(homes.sum()) - size.homes
    if over > 0:
        dropped = order[: int(np.searchsorted(np.cumsum(homes[order]), over)) + 1]
        use[dropped] = np.where(dice.numbers(len(dropped)) < 0.6, Use.PARK, Use.GREEN)
        found = found.kept(~np.isin(found.block, dropped))
    return found, use


def _scale(found: Buildings, use: Ints, size: WideSize) -> None:
    """Bring the sum of households near the planned one; floors follow a little."""
    homes = found.households > 0
    share = size.households / max(1, int(found.households.sum()))
    scaled = np.maximum(1, np.round(found.households * share)).astype(np.int64)
    found.households = np.where(homes, scaled, 0)
    high = homes & (use[found.block] < Use.COURTYARD)
    floors = np.maximum(3, np.round(found.floors * min(1.15, max(0.8, share)))).astype(np.int64)
    found.floors = np.where(high, floors, found.floors)


def _numbers(block: Ints) -> Ints:
    """1, 2, 3 ... within each block; blocks stand together."""
    start = np.append(True, block[1:] != block[:-1]) if len(block) else np.zeros(0, bool)
    first = np.flatnonzero(start)
    return np.arange(len(block)) - first[np.cumsum(start) - 1] + 1 if len(block) else block
