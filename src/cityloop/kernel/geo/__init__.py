"""Places on the ground: coordinate systems, checks of what came in, distances.

Inside the platform every coordinate is WGS84 degrees, longitude first. Anything else is declared
by whoever sends it and converted here, at the edge.
"""

from cityloop.kernel.geo.bounds import Bounds
from cityloop.kernel.geo.checks import check_lonlat, check_many
from cityloop.kernel.geo.crs import CRS_NAMES, from_wgs84, to_wgs84
from cityloop.kernel.geo.measure import LocalPlane, distance_m
from cityloop.kernel.geo.systems import CoordinateSystem, coordinate_system, likely_systems

__all__ = [
    "CRS_NAMES",
    "Bounds",
    "CoordinateSystem",
    "LocalPlane",
    "check_lonlat",
    "check_many",
    "coordinate_system",
    "distance_m",
    "from_wgs84",
    "likely_systems",
    "to_wgs84",
]
