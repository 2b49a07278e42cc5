"""From shapes in the unit square to the drawing commands of a tile, all shapes at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.tiles.mercator import Address
from cityloop.engines.tiles.wire import varints, zigzag

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
MOVE, DRAW, CLOSE = 1, 2, 15
_OF_TYPE = {0: POINT, 1: LINE, 3: POLYGON}  # single geometries of GEOS
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One shape as the tile holds it: which one, its kind, its commands."""

    place: int
    kind: int
    commands: bytes


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Rings or lines as one list of points; `piece` numbers them, `owner` is a shape's place."""

    points: Ints  # (n, 2)
    piece: Ints  # (n,), ascending
    owner: Ints  # (pieces,), ascending
    inner: NDArray[np.bool_]  # (pieces,): a hole


def drawn(shapes: NDArray[np.object_], address: Address, *, smallest: float = 0.0) -> list[Drawn]:
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
        *_points(parts[kinds == 0], place[kinds == 0], address),
        *_lines(parts[kinds == 1], place[kinds == 1], address),
        *_polygons(parts[kinds == 3], place[kinds == 3], address, smallest),
    ]
    return sorted(found, key=lambda d: (d.place, d.kind))


def on_grid(coordinates: NDArray[np.float64], address: Address) -> Ints:
    """Points of the unit square on the grid of a tile."""
    side = 2**address.z
    grid: Ints = np.rint((coordinates * side - (address.x, address.y)) * EXTENT).astype(np.int64)
    return grid


def _points(parts: NDArray[np.object_], place: Ints, address: Address) -> list[Drawn]:
    """Points belong to the tile that they lie in, so that no label is written twice."""
    spots = on_grid(shapely.get_coordinates(parts), address)
    within = ((spots >= 0) & (spots < EXTENT)).all(axis=1)
    spots, place = spots[within], place[within]
    made = []
    for owner in np.unique(place):
        steps = np.diff(spots[place == owner], axis=0, prepend=np.zeros((1, 2), np.int64))
        stream = np.concatenate([[len(steps) << 3 | MOVE], zigzag(steps).ravel()])
        made.append(Drawn(int(owner), POINT, varints(stream)[0]))
    return made


def _lines(parts: NDArray[np.object_], place: Ints, address: Address) -> list[Drawn]:
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


def _polygons(
    parts: NDArray[np.object_], place: Ints, address: Address, smallest: float
) -> list[Drawn]:
    rings, polygon = shapely.get_rings(parts, return_index=True)
    polygon = np.asarray(polygon, np.int64)
    if not len(rings):
        return []
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


def _commands(pieces: _Pieces, kind: int, *, closed: bool) -> list[Drawn]:
    """MoveTo the first point, LineTo the others, close; each shape from (0, 0)."""
    points = pieces.points
    if not len(points):
        return []
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


def _cut(stream: Ints, begins: Ints, owner: Ints, kind: int) -> list[Drawn]:
    body, taken = varints(stream)
    offsets = np.concatenate([[0], np.cumsum(taken)])
    starts = np.flatnonzero(_starts(owner))
    edges = offsets[np.append(begins[starts], len(stream))].tolist()
    owners = owner[starts].tolist()
    return [
        Drawn(who, kind, body[a:b]) for who, a, b in zip(owners, edges[:-1], edges[1:], strict=True)
    ]
