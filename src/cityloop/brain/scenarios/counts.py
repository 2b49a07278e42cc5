"""demand: counts of the next days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from cityloop.brain.checks import whole
from cityloop.brain.scenarios.kinds import Report, Trained, column, digest
from cityloop.brain.values import Row
from cityloop.engines import forecast
from cityloop.kernel.errors import DomainError

DAYS = ("day", "date", "日期", "created", "received_at", "opened")
AREAS = ("area", "neighborhood", "region", "district", "区域", "街道")
TOPICS = ("topic", "reason", "class", "category", "class_key", "类别")
COUNTS = ("count", "n", "件数", "数量")
MOST_DAYS = 28


def train_demand(
    rows: Sequence[Row],
    *,
    columns: Mapping[str, str] | None = None,
    until: date | None = None,
    zone: str = "Asia/Shanghai",
) -> Trained:
    """From rows with a day and, where there are any, area, topic, count (else each row is one).

    Args:
        until: last day the rows cover, where the last reports came earlier.
        zone: times that carry an offset count on the local day of this time zone.
    """
    local = _zone(zone)
    columns = columns or {}
    day = column(rows, columns.get("day"), DAYS, "day")
    days = [_day(row[day], n, local) for n, row in enumerate(rows)]

    def named(what: str, usual: Sequence[str]) -> list[str]:
        name = columns.get(what) or next((c for c in usual if c in rows[0]), "")
        return [str(row.get(name) or "") if name else "" for row in rows]

    count = columns.get("count") or next((c for c in COUNTS if c in rows[0]), "")
    numbers = [
        whole(f"{count}, row {n}", row.get(count) or 0, least=0, most=10**9) if count else 1
        for n, row in enumerate(rows)
    ]
    counts = forecast.count_days(
        days, named("area", AREAS), named("topic", TOPICS), numbers, until=until
    )
    kept = forecast.small_ones_together(counts, 0.2)
    report: Report = {"days": kept.days, "series": len(kept.cells), "remarks": list(kept.remarks)}
    return Trained(kept, kept.days, digest(kept.counts, repr(kept.cells)), report)


def predict_demand(
    counts: Any, asked: Any = None, *, days: int = 2, least: int = 5, holidays: str = "none"
) -> tuple[list[Row], None, list[str]]:
    """The next days by area and topic with 80 % intervals; series under `least` a week are left
    out of what is shown (aggregates with minimum counts)."""
    days = whole("days", days if asked is None else asked, least=1, most=MOST_DAYS)
    years = range(counts.first_day.year, counts.last_day.year + 2)
    off, swapped = forecast.days_off(holidays, years)
    kinds = forecast.day_kinds(counts.first_day, counts.days + days, off=off, swapped=swapped)
    values: list[Row] = []
    for ahead in range(1, days + 1):
        row = counts.days + ahead - 1
        seen = forecast.outlook(
            counts.counts, kinds, counts.topics, start=row, stop=row + 1, horizon=ahead
        )
        for n, (area, topic) in enumerate(counts.cells):
            if counts.counts[-28:, n].sum() < 4 * least:
                continue
            values.append({
                "day": (counts.first_day + timedelta(days=row)).isoformat(), "area": area,
                "topic": topic, "mean": round(float(seen.mean[0, n]), 2),
                "low": float(seen.low[0, n]), "high": float(seen.high[0, n]),
                "chance_of_overload": _or_none(seen.chance[0, n]),
            })  # fmt: skip
    shown = len(values) // max(1, days)
    hidden = len(counts.cells) - shown
    said = f"{hidden} 个序列件数过少不显示 / {hidden} series below the minimum count are not shown"
    return values, None, [said] if hidden else []


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise DomainError(
            "brain.zone",
            f"{name!r} is no time zone; write Asia/Shanghai.",
            f"{name!r} 不是时区名称，请写成 Asia/Shanghai。",
            where="zone",
        ) from error


def _day(value: Any, row: int, zone: ZoneInfo) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    try:
        found = datetime.fromisoformat(str(value).strip().replace("/", "-"))
        return (found.astimezone(zone) if found.tzinfo else found).date()
    except ValueError as error:
        raise DomainError(
            "brain.day",
            f"Row {row}: {value!r} is no day; write 2026-01-31.",
            f"第 {row} 行：{value!r} 不是日期，请写成 2026-01-31。",
        ) from error


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def save_counts(counts: Any, path: Path) -> None:
    facts = {"first_day": counts.first_day.isoformat(), "cells": counts.cells,
             "remarks": counts.remarks}  # fmt: skip
    with path.open("wb") as file:
        np.savez_compressed(file, counts=counts.counts, facts=json.dumps(facts))


def load_counts(path: Path) -> Any:
    with np.load(path, allow_pickle=False) as kept:
        facts = json.loads(str(kept["facts"]))
        cells = tuple((area, topic) for area, topic in facts["cells"])
        first = date.fromisoformat(facts["first_day"])
        return forecast.DailyCounts(first, cells, kept["counts"], None, tuple(facts["remarks"]))
