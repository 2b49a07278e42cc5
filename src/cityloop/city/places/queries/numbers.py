"""Numbers of cells."""

from __future__ import annotations

from cityloop.city.places.domain import Level
from cityloop.city.places.queries.snapshot import tree


def used_cell_numbers(community: str) -> frozenset[int]:
    """Numbers that cells of a community have or had: a new cell gets another one.

    Old cases keep the cells they lie in, so the number of a cell that ended is never given again.
    """
    areas = tree()
    above = areas.find_code(community)
    if above is None:
        return frozenset()
    below = (areas.get(found) for found in areas.subtree(above.id))
    numbers = (a.code.removeprefix(community) for a in below if a.level is Level.CELL)
    return frozenset(int(number) for number in numbers if number.isdecimal())
