"""A layer on its way into tiles: arrays side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST_ZOOM = 8  # farther away there are a few outlines, drawn at once
LAST_ZOOM = 15  # beyond it the map enlarges
NEAR_ZOOM = 14  # from here nothing has to be generalised: tiles are cut out of the shapes


@dataclass(frozen=True, eq=False)
class MapLayer:
    """Features of a layer.

    Args:
        shapes: longitude and latitude, shape (n,). ids: shape (n,).
        columns: attributes, each of length n; None = the feature has none.
        from_zoom: the first zoom of each feature, shape (n,).
        smallest: polygons of less area than so many square units of a tile (4096 a side) are
            left out.
    """

    name: str
    ids: NDArray[np.int64]
    shapes: NDArray[np.object_]
    columns: dict[str, Sequence[Any]]
    from_zoom: NDArray[np.int64]
    smallest: float = 0.0

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, chosen: NDArray[np.bool_]) -> MapLayer:
        """Only some of the features, shape (n,)."""
        at = np.flatnonzero(chosen).tolist()
        columns = {key: [values[k] for k in at] for key, values in self.columns.items()}
        return MapLayer(self.name, self.ids[chosen], self.shapes[chosen], columns,
                        self.from_zoom[chosen], self.smallest)  # fmt: skip
