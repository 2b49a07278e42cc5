"""How well it goes: cases received within some days, by what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from cityloop.business.catalogue.queries import catalogue, class_keys
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.hub.overview.centre import check_may_centre, fresh, sight_of
from cityloop.hub.overview.counting import (
    Counted,
    Filters,
    count_by,
    count_together,
    counted,
    query_of,
    rows,
)
from cityloop.hub.overview.days import midnight, zone
from cityloop.hub.overview.queries import outcome

FRESH_S = 60.0  # a rate over a month hardly moves within a minute
HOT, LEAST_RANKED = 8, 5
# name → (what must have happened, the filter that tells good from bad, what is good).
# "{}" stands for the first day of the period.
RATES: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "response": ((), "responded", True),
    "solving": ((), "solved", True),
    "satisfaction": ((), "satisfied", True),
    "auto_share": (("dispatched_since",), "auto", True),
    "auto_accuracy": (("dispatched_since", "auto"), "misrouted", False),
    "on_time": (("handled_since",), "on_time", True),
    "no_rework": (("handled_since",), "reworked", False),
}
# the ranking's names of the same rates
RANKED_BY = {
    "solving": "solving_rate", "satisfaction": "satisfaction_rate", "on_time": "handling_on_time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """Good cases over good and bad; `before` is the same rate of the period before this one."""

    key: str
    good: Counted
    bad: Counted
    before: float | None

    @property
    def value(self) -> float | None:
        return share(self.good.n, self.bad.n)


@dataclass(frozen=True, slots=True)
class HotClass:
    """A class by how many cases came, beside the period before."""

    key: str
    zh: str
    en: str
    cases: Counted
    before: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A department by what became of its cases; `outcome` is None where too little is known."""

    id: int
    zh: str
    en: str
    outcome: float | None
    cases: Counted
    handled: int
    rates: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Day:
    """What came and what was closed on a day."""

    day: date
    reported: Counted
    closed: Counted


@dataclass(frozen=True, slots=True)
class Period:
    """An area over some days up to now."""

    since: date
    until: date
    as_of: datetime
    received: Counted
    received_before: Counted
    rates: tuple[Rate, ...]
    hot: tuple[HotClass, ...]
    units: tuple[Unit, ...]
    trend: tuple[Day, ...]


def period(viewer: Viewer, *, now: datetime, area_id: int | None = None, days: int = 30) -> Period:
    """Rates, hot classes, departments and the days of a period.

    All but `closed` of the trend counts one set: the cases received on the days of the period.
    Raises: NotAllowed("overview.not_yours").
    """
    shown = check_may_centre(viewer, area_id)
    key = ("period", shown, days, sight_of(viewer))
    return fresh(key, FRESH_S, lambda: _period(viewer, shown, now, days), live=False)


def share(good: int, bad: int) -> float | None:
    """Part of good ones; None where there is nothing to judge."""
    return round(good / (good + bad), 4) if good + bad else None


def _period(viewer: Viewer, area_id: int, now: datetime, days: int) -> Period:
    today = now.astimezone(zone()).date()
    first = today - timedelta(days=days - 1)
    since, earlier = midnight(first), midnight(first - timedelta(days=days))
    base: Filters = {"area": area_id, "since": since}
    base_before: Filters = {"area": area_id, "since": earlier, "before": since}
    found = count_together(viewer, base, {"received": {}, **_questions(since)})
    before = count_together(viewer, base_before, {"received": {}, **_questions(earlier)})
    rates = [
        Rate(key, found[f"{key}_good"], found[f"{key}_bad"],
             share(before[f"{key}_good"].n, before[f"{key}_bad"].n))
        for key in RATES
    ]  # fmt: skip
    return Period(
        first, today, now, found["received"], before["received"], tuple(rates),
        _hot(viewer, base, base_before), _units(viewer, base, since),
        _trend(viewer, area_id, first, today),
    )  # fmt: skip


def _questions(since: datetime) -> dict[str, Filters]:
    """Good and bad of every rate."""
    found: dict[str, Filters] = {}
    for key, (needs, name, good) in RATES.items():
        base = {n: (True if n == "auto" else since) for n in needs}
        found[f"{key}_good"] = {**base, name: good}
        found[f"{key}_bad"] = {**base, name: not good}
    return found


def _hot(viewer: Viewer, base: Filters, base_before: Filters) -> tuple[HotClass, ...]:
    now, before = _by_class(viewer, base), _by_class(viewer, base_before)
    known = catalogue().classes
    ranked = sorted(now.items(), key=lambda kn: (-kn[1], kn[0]))[:HOT]
    return tuple(
        HotClass(
            key,
            known[key].name_zh if key in known else key,
            known[key].name_en if key in known else key,
            Counted(n, query_of({**base, "class_key": key})),
            before.get(key, 0),
        )
        for key, n in ranked
    )


def _by_class(viewer: Viewer, base: Filters) -> dict[str, int]:
    """Cases by class key; the row ids of several catalogue versions are one class."""
    grouped = rows(viewer, base).exclude(case_class_id=None).values_list("case_class_id")
    by_id = dict(grouped.annotate(n=Count("pk")))
    found: dict[str, int] = {}
    for class_id, key in class_keys(set(by_id)).items():
        found[key] = found.get(key, 0) + by_id[class_id]
    return found


def _units(viewer: Viewer, base: Filters, since: datetime) -> tuple[Unit, ...]:
    """Ranked by outcome, never by volume; who handled too few stands below, unranked."""
    judged = (*RANKED_BY, "no_rework")
    wanted = {n: q for n, q in _questions(since).items() if n.rpartition("_")[0] in judged}
    questions = {"cases": {}, "handled": {"handled_since": since}, **wanted}
    names = {d.pk: d for d in departments_by_key().values()}
    found = count_by(viewer, base, questions, column="lead_department_id")
    units = [_unit(names[pk], sums, base, judged) for pk, sums in found.items() if pk in names]
    return tuple(sorted(units, key=lambda u: (u.outcome is None, -(u.outcome or 0), u.id)))


def _unit(department: Any, sums: dict[str, int], base: Filters, judged: tuple[str, ...]) -> Unit:
    rates = {key: share(sums[f"{key}_good"], sums[f"{key}_bad"]) for key in judged}
    weighed = {name: rates[key] for key, name in RANKED_BY.items()}
    clean = rates["no_rework"]
    weighed["rework_rate"] = None if clean is None else 1 - clean
    return Unit(
        department.pk,
        department.name_zh,
        department.name_en or department.name_zh,
        outcome(weighed) if sums["handled"] >= LEAST_RANKED else None,
        Counted(sums["cases"], query_of({**base, "department": department.pk})),
        sums["handled"],
        rates,
    )


def _trend(viewer: Viewer, area_id: int, first: date, last: date) -> tuple[Day, ...]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(_day(viewer, area_id, day) for day in days)


def _day(viewer: Viewer, area_id: int, day: date) -> Day:
    begins, ends = midnight(day), midnight(day + timedelta(days=1))
    here: Filters = {"area": area_id}
    return Day(
        day,
        counted(viewer, {**here, "since": begins, "before": ends}),
        counted(viewer, {**here, "closed_since": begins, "closed_before": ends}),
    )
