"""One worker's shifts and duty grids: when on duty, and for which cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cityloop.city.places.models import DutyGrid, DutyWorker, Shift


@dataclass(frozen=True, slots=True)
class Span:
    """A shift: on duty from `starts_at` on, up to and without `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether this moment lies in it."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class OwnGrid:
    """A duty grid with its cells as row ids."""

    code: str
    name: str
    community_id: int
    cells: tuple[int, ...]


def shifts_of(user_id: int, since: datetime, until: datetime) -> list[Span]:
    """The shifts of a worker that touch a span of time, the earliest first."""
    rows = Shift.objects.filter(user_id=user_id, ends_at__gt=since, starts_at__lte=until)
    return [Span(*row) for row in rows.order_by("starts_at").values_list("starts_at", "ends_at")]


def grids_of_worker(user_id: int) -> list[OwnGrid]:
    """The duty grids a worker answers for, those of the first rank first."""
    rows = DutyWorker.objects.filter(user_id=user_id).order_by("rank", "duty_grid__code")
    codes = list(rows.values_list("duty_grid__code", flat=True))
    known = {grid.code: grid for grid in grids(codes)}
    return [known[code] for code in codes]


def grids(codes: Iterable[str]) -> list[OwnGrid]:
    """These duty grids, by code; what is not known is missing."""
    rows = list(
        DutyGrid.objects.filter(code__in=list(codes)).values_list(
            "pk", "code", "name", "community_id"
        )
    )
    cells = defaultdict(list)
    through = DutyGrid.cells.through.objects.filter(dutygrid_id__in=[row[0] for row in rows])
    for grid, cell in through.order_by("area_id").values_list("dutygrid_id", "area_id"):
        cells[grid].append(cell)
    return [OwnGrid(code, name, up, tuple(cells[pk])) for pk, code, name, up in sorted(rows)]
