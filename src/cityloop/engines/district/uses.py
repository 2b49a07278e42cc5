"""What ground is used for, in every district we generate."""

from __future__ import annotations

from enum import IntEnum


class Use(IntEnum):
    """What a block is used for; the first four are homes. The small districts stop at WATER."""

    TOWER = 0
    SLAB = 1
    MIDRISE = 2
    COURTYARD = 3
    COMMERCE = 4
    OFFICE = 5
    SCHOOL = 6
    HOSPITAL = 7
    MARKET = 8
    INDUSTRY = 9
    PARK = 10
    WATER = 11
    FARM = 12
    GREEN = 13
    RAILWAY = 14


HOMES = 4  # uses below this number are homes
