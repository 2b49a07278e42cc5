"""What can be learned and predicted: triage (texts), demand (counts), traffic (readings).

A scenario is three functions: train, predict, and how its model is kept as plain arrays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from cityloop.brain.checks import check_step, readings_of, whole
from cityloop.brain.values import Floats, Prediction, Row, TrafficFlow
from cityloop.engines import forecast, triage
from cityloop.engines.forecast.traffic import TrafficModel, train_traffic
from cityloop.kernel.errors import DomainError

Report = dict[str, Any]
TEXTS = ("text", "body", "detail", "content", "内容", "留言详情", "正文")
TITLES = ("title", "subject", "标题", "留言主题")
LABELS = ("label", "class", "category", "class_key", "一级标签", "分类")
DAYS = ("day", "date", "日期", "created", "received_at", "opened")
AREAS = ("area", "neighborhood", "region", "district", "区域", "街道")
TOPICS = ("topic", "reason", "class", "category", "class_key", "类别")
MOST_DAYS = 28
COUNTS = ("count", "n", "件数", "数量")


@dataclass(frozen=True)
class Trained:
    """A model with what is said about it."""

    model: Any
    trained_on: int
    fingerprint: str
    report: Report


@dataclass(frozen=True)
class Scenario:
    """How one kind of model is made, asked and kept."""

    train: Callable[..., Trained]
    predict: Callable[..., tuple[list[Row], Floats | None, list[str]]]
    save: Callable[[Any, Path], None]
    load: Callable[[Path], Any]


def column(rows: Sequence[Row], wanted: str | None, usual: Sequence[str], what: str) -> str:
    """The column that holds something: the one named, else the first usual one there is.

    Raises: DomainError("brain.column").
    """
    there = list(rows[0]) if rows else []
    found = wanted if wanted in there else next((c for c in usual if c in there), None)
    if (wanted and wanted not in there) or found is None:
        raise DomainError(
            "brain.column",
            f"No column holds the {what}: there are {', '.join(there) or 'no rows'}. "
            f"Name it: columns={{'{what}': ...}}.",
            f"找不到“{what}”所在的列；现有：{'、'.join(there) or '无数据'}。"
            f"请指定 columns={{'{what}': ...}}。",
        )
    return found


def _texts(rows: Sequence[Row], columns: Mapping[str, str]) -> tuple[list[str], list[str]]:
    text = column(rows, columns.get("text"), TEXTS, "text")
    title = columns.get("title") or next((c for c in TITLES if rows and c in rows[0]), "")
    titles = [str(row.get(title) or "") if title else "" for row in rows]
    return titles, [str(row.get(text) or "") for row in rows]


def train_triage(
    rows: Sequence[Row],
    *,
    columns: Mapping[str, str] | None = None,
    priors: Mapping[str, Sequence[str]] | None = None,
    unlabelled: Sequence[tuple[str, str]] | None = None,
    accuracy: float = 0.95,
    seed: int = 0,
) -> Trained:
    """From rows with a text and a label. `priors`: phrases of each class (its name is one)."""
    columns = columns or {}
    label = column(rows, columns.get("label"), LABELS, "label")
    titles, texts = _texts(rows, columns)
    labels = [str(row.get(label) or "") for row in rows]
    said = priors or {name: [name] for name in sorted(set(labels)) if name}
    model, report = triage.train(
        titles, texts, labels, priors=said, unlabelled=unlabelled, accuracy=accuracy, seed=seed
    )
    shown = {
        "accuracy": float(report.accuracy),
        "macro_f1": float(report.macro_f1),
        "top2": float(report.top2),
        "ece": float(report.calibration_error),
        "classes": len(model.labels),
    }
    return Trained(model, model.trained_on, model.fingerprint, shown)


def predict_triage(
    model: Any, asked: Any, *, columns: Mapping[str, str] | None = None
) -> tuple[list[Row], None, list[str]]:
    """A text, a row, or a list of either."""
    given = [asked] if isinstance(asked, (str, Mapping)) else list(asked)
    rows = [{"text": one} if isinstance(one, str) else one for one in given]
    titles, texts = _texts(rows, columns or {})
    said = model.predict(titles, texts)
    values: list[Row] = []
    for n in range(len(rows)):
        top = [(model.labels[i], float(p)) for i, p in
               zip(said.top[n], said.probability[n], strict=True) if i >= 0]  # fmt: skip
        words = model.explain(texts[n], int(said.top[n][0]), title=titles[n])
        values.append({
            "label": top[0][0], "probability": round(top[0][1], 4),
            "accepted": bool(said.accepted[n]), "top": top, "words": list(words)[:8],
        })  # fmt: skip
    unsure = sum(not value["accepted"] for value in values)
    return values, None, [f"{unsure} of {len(values)}: a person decides"] if unsure else []


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
    return Trained(kept, kept.days, _digest(kept.counts, repr(kept.cells)), report)


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
    return (
        values,
        None,
        [f"{hidden} series below the minimum count are not shown"] if hidden else [],
    )


def train_readings(
    readings: Any,
    *,
    links: Any = None,
    steps_ahead: int = 3,
    step_minutes: int = 5,
    slot: int = 0,
) -> Trained:
    """From an array (times, places) of readings and, where known, the nearness of places.

    The last tenth is left out first, to say what the model reaches on it.
    """
    seen = readings_of(readings)
    check_step(step_minutes)
    near = np.eye(seen.shape[1]) if links is None else np.asarray(links, dtype=float)
    per_day, kept = 1440 // step_minutes, int(len(seen) * 0.9)
    given = {"steps_ahead": steps_ahead, "steps_per_day": per_day}
    tried = train_traffic(seen[:kept], near, slot=slot, **given)
    report = _tested(tried, seen, kept, slot)
    model = train_traffic(seen, near, slot=slot, **given)
    return Trained(model, len(seen), _digest(seen, str(near.sum())), report)


def _tested(model: TrafficModel, seen: Floats, kept: int, slot: int) -> Report:
    ahead = len(model.rules)
    moments = range(kept, len(seen) - ahead)
    wrong, still = [], []
    for at in moments:
        said = model.predict(seen[at - 12 : at], (slot + at - 1) % model.steps_per_day)[-1]
        truth = seen[at + ahead - 1]
        wrong.append(np.nanmean(np.abs(said - truth)))
        still.append(np.nanmean(np.abs(seen[at - 1] - truth)))
    if not wrong:
        return {}
    return {
        "mae": round(float(np.mean(wrong)), 3),
        "mae_persistence": round(float(np.mean(still)), 3),
    }


def predict_readings(model: TrafficModel, flow: TrafficFlow) -> tuple[list[Row], Floats, list[str]]:
    """The next steps of every place of a TrafficFlow."""
    if not isinstance(flow, TrafficFlow):
        raise DomainError(
            "brain.flow",
            "Traffic is predicted from a TrafficFlow (see get_traffic_flow); "
            f"got {type(flow).__name__}.",
            f"交通预测需要 TrafficFlow（见 get_traffic_flow），收到 {type(flow).__name__}。",
        )
    array = model.predict(flow.values, flow.slot)
    values: list[Row] = [
        {"place": place, "minutes": (step + 1) * flow.step_minutes, "value": round(float(v), 2),
         "unit": flow.unit}
        for step, row in enumerate(array)
        for place, v in zip(flow.places, row, strict=True)
    ]  # fmt: skip
    return values, array, []


def _save_counts(counts: Any, path: Path) -> None:
    facts = {"first_day": counts.first_day.isoformat(), "cells": counts.cells,
             "remarks": counts.remarks}  # fmt: skip
    with path.open("wb") as file:
        np.savez_compressed(file, counts=counts.counts, facts=json.dumps(facts))


def _load_counts(path: Path) -> Any:
    with np.load(path, allow_pickle=False) as kept:
        facts = json.loads(str(kept["facts"]))
        cells = tuple((area, topic) for area, topic in facts["cells"])
        first = date.fromisoformat(facts["first_day"])
        return forecast.DailyCounts(first, cells, kept["counts"], None, tuple(facts["remarks"]))


def _save_rules(model: TrafficModel, path: Path) -> None:
    with path.open("wb") as file:
        np.savez_compressed(
            file, usual=model.usual, neighbours=model.neighbours, rules=model.rules,
            steps_per_day=model.steps_per_day,
        )  # fmt: skip


def _load_rules(path: Path) -> TrafficModel:
    with np.load(path, allow_pickle=False) as kept:
        return TrafficModel(
            kept["usual"], kept["neighbours"], kept["rules"], int(kept["steps_per_day"])
        )


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


def _digest(array: Any, more: str) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes() + more.encode()).hexdigest()


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


SCENARIOS: dict[str, Scenario] = {
    "triage": Scenario(
        train_triage, predict_triage, lambda m, p: m.save(p), triage.TriageModel.load
    ),
    "demand": Scenario(train_demand, predict_demand, _save_counts, _load_counts),
    "traffic": Scenario(train_readings, predict_readings, _save_rules, _load_rules),
}


def scenario_of(name: str) -> Scenario:
    """Raises: DomainError("brain.scenario")."""
    if name not in SCENARIOS:
        raise DomainError(
            "brain.scenario",
            f"There is no scenario {name!r}; there are {', '.join(SCENARIOS)}.",
            f"没有场景 {name!r}，可用：{'、'.join(SCENARIOS)}。",
        )
    return SCENARIOS[name]


def prediction(
    name: str, version: int, given: tuple[list[Row], Floats | None, list[str]]
) -> Prediction:
    """What a scenario said, as a value."""
    values, array, remarks = given
    return Prediction(name, version, tuple(values), array, tuple(remarks))
