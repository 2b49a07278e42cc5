"""The city's map baked into one PMTiles file, and tiles out of it or, where a layer has changed
since, straight from the registers."""

from cityloop.data.geography.baking.reading import Baked, baked_map
from cityloop.data.geography.baking.shapes import MapLayer
from cityloop.data.geography.baking.writing import bake

__all__ = ["Baked", "MapLayer", "bake", "baked_map"]
