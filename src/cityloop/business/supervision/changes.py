"""What changed: cases received now beside what is usual, by class, by unit below, by channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from cityloop.business.cases.queries import cases_of, filter_of
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.supervision.domain import BELOW, is_notable
from cityloop.business.supervision.rules import watched_area
from cityloop.city.accounts.domain import Viewer
from cityloop.city.places.queries import tree

Span = Literal["day", "week"]
WEEK = 7
MOST = 12
# class key, unit below, channel
Cell = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Spans:
    """The time that is looked at, and those it is compared with: `count` spans of equal length."""

    since: datetime
    until: datetime
    before: tuple[tuple[datetime, datetime], ...]

    @property
    def count(self) -> int:
        return len(self.before)


def spans_of(span: Span, now: datetime) -> Spans:
    """Today until now beside the same hours of the seven days before; or the last seven days
    until now beside the seven before them."""
    until = now.replace(microsecond=0)
    if span == "week":
        since = until - timedelta(days=WEEK)
        return Spans(since, until, ((since - timedelta(days=WEEK), since),))
    zone = ZoneInfo(settings.TIME_ZONE)
    shown, day = until.astimezone(zone).time(), until.astimezone(zone).date()
    days = [day - timedelta(days=n) for n in range(WEEK + 1)]
    begun = [datetime.combine(one, time(), zone) for one in days]
    ended = [datetime.combine(one, shown, zone) for one in days]
    return Spans(begun[0], until, tuple(zip(begun[1:], ended[1:], strict=True)))


def changes(
    viewer: Viewer, span: Span, *, now: datetime, area_id: int | None = None
) -> dict[str, Any]:
    """How many cases were received, how many are usual, and what makes the difference.

    Every count is of the cases the viewer may know of, as the list behind it shows them.
    Raises: NotAllowed("supervision.not_yours").
    """
    area = watched_area(viewer, area_id)
    spans = spans_of(span, now)
    below = BELOW.get(area.level.value)
    rows = cases_of(viewer).filter(filter_of({"area": area.id})).order_by()
    unit = f"{below}_id" if below else ""
    new = _cells(rows.filter(_within([(spans.since, spans.until)])), unit)
    old = _cells(rows.filter(_within(spans.before)), unit)
    names = {"zh": area.name_zh, "en": area.name_en or area.name_zh}
    return {
        "area": {"id": area.id, "code": area.code, "level": area.level.value, **names},
        "span": span,
        "since": spans.since,
        "until": spans.until,
        "total": _row(new.total(), old.total(), spans.count),
        "classes": [{**r, **_class(r.pop("key"))} for r in _by(new, old, 0, spans.count)],
        "units": [{**r, **_unit(r.pop("key"))} for r in _by(new, old, 1, spans.count)],
        "channels": [{**r, "channel": r.pop("key")} for r in _by(new, old, 2, spans.count)],
        "spots": [
            {**r, "of": _class(r["key"][0]), "at": _unit(r.pop("key")[1])}
            for r in _ranked(_pairs(new), _pairs(old), spans.count)
            if r["now"] > r["usual"]
        ],
    }


def _within(spans: Sequence[tuple[datetime, datetime]]) -> Q:
    found = Q(pk__in=[])
    for since, until in spans:
        found |= Q(received_at__gte=since, received_at__lt=until)
    return found


def _cells(rows: QuerySet[Any], unit: str) -> Counter[Cell]:
    columns = ["case_class__key", *([unit] if unit else []), "channel"]
    found: Counter[Cell] = Counter()
    for row in rows.values(*columns).annotate(n=Count("pk")):
        cell = (row["case_class__key"] or "", row.get(unit) or 0, row["channel"])
        found[cell] += row["n"]
    return found


def _by(
    new: Mapping[Cell, int], old: Mapping[Cell, int], part: int, spans: int
) -> list[dict[str, Any]]:
    return _ranked(_sums(new, part), _sums(old, part), spans)


def _sums(cells: Mapping[Cell, int], part: int) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for cell, n in cells.items():
        if cell[part]:
            found[cell[part]] += n
    return found


def _pairs(cells: Mapping[Cell, int]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for (key, unit, _), n in cells.items():
        if key and unit:
            found[key, unit] += n
    return found


def _ranked(new: Mapping[Any, int], old: Mapping[Any, int], spans: int) -> list[dict[str, Any]]:
    """The largest differences first, whichever way they go."""
    rows = [
        {"key": key, **_row(new.get(key, 0), old.get(key, 0), spans)}
        for key in new.keys() | old.keys()
    ]
    return sorted(rows, key=lambda r: (-abs(r["now"] - r["usual"]), str(r["key"])))[:MOST]


def _row(now: int, before: int, spans: int) -> dict[str, Any]:
    usual = round(before / spans, 1)
    return {"now": now, "usual": usual, "notable": is_notable(now, before, spans)}


def _class(key: str) -> dict[str, str]:
    known = catalogue().classes.get(key)
    return {
        "key": key,
        "zh": known.name_zh if known else key,
        "en": known.name_en if known else key,
    }


def _unit(area_id: int) -> dict[str, Any]:
    area = tree().find(area_id)
    name = area.name_zh if area else str(area_id)
    return {"id": area_id, "zh": name, "en": (area.name_en if area else "") or name}
