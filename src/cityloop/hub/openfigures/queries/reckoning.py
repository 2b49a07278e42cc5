"""The last thirty whole days, by class and area, for anybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.appraisal import queries as appraisal
from cityloop.business.cases.queries import cases_of
from cityloop.business.catalogue.queries import catalogue, every_class_key
from cityloop.city.accounts.domain import PUBLIC, SYSTEM
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.city.places.queries import feature_collection, tree, version
from cityloop.hub.openfigures.domain import (
    Table,
    median_or_none,
    published,
    published_share,
    rounded,
)
from cityloop.hub.openfigures.queries.profile import public_profile
from cityloop.kernel.errors import NotFound

DAYS = 30
FRESH_S = 600.0
SIMPLER_M = 15.0
RATES = (
    "response_rate",
    "solving_rate",
    "satisfaction_rate",
    "response_on_time",
    "closing_on_time",
)
_kept: dict[str, tuple[Any, float, dict[str, Any]]] = {}
_one_at_a_time = threading.Lock()


def figures(*, now: datetime) -> dict[str, Any]:
    """Counts by class and area with minimum counts, rates, median times.

    The period is fixed: whoever could choose it could subtract one from another.
    Raises: NotFound("area.none") before areas are imported.
    """
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return _remembered("figures", (today, version()), lambda: _figures(today, now))


def outlines() -> dict[str, Any]:
    """Communities for a small map: GeoJSON, borders moved by 15 m at most."""

    def read() -> dict[str, Any]:
        drawn = feature_collection(None, viewer=PUBLIC, level=Level.COMMUNITY, simplify_m=SIMPLER_M)
        for feature in drawn["features"]:
            plain = ("code", "name_zh", "name_en", "parent_id")
            feature["properties"] = {k: feature["properties"][k] for k in plain}
            feature["geometry"]["coordinates"] = _rounded(feature["geometry"]["coordinates"])
        return drawn

    return _remembered("outlines", version(), read)


def forget() -> None:
    """Drop what is kept, between tests."""
    _kept.clear()
    public_profile.cache_clear()


def _remembered(name: str, of: Any, read: Any) -> dict[str, Any]:
    kept = _kept.get(name)
    if kept is not None and kept[0] == of and time.monotonic() - kept[1] < FRESH_S:
        return kept[2]
    with _one_at_a_time:  # many ask at once when it has grown old; one reckons
        kept = _kept.get(name)
        if kept is None or kept[0] != of or time.monotonic() - kept[1] >= FRESH_S:
            kept = _kept[name] = (of, time.monotonic(), read())
    return kept[2]


def _rounded(value: Any) -> Any:
    return round(value, 5) if isinstance(value, float) else [_rounded(part) for part in value]


def _figures(today: date, now: datetime) -> dict[str, Any]:
    areas = tree()
    if not areas.roots:
        raise NotFound("area.none", "No area has been imported yet.", "尚未导入区域。")
    until, minimum = today - timedelta(days=1), public_profile().minimum
    since = until - timedelta(days=DAYS - 1)
    roots = [root.id for root in areas.roots]
    sums = [appraisal.flows(root, since, until) for root in roots]
    total = appraisal.added_up(sums)
    reported = total.get("reported", 0)
    return {
        "as_of": now,
        "since": since,
        "until": until,
        "days": DAYS,
        "minimum": minimum,
        "reported": _at_least(reported, minimum),
        "closed": _at_least(total.get("closed", 0), minimum),
        **_classes(_class_counts(roots, since, until), reported, minimum),
        **_areas(areas.roots, reported, since, until, minimum),
        "rates": _rates(total, minimum),
        "medians": _medians(since, until, minimum),
    }


def _at_least(n: int, minimum: int) -> int | None:
    return rounded(n, minimum) if n >= minimum else None


def _class_counts(roots: list[int], since: date, until: date) -> dict[str, int]:
    keys, found = every_class_key(), dict[str, int]()
    for root in roots:
        rows = appraisal.by_class(root, since, until, "reported", class_keys=keys, top=len(keys))
        for key, n in rows.items():
            found[key] = found.get(key, 0) + n
    return found


def _classes(counts: dict[str, int], whole: int, minimum: int) -> dict[str, Any]:
    """Groups of classes (大类), and below each one shown its classes."""
    known = catalogue().classes
    groups: dict[str, dict[str, int]] = {}
    for key, n in counts.items():
        if n and key in known:  # of a former catalogue only: goes to "other"
            groups.setdefault(key[:3], {})[key] = n
    top = published({g: sum(c.values()) for g, c in groups.items()}, whole=whole, minimum=minimum)
    rows = []
    for group, n in top.shown.items():
        exact = sum(groups[group].values())
        inner = published(groups[group], whole=exact, minimum=minimum)
        first = known[next(iter(groups[group]))]
        rows.append(
            {
                "zh": first.big_zh,
                "en": first.big_en or first.big_zh,
                "n": n,
                "classes": [
                    {
                        "key": key,
                        "zh": known[key].name_zh,
                        "en": known[key].name_en or known[key].name_zh,
                        "n": m,
                    }
                    for key, m in inner.shown.items()
                ],
            }
        )
    return {"groups": rows, "other_groups": top.other}


def _areas(
    roots: Iterable[AreaInfo], whole: int, since: date, until: date, minimum: int
) -> dict[str, Any]:
    """Subdistricts, and below each one shown its communities: below a hidden one nothing is."""
    above = [a for root in roots for a in tree().below(root.id, Level.SUBDISTRICT)]
    counts = _area_counts(above, since, until)
    top = published(counts, whole=whole, minimum=minimum)
    rows, below = [], []
    for area in above:
        if area.id not in top.shown:
            continue
        inner = _area_table(tree().children(area.id), counts[area.id], since, until, minimum)
        rows.append(_area_row(area, top.shown[area.id]) | {"other_below": inner.other})
        known = {a.id: a for a in tree().children(area.id)}
        below += [_area_row(known[i], m) for i, m in inner.shown.items()]
    rows.sort(key=lambda row: -row["n"])
    return {"areas": rows, "other_areas": top.other, "communities": below}


def _area_table(
    areas: Iterable[AreaInfo], whole: int, since: date, until: date, minimum: int
) -> Table[int]:
    return published(_area_counts(areas, since, until), whole=whole, minimum=minimum)


def _area_counts(areas: Iterable[AreaInfo], since: date, until: date) -> dict[int, int]:
    ids = [a.id for a in areas]
    counts = appraisal.by_area(ids, since, until, ("reported",))
    return {i: counts.get(i, {}).get("reported", 0) for i in ids}


def _area_row(area: AreaInfo, n: int) -> dict[str, Any]:
    return {"id": area.id, "zh": area.name_zh, "en": area.name_en or area.name_zh, "n": n}


def _rates(total: dict[str, int], minimum: int) -> list[dict[str, Any]]:
    found = {i.key: i for i in appraisal.indicators(total)}
    rows = []
    for key in RATES:
        rate = found[key]
        share = published_share(rate.part, rate.whole, minimum=minimum)
        rows.append(
            {
                "key": key,
                "zh": rate.zh,
                "en": rate.en,
                "value": share.value if share else None,
                "bound": share.bound if share else None,
                "of": share.of if share else None,
            }
        )
    return rows


def _medians(since: date, until: date, minimum: int) -> dict[str, int | None]:
    """Minutes from report to answer and from report to closing, of the reports of the period."""
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime.combine(since, wall_time(), zone)
    last = datetime.combine(until + timedelta(days=1), wall_time(), zone)
    rows = list(
        cases_of(SYSTEM)
        .filter(received_at__gte=first, received_at__lt=last)
        .values_list("received_at", "responded_at", "closed_at")
    )
    answered = [(a - r).total_seconds() / 60 for r, a, _ in rows if a]
    closed = [(c - r).total_seconds() / 60 for r, _, c in rows if c]
    medians = (median_or_none(values, minimum=minimum) for values in (answered, closed))
    respond, close = (None if m is None else round(m) for m in medians)
    return {"respond_min": respond, "close_min": close}
