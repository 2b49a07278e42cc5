"""The duty table as a value: which row answers for a class in an area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutyInfo:
    """A row of the duty table. area_id None = everywhere; lead and co are department keys."""

    pattern: str
    area_id: int | None
    lead: str
    co: tuple[str, ...] = ()
    remark: str = ""


class DutyTable:
    """Rows found by class and place: the closest pattern first, then the smallest area.

    For E0301 in a cell: E0301, E030*, E03*, E0*, E*, *; each in the cell, its community ...
    the city, and last everywhere. Of two rows for the same pattern and area the first counts.
    """

    def __init__(self, rows: Iterable[DutyInfo]) -> None:
        self._rows: dict[tuple[str, int | None], DutyInfo] = {}
        for row in rows:
            self._rows.setdefault((row.pattern, row.area_id), row)
        self._patterns = {pattern for pattern, _ in self._rows}
        self._areas = {area for _, area in self._rows if area is not None}

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, class_key: str, areas: Sequence[int]) -> DutyInfo | None:
        """The row for a class in a place; `areas` from the city down to the smallest."""
        places: list[int | None] = [a for a in reversed(areas) if a in self._areas]
        places.append(None)
        for pattern in patterns_of(class_key):
            if pattern in self._patterns:
                for place in places:
                    row = self._rows.get((pattern, place))
                    if row is not None:
                        return row
        return None


def patterns_of(class_key: str) -> list[str]:
    """All patterns that meet a class, the closest first.

    Example:
    >>> patterns_of("E0301")
    ['E0301', 'E030*', 'E03*', 'E0*', 'E*', '*']
    """
    return [class_key, *(class_key[:n] + "*" for n in range(len(class_key) - 1, -1, -1))]
