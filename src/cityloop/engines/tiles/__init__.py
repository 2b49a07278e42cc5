"""Vector tiles from arrays: areas and ground for the map, each tile made alone and at once."""

from cityloop.engines.tiles.layer import Layer, tile
from cityloop.engines.tiles.mercator import MOST_ZOOM, Address, tiles_over, unit_square

__all__ = ["MOST_ZOOM", "Address", "Layer", "tile", "tiles_over", "unit_square"]
