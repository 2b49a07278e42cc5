"""The public ground of all maps out of the registers: land, rail, streets, outlines of houses.

Only what is seen from the street: no codes, no names but those of streets, no other fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.conf import settings

from cityloop.city.places.ground import BAKED, SMALLEST_HOUSE
from cityloop.data.geography.baking.layers import layer_of
from cityloop.data.geography.baking.shapes import MapLayer

# kinds of the land's registers as the style of the map calls them
_LAND = {"water": "water", "green": "park"}
_COLUMNS = {"land": ("kind",), "rail": (), "street": ("road", "zh", "en"), "building": ("use",)}


def ground_path() -> Path:
    """Where every map of this deployment looks for its ground."""
    return Path(settings.DATA) / BAKED


def ground_layers() -> Iterator[MapLayer]:
    """The layers as the registers have them now."""
    for name, columns in _COLUMNS.items():
        found = layer_of(name)
        if name == "land" and len(found):
            found.columns["kind"] = [_LAND.get(kind, "block") for kind in found.columns["kind"]]
        yield MapLayer(
            name, np.arange(len(found)), found.shapes,
            {key: found.columns[key] for key in columns if key in found.columns},
            found.from_zoom, SMALLEST_HOUSE if name == "building" else 0.0,
        )  # fmt: skip
