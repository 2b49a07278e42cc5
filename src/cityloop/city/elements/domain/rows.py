"""What comes into a register, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from cityloop.kernel.errors import DomainError


@dataclass(slots=True)
class ElementRow:
    """One element as it comes in.

    Args:
        code: its number in the register; "" = the known one of `source_key`, or a new one made
            from it.
        lon, lat: representative point, WGS84 degrees; None = a point inside the geometry.
        geometry: WKB bytes or a shapely geometry, lon/lat; None for plain points.
        households: counted, never persons.
        properties: the city's own fields of the kind.
        source_key: how its source calls it (an OSM id, a row number).
        row: its place in the file, for the refusal; None = counted from 1.
    """

    code: str = ""
    name: str = ""
    name_en: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    geometry: bytes | BaseGeometry | None = None
    households: int | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    source_key: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken: its place in the file, its code, and why."""

    row: int
    code: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Missing:
    """What a source has no more, of `of` current elements of a kind.

    held: none was retired: too many would go, or (`nameless`) refused rows could be any of them.
    shown: the first of them, as (code, name).
    """

    of: int
    gone: int
    held: bool
    shown: tuple[tuple[str, str], ...] = ()
    nameless: int = 0


@dataclass(slots=True)
class Taken:
    """What a file did, or would do: counts, and every refused row.

    codes: of the rows that were not refused. missing: what the source has no more, where the rows
    were said to be all it has.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0  # retired, because the source has them no more
    outside: int = 0  # taken, but in no cell
    refused: list[Refusal] = field(default_factory=list)
    dry_run: bool = False
    codes: set[str] = field(default_factory=set)
    missing: Missing | None = None

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.new + self.changed + self.same + len(self.refused)
