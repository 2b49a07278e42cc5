"""A worker's own figures: what came of the work, not how much was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from cityloop.business.appraisal.queries import by_area
from cityloop.business.patrol.domain import is_due
from cityloop.business.patrol.models import WorkerFigure
from cityloop.business.patrol.queries.coverage import last_days, local_midnight
from cityloop.business.patrol.queries.plans import plans_for
from cityloop.city.places.queries import grids_of_worker

DAYS = 30


@dataclass(frozen=True, slots=True)
class Share:
    """One rate: `part` of `whole`; value is None where there was nothing to count."""

    key: str
    zh: str
    en: str
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return round(self.part / self.whole, 4) if self.whole else None


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """A period's counts and rates. `missed`: matters in own cells that others reported."""

    since: date
    until: date
    counts: dict[str, int]
    rates: list[Share]


def own_figures(user_id: int, *, now: datetime, days: int = DAYS) -> OwnFigures:
    """The worker's figures of the last days, today included."""
    until = local_midnight(now).date()
    since = until - timedelta(days=days - 1)
    rows = WorkerFigure.objects.filter(user_id=user_id, day__range=(since, until))
    n = dict(rows.values_list("measure").annotate(total=Sum("n")))
    cells = sorted({c for grid in grids_of_worker(user_id) for c in grid.cells})
    found = by_area(cells, since, until, ["reported", "channel:grid"]) if cells else {}
    reported = sum(c.get("reported", 0) for c in found.values())
    by_workers = sum(c.get("channel:grid", 0) for c in found.values())
    wanted, covered = _coverage(user_id, cells, now)
    counts = {
        name: n.get(name, 0) for name in ("reported", "settled", "checked", "verified", "merged")
    }
    counts["missed"] = reported - by_workers
    judged = n.get("valid", 0) + n.get("invalid", 0)
    looked = n.get("checked", 0) + n.get("verified", 0)
    in_time = n.get("checked_on_time", 0) + n.get("verified_on_time", 0)
    rates = [
        Share("valid", "有效上报率", "Valid reports", n.get("valid", 0), judged),
        Share("on_time", "按时核实核查率", "Checked on time", in_time, looked),
        Share("settled", "自办率", "Handled on the spot", n.get("settled", 0), judged),
        Share("coverage", "巡查覆盖率", "Cells covered", covered, wanted),
    ]
    return OwnFigures(since, until, counts, rates)


def _coverage(user_id: int, cells: list[int], now: datetime) -> tuple[int, int]:
    """(planned own cells, those of them this worker or a colleague saw in time)."""
    midnight = local_midnight(now)
    every: dict[int, int] = {}
    for plan, ids in plans_for(cells):
        for cell in ids:
            every[cell] = min(plan.every_days, every.get(cell, 366))
    last = last_days(every, midnight.date())
    seen = sum(
        not is_due(_start(last.get(cell), midnight), wanted, midnight)
        for cell, wanted in every.items()
    )
    return len(every), seen


def _start(day: date | None, midnight: datetime) -> datetime | None:
    return day and datetime.combine(day, midnight.timetz())
