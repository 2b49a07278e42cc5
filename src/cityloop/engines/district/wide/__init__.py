"""Districts of any size as columns: no object for each of a million things."""

from cityloop.engines.district.uses import HOMES, Use
from cityloop.engines.district.wide.furniture import CLASSES
from cityloop.engines.district.wide.generate import generate_wide
from cityloop.engines.district.wide.model import (
    DISTRICT_CODE,
    WideDistrict,
    degrees,
    lonlat,
)
from cityloop.engines.district.wide.places import KINDS
from cityloop.engines.district.wide.sizes import SIZES, WIDTH_M, Way

__all__ = [
    "CLASSES",
    "DISTRICT_CODE",
    "HOMES",
    "KINDS",
    "SIZES",
    "WIDTH_M",
    "Use",
    "Way",
    "WideDistrict",
    "degrees",
    "generate_wide",
    "lonlat",
]
