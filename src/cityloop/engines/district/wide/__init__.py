"""Districts of any size as columns: no object for each of a million things."""

from cityloop.engines.district.wide.furniture import CLASSES
from cityloop.engines.district.wide.generate import generate_wide
from cityloop.engines.district.wide.model import (
    DISTRICT_CODE,
    WideDistrict,
    degrees,
    lonlat,
)
from cityloop.engines.district.wide.places import KINDS
from cityloop.engines.district.wide.sizes import HOMES, SIZES, WIDTH_M, Ground, Way

__all__ = [
    "CLASSES",
    "DISTRICT_CODE",
    "HOMES",
    "KINDS",
    "SIZES",
    "WIDTH_M",
    "Ground",
    "Way",
    "WideDistrict",
    "degrees",
    "generate_wide",
    "lonlat",
]
