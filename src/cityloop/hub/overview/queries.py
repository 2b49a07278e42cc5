"""One overview of one area for one viewer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from ninja.responses import NinjaJSONEncoder

from cityloop.business.appraisal import queries as figures
from cityloop.business.cases.domain import FINAL_STATES, STATE_NAMES, State
from cityloop.business.catalogue.queries import catalogue, every_class_key
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.places.queries import tree
from cityloop.hub.overview.kept import Kept
from cityloop.hub.overview.rules import check_may_overview

Daily = Mapping[date, Mapping[str, int]]
OPEN = tuple(s for s in State if s not in FINAL_STATES and s is not State.CLOSED)
STOCKS = (*(f"state:{s.value}" for s in State if s not in FINAL_STATES), "alert:near", "alert:late")


@dataclass(frozen=True, slots=True)
class Shown:
    """An overview, and the same as JSON: encoded once for all who ask."""

    values: dict[str, Any]
    body: bytes


# The same area asked by many desks within a second is reckoned once; `as_of` says when.
kept: Kept[Shown] = Kept(fresh_s=1.0, stale_s=3.0)


def overview(
    viewer: Viewer, *, now: datetime, area_id: int | None = None, days: int = 30
) -> dict[str, Any]:
    """Counts of today against yesterday and last week, stocks, rates, rankings, hot classes.

    Args:
        area_id: the area; the viewer's own (or the whole city) by default.
        days: length of the period of rates and rankings.
    Raises: NotAllowed("overview.not_yours").
    """
    return _shown(viewer, now, area_id, days).values


def overview_json(
    viewer: Viewer, *, now: datetime, area_id: int | None = None, days: int = 30
) -> bytes:
    """The same as JSON."""
    return _shown(viewer, now, area_id, days).body


def _shown(viewer: Viewer, now: datetime, area_id: int | None, days: int) -> Shown:
    area = check_may_overview(viewer, area_id)

    def reckon() -> Shown:
        values = _overview(area, days, now)
        return Shown(values, json.dumps(values, cls=NinjaJSONEncoder).encode())

    return kept.get((area, days), reckon)


def forget() -> None:
    """Drop what is kept, between tests."""
    kept.forget()


def _overview(area_id: int, days: int, now: datetime) -> dict[str, Any]:
    area = tree().get(area_id)
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    since = today - timedelta(days=days - 1)
    # One reading of the area's days serves period, trend and comparison.
    days_before = min(since, today - timedelta(days=7))
    daily = figures.flows_by_day(area.id, days_before, today)
    period = figures.added_up(sums for day, sums in daily.items() if day >= since)
    stock = figures.stocks(area.id, STOCKS)
    return {
        "area": {"id": area.id, "code": area.code, "zh": area.name_zh, "en": area.name_en},
        "as_of": now,
        "period": {"since": since, "until": today, "days": days},
        "today": _against(daily, today),
        "open": {
            "total": sum(stock.get(f"state:{s.value}", 0) for s in OPEN),
            "near": stock.get("alert:near", 0),
            "overdue": stock.get("alert:late", 0),
            "states": [
                {"state": s.value, "zh": z, "en": e, "n": stock.get(f"state:{s.value}", 0)}
                for s, (z, e) in STATE_NAMES.items()
                if s not in FINAL_STATES
            ],
        },
        "rates": [{**asdict(i), "value": i.value} for i in figures.indicators(period)],
        "sums": period,
        "trend": _trend(daily, since, today),
        "hot_classes": _hot_classes(area.id, since, today),
        "areas": _children(area.id, since, today),
        "departments": _departments(area.id, since, today),
    }


MEASURES = ("reported", "filed", "dispatched", "handled", "closed", "overdue")


def _against(daily: Daily, today: date) -> list[dict[str, Any]]:
    days = [today, today - timedelta(days=1), today - timedelta(days=7)]
    sums = [daily.get(d, {}) for d in days]
    return [
        {
            "measure": m,
            "today": sums[0].get(m, 0),
            "yesterday": sums[1].get(m, 0),
            "week_ago": sums[2].get(m, 0),
        }
        for m in MEASURES
    ]


def _trend(daily: Daily, since: date, until: date) -> list[dict[str, Any]]:
    span = (until - since).days + 1
    return [
        {
            "day": day,
            "reported": daily.get(day, {}).get("reported", 0),
            "closed": daily.get(day, {}).get("closed", 0),
        }
        for day in (since + timedelta(days=n) for n in range(span))
    ]


def _hot_classes(area_id: int, since: date, until: date) -> list[dict[str, Any]]:
    known = catalogue().classes
    counted = figures.by_class(
        area_id, since, until, "reported", class_keys=every_class_key(), top=12
    )
    return [
        {
            "class_key": key,
            "zh": known[key].name_zh if key in known else key,
            "en": known[key].name_en if key in known else key,
            "n": n,
        }
        for key, n in counted.items()
    ]


def _children(area_id: int, since: date, until: date) -> list[dict[str, Any]]:
    children = [c for c in tree().children(area_id) if c.level != "cell"]
    sums = figures.by_area([c.id for c in children], since, until, ("reported", "closed"))
    stocks = figures.stocks_of_areas([c.id for c in children], STOCKS)
    return [
        {
            "id": c.id,
            "code": c.code,
            "zh": c.name_zh,
            "en": c.name_en,
            "reported": sums.get(c.id, {}).get("reported", 0),
            "closed": sums.get(c.id, {}).get("closed", 0),
            "overdue": stocks.get(c.id, {}).get("alert:late", 0),
            "open": sum(stocks.get(c.id, {}).get(f"state:{s.value}", 0) for s in OPEN),
        }
        for c in children
    ]


def _departments(area_id: int, since: date, until: date) -> list[dict[str, Any]]:
    """Ranked by outcome (solved, on time, not reworked), never by volume."""
    names = {d.pk: d for d in departments_by_key().values()}
    rows = []
    for department_id, sums in figures.by_department(
        area_id, since, until, names, UNIT_MEASURES
    ).items():
        if not sums.get("dispatched"):
            continue
        rates = {i.key: i.value for i in figures.indicators(sums)}
        rows.append(
            {
                "id": department_id,
                "zh": names[department_id].name_zh,
                "en": names[department_id].name_en,
                "dispatched": sums.get("dispatched", 0),
                "handled": sums.get("handled", 0),
                "outcome": outcome(rates),
                **{k: rates.get(k) for k in SHOWN},
            }
        )
    return sorted(rows, key=lambda r: (r["outcome"] is None, -(r["outcome"] or 0), r["id"]))


SHOWN = (
    "response_on_time",
    "handling_on_time",
    "rework_rate",
    "return_rate",
    "solving_rate",
    "satisfaction_rate",
)
# What the ranking shows, and what it is computed from.
UNIT_MEASURES = frozenset({"dispatched", "handled"}).union(
    *((part, whole) for key, _, _, part, whole in figures.RATES if key in SHOWN)
)
WEIGHTS = {"solving_rate": 0.4, "satisfaction_rate": 0.2, "handling_on_time": 0.25}
REWORK_WEIGHT = 0.15


def outcome(rates: dict[str, float | None]) -> float | None:
    """0 to 1: solved 40 %, on time 25 %, satisfied 20 %, not reworked 15 %; over what is known."""
    parts = [(w, rates.get(k)) for k, w in WEIGHTS.items()]
    rework = rates.get("rework_rate")
    parts.append((REWORK_WEIGHT, None if rework is None else max(0.0, 1 - rework)))
    known = [(w, v) for w, v in parts if v is not None]
    whole = sum(w for w, _ in known)
    return round(sum(w * v for w, v in known) / whole, 4) if whole else None
