"""A layer of features with an index, and the tile cut out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from cityloop.engines.tiles.drawing import EXTENT, Drawn, drawn
from cityloop.engines.tiles.mercator import Address, unit_square
from cityloop.engines.tiles.wire import Value, attribute, field, varint

MARGIN = 64 / EXTENT  # what a tile holds beyond its edge, so that outlines have no seams
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
        self.ids = None if ids is None else [int(i) for i in ids]
        self.columns = dict(columns or {})
        for what, values in {"ids": self.ids, **self.columns}.items():
            if values is not None and len(values) != len(given):
                raise ValueError(f"{name}.{what}: {len(values)} values for {len(given)} shapes")
        self._index = shapely.STRtree(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)

    def encode(self, address: Address) -> bytes:
        """The layer's part of a tile; empty when nothing of it lies there."""
        if not self.zooms[0] <= address.z <= self.zooms[1]:
            return b""
        chosen, shapes = self._within(address)
        found = drawn(shapes, address, smallest=self.smallest)
        if not found:
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

    def _message(self, chosen: NDArray[np.int64], found: list[Drawn]) -> bytes:
        keys = list(self.columns)
        values: dict[tuple[type, Value], int] = {}
        features = [self._feature(int(chosen[d.place]), d, values) for d in found]
        return field(3, b"".join([
            field(1, self.name.encode()),
            *features,
            *(field(3, key.encode()) for key in keys),
            *(field(4, attribute(value)) for _, value in values),
            varint(5 << 3) + varint(EXTENT),
            VERSION,
        ]))  # fmt: skip

    def _feature(self, place: int, shape: Drawn, values: dict[tuple[type, Value], int]) -> bytes:
        tags = bytearray()
        for key, column in enumerate(self.columns.values()):
            value = column[place]
            if value is not None:
                tags += varint(key)
                # 1, 1.0 and True are equal in Python, and three values in a tile
                tags += varint(values.setdefault((type(value), value), len(values)))
        number = b"" if self.ids is None else varint(1 << 3) + varint(self.ids[place])
        kind = varint(3 << 3) + varint(shape.kind)
        return field(2, number + field(2, bytes(tags)) + kind + field(4, shape.commands))


def tile(layers: Iterable[Layer], address: Address) -> bytes:
    """A tile of these layers; no bytes at all when it is empty."""
    return b"".join(layer.encode(address) for layer in layers)
