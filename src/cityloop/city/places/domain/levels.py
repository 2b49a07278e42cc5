"""Levels of the area tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Levels from the city down to the cell (单元网格)."""

    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    CELL = "cell"


LEVELS = tuple(Level)
LEVEL_NAMES: dict[Level, tuple[str, str]] = {
    Level.CITY: ("市", "City"),
    Level.DISTRICT: ("区", "District"),
    Level.SUBDISTRICT: ("街道", "Subdistrict"),
    Level.COMMUNITY: ("社区", "Community"),
    Level.CELL: ("网格", "Cell"),
}


@dataclass(frozen=True, slots=True)
class AreaPath:
    """The chain of areas a place lies in; None where the level is not known."""

    city_id: int | None = None
    district_id: int | None = None
    subdistrict_id: int | None = None
    community_id: int | None = None
    cell_id: int | None = None

    def ids(self) -> tuple[int, ...]:
        """The known areas, city first."""
        chain = (
            self.city_id,
            self.district_id,
            self.subdistrict_id,
            self.community_id,
            self.cell_id,
        )
        return tuple(a for a in chain if a is not None)


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """A node of the tree without its boundary. `current` is False once it was replaced."""

    id: int
    level: Level
    code: str
    name_zh: str
    name_en: str
    parent_id: int | None
    households: int | None
    sensitive_place: bool = False
    current: bool = True

    def name(self, language: str = "zh") -> str:
        """The name in the reader's language."""
        return self.name_zh if language.startswith("zh") else self.name_en or self.name_zh
