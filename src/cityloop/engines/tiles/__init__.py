"""Vector tiles from arrays: areas and ground for the map, each tile made alone and at once, and
many of them in one file."""

from cityloop.engines.tiles.archive import Archive, open_archive, tile_number, write_archive
from cityloop.engines.tiles.layer import Layer, tile
from cityloop.engines.tiles.mercator import MOST_ZOOM, Address, tiles_over, unit_square

__all__ = [
    "MOST_ZOOM",
    "Address",
    "Archive",
    "Layer",
    "open_archive",
    "tile",
    "tile_number",
    "tiles_over",
    "unit_square",
    "write_archive",
]
