"""What a division is made of. Every coordinate is metres of one plane (east, north)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from cityloop.kernel.errors import DomainError

HOUSEHOLDS = "households"


class StreetClass(StrEnum):
    """What a line is; from the widest street to natural lines."""

    EXPRESSWAY = "expressway"
    ARTERIAL = "arterial"
    SECONDARY = "secondary"
    LOCAL = "local"
    WALL = "wall"
    WATER = "water"


@dataclass(frozen=True, slots=True)
class Window:
    """How heavy a cell may be: one window per theme of grids.

    weight: `households`, or a key of `Building.weights` (expected cases, area to sweep ...).
    target: what a cell should weigh; the middle of the window when left out.
    unit: what follows a number of the weight, in Chinese and English; its key when left out.
    Raises: DomainError partition.window.
    """

    lo: int = 300
    hi: int = 500
    target: float = 0.0
    weight: str = HOUSEHOLDS
    unit: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        # A whole number would make the kernels compile a second time, for seconds.
        object.__setattr__(self, "target", float(self.target or (self.lo + self.hi) / 2))
        if not 0 < self.lo <= self.target <= self.hi:
            raise DomainError(
                "partition.window",
                f"A window needs 0 < lo <= target <= hi; given lo={self.lo}, "
                f"target={self.target:g}, hi={self.hi}.",
                f"规模范围须满足 0 < 下限 ≤ 目标 ≤ 上限；"
                f"当前下限 {self.lo}，目标 {self.target:g}，上限 {self.hi}。",
                where="window",
            )

    @property
    def unit_zh(self) -> str:
        """What a cell weighs, after a number in Chinese."""
        if self.weight == HOUSEHOLDS:
            return " 户"
        return f" {self.unit[0]}" if self.unit[0] else f"（{self.weight}）"

    @property
    def unit_en(self) -> str:
        """What a cell weighs, after a number in English."""
        return self.unit[1] or self.weight

    def holds(self, weight: int) -> bool:
        """Is a cell of this weight allowed?"""
        return self.lo <= weight <= self.hi

    def counts(self, total: int) -> range:
        """Numbers of cells whose mean weight lies in the window; empty when there is none."""
        return range(-(-total // self.hi), total // self.lo + 1)


@dataclass(frozen=True, slots=True)
class Community:
    """A community: no cell ever crosses its border."""

    code: str
    polygon: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its footprint; `weights` for themes that do not count households."""

    code: str
    footprint: Polygon | MultiPolygon
    households: int = 0
    weights: Mapping[str, int] = field(default_factory=dict)

    def weigh(self, weight: str) -> int:
        """Its weight in a theme; 0 when it has none."""
        return self.households if weight == HOUSEHOLDS else int(self.weights.get(weight, 0))

    def is_whole(self, weight: str) -> bool:
        """Whether no border may cut it: people live in it, or it weighs in the theme."""
        return self.households > 0 or self.weigh(weight) > 0


@dataclass(frozen=True, slots=True)
class Street:
    """A line that a border of cells may follow."""

    line: BaseGeometry
    kind: StreetClass = StreetClass.LOCAL


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its number is unique in its community and stays while the cell persists."""

    community: str
    number: int
    polygon: Polygon | MultiPolygon
    weight: int
    households: int
    buildings: tuple[str, ...]

    @property
    def key(self) -> tuple[str, int]:
        """Community code and number."""
        return self.community, self.number

    def code(self, digits: int = 3) -> str:
        """Community code and number, as the national template writes them."""
        return f"{self.community}{self.number:0{digits}d}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know of a division.

    kind: stable name; see docs/algorithms/partition.md. grave: a rule is broken (else a remark).
    where: code of the community, building or cell. amount: by how much, in the unit of the rule.
    proved: no division could avoid it.
    """

    kind: str
    where: str
    en: str
    zh: str
    grave: bool = True
    amount: float = 0.0
    x: float = 0.0
    y: float = 0.0
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Cells of one or more communities, ordered by community and number, and what was found."""

    window: Window
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]

    def cell_of(self) -> dict[str, tuple[str, int]]:
        """Cell (community, number) of every building."""
        return {code: cell.key for cell in self.cells for code in cell.buildings}

    def in_window(self) -> float:
        """Share of the cells whose weight lies in the window, 0 to 1."""
        inside = sum(self.window.holds(cell.weight) for cell in self.cells)
        return inside / max(len(self.cells), 1)

    def polygons(self) -> dict[tuple[str, int], Polygon | MultiPolygon]:
        """The polygon of every cell."""
        return {cell.key: cell.polygon for cell in self.cells}

    def polygons_of(self, community: str) -> dict[int, Polygon | MultiPolygon]:
        """The polygons of one community by number."""
        return {c.number: c.polygon for c in self.cells if c.community == community}
