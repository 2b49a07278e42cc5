"""demand: counts of the next days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from cityloop.ai.tables import (
    AREA,
    COUNT,
    DAY,
    LOOKED_AT,
    TOPIC,
    cell_text,
    columns_of_counts,
    day_comes_first,
    find_column,
)
from cityloop.brain.checks import whole
from cityloop.brain.scenarios.kinds import Report, Trained, column, digest
from cityloop.brain.values import Row
from cityloop.engines import forecast
from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

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
        columns: {"day": ..., "area": ..., "topic": ..., "count": ...} where they are called
            otherwise; "" leaves one out ({"count": ""}: each row is one report).
        until: last day the rows cover, where the last reports came earlier.
        zone: times that carry an offset count on the local day of this time zone.
    """
    local = _zone(zone)
    named = _named(rows, columns or {})
    day_first = day_comes_first(cell_text(row.get(named["day"])) for row in rows)
    moments = [_moment(row.get(named["day"]), n, local, day_first) for n, row in enumerate(rows)]
    days = [moment.date() for moment in moments]
    areas, topics = (
        [cell_text(row.get(named[part])) if named[part] else "" for row in rows]
        for part in ("area", "topic")
    )
    count = named["count"]
    if not count and "count" not in (columns or {}):
        _refuse_unnamed_counts(rows, named["day"])
    numbers = [_number(count, row, n) if count else 1 for n, row in enumerate(rows)]
    counts = forecast.count_days(days, areas, topics, numbers, until=until)
    kept = forecast.small_ones_together(counts, 0.2)
    report: Report = {
        "days": kept.days,
        "reports": int(kept.counts.sum()),
        "series": len(kept.cells),
        "columns": {part: name for part, name in named.items() if name},
        "remarks": list(kept.remarks),
    }
    return Trained(kept, kept.days, digest(kept.counts, repr(kept.cells)), report)


def _number(column: str, row: Row, number: int) -> int:
    said = cell_text(row.get(column)).replace(",", "")
    return whole(f"{column}, row {number}", said or 0, least=0, most=10**9)


def _named(rows: Sequence[Row], columns: Mapping[str, str]) -> dict[str, str]:
    """The column of each part, "" where there is none. Raises: DomainError("brain.column")."""
    found = {"day": column(rows, columns.get("day"), DAY, "day")}
    for part, usual in (("area", AREA), ("topic", TOPIC), ("count", COUNT)):
        if columns.get(part):
            found[part] = column(rows, columns[part], (), part)
        else:
            found[part] = "" if part in columns else find_column(list(rows[0]), usual)
    return found


def _refuse_unnamed_counts(rows: Sequence[Row], day: str) -> None:
    """Raises: DomainError("brain.column") where rows look like daily counts of another column."""
    numbers = columns_of_counts(rows[:LOOKED_AT], day)
    if not numbers:
        return
    raise DomainError(
        "brain.column",
        "Every row is another day of what it is about, so the rows look like daily counts, but "
        f"no column is known to hold them. It may be one of: {', '.join(numbers)}. Name it: "
        "columns={'count': ...}; or columns={'count': ''} where each row is one report.",
        "每行都是同一事项的不同日期，看来是逐日件数，但未识别出件数列；可能是："
        f"{'、'.join(numbers)}。请指定 columns={{'count': …}}；"
        "若每行确为一件上报，请写 columns={'count': ''}。",
        where="count",
    )


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


def _moment(value: Any, row: int, zone: ZoneInfo, day_first: bool | None) -> datetime:
    """The local time; also of a data frame's timestamp, whose NaT calls itself a datetime."""
    said = cell_text(value)
    if said and isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    given = value if said and isinstance(value, datetime) else said
    try:
        return parse_datetime(given, timezone=zone, dayfirst=day_first).astimezone(zone)
    except DomainError as error:
        raise DomainError(
            "brain.day",
            f"Row {row}: {said!r} is no day; write 2026-01-31. ({error.en})",
            f"第 {row} 行：{said!r} 不是日期，请写成 2026-01-31。（{error.zh}）",
            where=f"row {row}",
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
