"""From shapes in the unit square to the drawing commands of a tile, all shapes at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.tiles.mercator import Address
from cityloop.engines.tiles.wire import Ragged, varints, zigzag

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
MOVE, DRAW, CLOSE = 1, 2, 15
_OF_TYPE = {0: POINT, 1: LINE, 3: POLYGON}  # single geometries of GEOS
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes as the tile holds them: which ones, shape (n,), of which kind, their commands."""

    place: Ints
    kind: Ints
    commands: Ragged

    def __len__(self) -> int:
        return len(self.place)


NOTHING = Drawn(np.zeros(0, np.int64), np.zeros(0, np.int64), Ragged.numbers(np.zeros(0, np.int64)))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Rings or lines as one list of points; `piece` numbers them, `owner` is a shape's place."""

    points: Ints  # (n, 2)
    piece: Ints  # (n,), ascending
    owner: Ints  # (pieces,), ascending
    inner: NDArray[np.bool_]  # (pieces,): a hole


def drawn(shapes: NDArray[np.object_], address: Address, *, smallest: float = 0.0) -> Drawn:
    """The commands of each shape that is still something on the grid of the tile.

    Args:
        shapes: in the unit square, clipped, any kind; shape (n,).
        smallest: polygons of less area are left out, square units of the tile (4096 a side).
    Returns: by place, and by kind where a shape has several.
    Source: Mapbox Vector Tile Specification 2.1, chapter 4.3.
    """
    parts, place = shapely.get_parts(shapes, return_index=True)
    kinds = shapely.get_type_id(parts)
    place = np.asarray(place, np.int64)
    found = [
        some
        for some in (
            _points(parts[kinds == 0], place[kinds == 0], address),
            _lines(parts[kinds == 1], place[kinds == 1], address),
            _polygons(parts[kinds == 3], place[kinds == 3], address, smallest),
        )
        if len(some)
    ]
    if len(found) < 2:
        return found[0] if found else NOTHING
    return _in_order(found)


def _in_order(found: list[Drawn]) -> Drawn:
    """Kinds side by side into one list by place."""
    place, kind, sizes = (
        np.concatenate(each)
        for each in zip(*((d.place, d.kind, d.commands.sizes) for d in found), strict=True)
    )
    flat = np.concatenate([d.commands.flat for d in found])
    order = np.lexsort((kind, place))
    begins = (np.cumsum(sizes) - sizes)[order]
    sizes = sizes[order]
    at = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(flat))
    return Drawn(place[order], kind[order], Ragged(flat[at], sizes))


def on_grid(coordinates: NDArray[np.float64], address: Address) -> Ints:
    """Points of the unit square on the grid of a tile."""
    side = 2**address.z
    grid: Ints = np.rint((coordinates * side - (address.x, address.y)) * EXTENT).astype(np.int64)
    return grid


def _points(parts: NDArray[np.object_], place: Ints, address: Address) -> Drawn:
    """Points belong to the tile that they lie in, so that no label is written twice."""
    spots = on_grid(shapely.get_coordinates(parts), address)
    within = ((spots >= 0) & (spots < EXTENT)).all(axis=1)
    spots, place = spots[within], place[within]
    if not len(spots):
        return NOTHING
    first = _starts(place)
    steps = np.diff(spots, axis=0, prepend=np.zeros((1, 2), np.int64))
    steps[first] = spots[first]
    steps = zigzag(steps)
    sizes = np.diff(np.append(np.flatnonzero(first), len(spots)))
    begins = np.cumsum(sizes * 2 + 1) - (sizes * 2 + 1)
    stream = np.empty(len(spots) * 2 + len(sizes), np.int64)
    stream[begins] = sizes << 3 | MOVE
    at = np.arange(len(spots)) * 2 + np.cumsum(first)
    stream[at], stream[at + 1] = steps[:, 0], steps[:, 1]
    return _cut(stream, begins, place[first], POINT)


def _lines(parts: NDArray[np.object_], place: Ints, address: Address) -> Drawn:
    coordinates, piece = shapely.get_coordinates(parts, return_index=True)
    points, piece = on_grid(coordinates, address), np.asarray(piece, np.int64)
    moved = _starts(piece)
    moved[1:] |= (np.diff(points, axis=0) != 0).any(axis=1)
    points, piece = points[moved], piece[moved]
    long = np.bincount(piece, minlength=len(parts)) >= 2
    kept = long[piece]
    return _commands(
        _Pieces(points[kept], piece[kept], place, np.zeros(len(parts), bool)), LINE, closed=False
    )


def _polygons(parts: NDArray[np.object_], place: Ints, address: Address, smallest: float) -> Drawn:
    rings, polygon = shapely.get_rings(parts, return_index=True)
    polygon = np.asarray(polygon, np.int64)
    if not len(rings):
        return NOTHING
    coordinates, piece = shapely.get_coordinates(rings, return_index=True)
    points, piece = on_grid(coordinates, address), np.asarray(piece, np.int64)
    last = np.append(_starts(piece)[1:], True)
    points, piece = points[~last], piece[~last]  # a ring is closed by its command
    for _ in range(2):  # equal neighbours first, then points in the middle of a straight line
        kept = _bends(points, piece, len(rings))
        points, piece = points[kept], piece[kept]
    inner = ~_starts(polygon)
    area = _areas(points, piece, len(rings))
    good = np.abs(area) > np.where(inner, 0, max(smallest, 0))
    good &= good[~inner][polygon]  # without its outer ring a hole is nothing
    points = points[_turned(piece, np.where(inner, area > 0, area < 0))]
    kept = good[piece]
    return _commands(
        _Pieces(points[kept], piece[kept], place[polygon], inner), POLYGON, closed=True
    )


def _starts(group: Ints) -> NDArray[np.bool_]:
    """Where a new number begins in a list of ascending numbers."""
    starts = np.ones(len(group), bool)
    starts[1:] = group[1:] != group[:-1]
    return starts


def _around(piece: Ints, count: int) -> tuple[Ints, Ints]:
    """Places of the point before and the point after each, round its ring."""
    sizes = np.bincount(piece, minlength=count)
    ends = np.cumsum(sizes)
    place = np.arange(len(piece))
    before, after = place - 1, place + 1
    has = sizes > 0
    before[(ends - sizes)[has]] = ends[has] - 1
    after[ends[has] - 1] = (ends - sizes)[has]
    return before, after


def _bends(points: Ints, piece: Ints, count: int) -> NDArray[np.bool_]:
    """Points that are needed: not equal to the one before, not in the middle of a line."""
    before, after = _around(piece, count)
    here, there = points - points[before], points[after] - points
    cross = here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]
    ahead = (here * there).sum(axis=1) > 0
    repeated = (here == 0).all(axis=1)
    stands = (there == 0).all(axis=1)
    straight = (cross == 0) & ahead & ~stands
    return np.asarray(~(repeated | straight), np.bool_)


def _areas(points: Ints, piece: Ints, count: int) -> NDArray[np.float64]:
    """Signed area of each ring; positive turns clockwise on the screen (y southwards)."""
    _, after = _around(piece, count)
    cross = points[:, 0] * points[after, 1] - points[after, 0] * points[:, 1]
    return np.bincount(piece, weights=cross, minlength=count) / 2


def _turned(piece: Ints, wrong: NDArray[np.bool_]) -> Ints:
    """The order of points with the rings that turn the wrong way reversed."""
    sizes = np.bincount(piece, minlength=len(wrong))
    ends = np.cumsum(sizes)
    place = np.arange(len(piece))
    mirrored = (2 * ends - sizes)[piece] - 1 - place
    return np.where(wrong[piece], mirrored, place)


def _commands(pieces: _Pieces, kind: int, *, closed: bool) -> Drawn:
    """MoveTo the first point, LineTo the others, close; each shape from (0, 0)."""
    points = pieces.points
    if not len(points):
        return NOTHING
    ids, piece = np.unique(pieces.piece, return_inverse=True)
    owner = pieces.owner[ids]
    sizes = np.bincount(piece)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int64))
    first = _starts(owner[piece])
    steps[first] = points[first]
    steps = zigzag(steps)
    lengths = sizes * 2 + (3 if closed else 2)
    begins = np.cumsum(lengths) - lengths
    stream = np.empty(int(lengths.sum()), np.int64)
    stream[begins] = 1 << 3 | MOVE
    stream[begins + 3] = (sizes - 1) << 3 | DRAW
    if closed:
        stream[begins + lengths - 1] = CLOSE
    place = np.arange(len(points)) - (np.cumsum(sizes) - sizes)[piece]
    at = begins[piece] + np.where(place == 0, 1, 2 + 2 * place)
    stream[at], stream[at + 1] = steps[:, 0], steps[:, 1]
    return _cut(stream, begins, owner, kind)


def _cut(stream: Ints, begins: Ints, owner: Ints, kind: int) -> Drawn:
    flat, taken = varints(stream)
    starts = np.flatnonzero(_starts(owner))
    sizes = np.add.reduceat(taken, begins[starts])
    return Drawn(owner[starts], np.full(len(starts), kind, np.int64), Ragged(flat, sizes))
