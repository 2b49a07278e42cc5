"""A layer of features with an index, and the tile cut out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from cityloop.engines.tiles.drawing import EXTENT, Drawn, drawn
from cityloop.engines.tiles.mercator import Address, unit_square
from cityloop.engines.tiles.wire import Ragged, Value, attribute, field, varint, varints, woven

MARGIN = 64 / EXTENT  # what a tile holds beyond its edge, so that outlines have no seams
PIXEL = 1 / 1024  # of a tile, where a map shows it largest: just before the next zoom's takes over
VERSION = varint(15 << 3) + varint(2)


class Layer:
    """Features of one layer of a map.

    Args:
        name: as the style names it (`source-layer`).
        shapes: longitude and latitude, WGS84, any kinds of geometry, shape (n,).
        ids: numbers >= 0 by which live state is put on features (shape (n,)), or None.
        columns: attributes, each of length n; None in a column = the feature has none.
        zooms: the first and last zoom at which tiles hold this layer.
        from_zoom: the first zoom of each feature, shape (n,); None = that of the layer.
        smallest: polygons of less area than so many square units (4096 a side) are left out.
    """

    def __init__(
        self,
        name: str,
        shapes: ArrayLike,
        *,
        ids: Sequence[int] | NDArray[np.int64] | None = None,
        columns: Mapping[str, Sequence[Value | None]] | None = None,
        zooms: tuple[int, int] = (0, 22),
        from_zoom: NDArray[np.int64] | None = None,
        smallest: float = 0.0,
    ) -> None:
        given = np.asarray(shapes, dtype=object)
        self.name = name
        self.zooms = zooms
        self.from_zoom = from_zoom
        self.smallest = smallest
        self.shapes = shapely.transform(given, unit_square) if len(given) else given
        self.ids = None if ids is None else np.asarray(ids, np.int64)
        self.columns = dict(columns or {})
        for what, values in {"ids": self.ids, **self.columns}.items():
            if values is not None and len(values) != len(given):
                raise ValueError(f"{name}.{what}: {len(values)} values for {len(given)} shapes")
        self._values = _Values(self.columns.values(), len(given))
        self._index = shapely.STRtree(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    def farther(self, zooms: tuple[int, int]) -> Layer:
        """The same areas as seen from farther away: without the bends that are smaller than a
        pixel at the last of these zooms. Neighbours keep a common border.

        Raises: ValueError where not everything is an area.
        Source: Visvalingam and Whyatt 1993, on the edges of a coverage as GEOS has it.
        """
        found = copy(self)
        found.zooms = zooms
        found.shapes = shapely.coverage_simplify(self.shapes, PIXEL / 2 ** zooms[1])
        found._index = shapely.STRtree(found.shapes)
        return found

    def addresses(self, zoom: int) -> list[Address]:
        """Tiles of a zoom in which something of the layer may lie, north-west first."""
        shown = self.shapes if self.from_zoom is None else self.shapes[self.from_zoom <= zoom]
        edges = shapely.bounds(shown[~shapely.is_empty(shown)]).reshape(-1, 4)
        if not len(edges) or not self.zooms[0] <= zoom <= self.zooms[1]:
            return []
        side = 2**zoom
        reach = edges * side + np.array([-MARGIN, -MARGIN, MARGIN, MARGIN])
        spans = np.unique(np.clip(np.floor(reach).astype(np.int64), 0, side - 1), axis=0)
        found = {
            (y, x)
            for x0, y0, x1, y1 in spans.tolist()
            for y in range(y0, y1 + 1)
            for x in range(x0, x1 + 1)
        }
        return [Address(zoom, x, y) for y, x in sorted(found)]

    def encode(self, address: Address) -> bytes:
        """The layer's part of a tile; empty when nothing of it lies there."""
        if not self.zooms[0] <= address.z <= self.zooms[1]:
            return b""
        chosen, shapes = self._within(address)
        found = drawn(shapes, address, smallest=self.smallest)
        if not len(found):
            return b""
        return self._message(chosen, found)

    def _within(self, address: Address) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Places of the features that meet the tile, and their shapes cut to it."""
        box = address.box(MARGIN)
        chosen = np.sort(self._index.query(shapely.box(*box)))
        if self.from_zoom is not None:
            chosen = chosen[self.from_zoom[chosen] <= address.z]
        shapes = self.shapes[chosen]
        edges = shapely.bounds(shapes).reshape(-1, 4)
        sticks_out = (edges[:, :2] < box[:2]).any(axis=1) | (edges[:, 2:] > box[2:]).any(axis=1)
        shapes[sticks_out] = shapely.clip_by_rect(shapes[sticks_out], *box)
        return chosen, shapes

    def _message(self, chosen: NDArray[np.int64], found: Drawn) -> bytes:
        place = chosen[found.place]
        tags, values = self._values.tags(place)
        kinds = Ragged(found.kind.astype(np.uint8), np.ones(len(found), np.int64))
        parts = [
            *_field(2, tags),
            Ragged.same(varint(3 << 3), len(found)), kinds,
            *_field(4, found.commands),
        ]  # fmt: skip
        if self.ids is not None:
            own = Ragged.numbers(self.ids[place])
            parts = [Ragged.same(varint(1 << 3), len(found)), own, *parts]
        features = woven(_field(2, woven(parts)))
        return field(3, b"".join([
            field(1, self.name.encode()),
            features.flat.tobytes(),
            *(field(3, key.encode()) for key in self.columns),
            woven(_field(4, _texts(values))).flat.tobytes(),
            varint(5 << 3) + varint(EXTENT),
            VERSION,
        ]))  # fmt: skip


def _field(number: int, bodies: Ragged) -> tuple[Ragged, Ragged, Ragged]:
    """Fields of bytes with their lengths before them."""
    key = Ragged.same(varint(number << 3 | 2), len(bodies.sizes))
    return key, Ragged.numbers(bodies.sizes), bodies


def _texts(values: list[Value]) -> Ragged:
    """The messages of values; texts, of which there may be a million, all at once."""
    if not all(isinstance(value, str) for value in values):
        return Ragged.of([attribute(value) for value in values])
    return woven(_field(1, Ragged.of([str(value).encode() for value in values])))


class _Values:
    """The values of all columns as numbers into one list of those that differ."""

    def __init__(self, columns: Iterable[Sequence[Value | None]], count: int) -> None:
        # 1, 1.0 and True are equal in Python, and three values in a tile
        known: dict[tuple[type, Value], int] = {}
        codes = [
            [-1 if v is None else known.setdefault((type(v), v), len(known)) for v in column]
            for column in columns
        ]
        self._codes = np.array(codes, np.int64).reshape(len(codes), count)
        self._all = [value for _, value in known]

    def tags(self, place: NDArray[np.int64]) -> tuple[Ragged, list[Value]]:
        """Pairs (column, value) of each feature, and the values they speak of."""
        codes = self._codes[:, place].T
        has = codes >= 0
        shown = codes[has]
        seen, number = np.zeros(len(self._all), bool), np.empty(len(self._all), np.int64)
        seen[shown] = True
        used = np.flatnonzero(seen)
        number[used] = np.arange(len(used))
        pairs = np.column_stack([np.nonzero(has)[1], number[shown]])
        flat, taken = varints(pairs.ravel())
        of = np.zeros(codes.shape, np.int64)
        of[has] = taken.reshape(-1, 2).sum(axis=1)
        return Ragged(flat, of.sum(axis=1)), [self._all[k] for k in used.tolist()]


def tile(layers: Iterable[Layer], address: Address) -> bytes:
    """A tile of these layers; no bytes at all when it is empty."""
    return b"".join(layer.encode(address) for layer in layers)
