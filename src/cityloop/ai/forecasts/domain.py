"""What is given from above, what a warning is, how it is judged: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cityloop.engines.forecast import (
    FULL_HISTORY,
    LEAST_FOR_FIRST_LINE,
    LEAST_FOR_LINE,
    LEAST_FOR_TREES,
    DailyCounts,
)
from cityloop.engines.forecast.counts import Counts

Named = tuple[str, str]
WHOLE_CITY, EVERY_TOPIC, SMALL = 0, "", "*"


@dataclass(frozen=True)
class Demand:
    """Reports of the past, as the business platform counts them.

    counts: cells (area id as text, topic key), whole local days up to yesterday. recent: the last
    of these days with their hours, equal cells; None where hours are not known. today: reports
    of today by hour, shape (24, cells). off, swapped: public holidays and weekend days worked.
    topics: names (zh, en) by topic key.
    """

    counts: DailyCounts
    recent: DailyCounts | None = None
    today: Counts | None = None
    off: frozenset[date] = frozenset()
    swapped: frozenset[date] = frozenset()
    topics: Mapping[str, Named] = field(default_factory=dict)


class Outcome(StrEnum):
    """What became of a warning, or of a day without one."""

    HIT = "hit"
    FALSE_ALARM = "false_alarm"
    MISS = "miss"


def judged(actual: int, line: float, *, was_warned: bool) -> Outcome | None:
    """The outcome of a day that is over; None for a quiet day without a warning.

    Example: >>> judged(12, 9.0, was_warned=False)
        <Outcome.MISS: 'miss'>
    """
    over = actual > line
    if was_warned:
        return Outcome.HIT if over else Outcome.FALSE_ALARM
    return Outcome.MISS if over else None


def lead_hours(made_at: datetime, crossed_at: datetime) -> float:
    """Hours between a warning and the moment the line was crossed; below 0: it came too late."""
    return round((crossed_at - made_at).total_seconds() / 3600, 1)


def said_reason(
    *,
    mean: float,
    usual: float,
    recent: float,
    before: float,
    same_days: float,
    weekday: int,
) -> list[Named]:
    """Why more is expected than usual, in words, the strongest first; only what holds.

    Args:
        mean: expected. usual: mean of all days of the last 20 weeks; same_days: of the same
            weekday. recent, before: mean of the last 7 days and of the 56 before them.
    """
    found: list[tuple[float, Named]] = []
    if usual > 0 and same_days / usual >= 1.1:
        share = same_days / usual - 1
        found.append((share, (
            f"{WEEKDAYS_ZH[weekday]}通常比平均日多 {share:.0%}",
            f"{WEEKDAYS_EN[weekday]}s usually bring {share:.0%} more than an average day",
        )))  # fmt: skip
    if before > 0 and recent / before >= 1.1:
        share = recent / before - 1
        found.append((share, (
            f"近 7 天日均 {recent:.1f} 件，比此前 8 周高 {share:.0%}",
            f"the last 7 days had {recent:.1f} a day, {share:.0%} more than the 8 weeks before",
        )))  # fmt: skip
    found.sort(key=lambda one: -one[0])
    base = (
        f"预计 {mean:.0f} 件，平日约 {usual:.0f} 件",
        f"{mean:.0f} expected, about {usual:.0f} on an average day",
    )
    return [base, *(words for _, words in found)]


def said_worth(told: Mapping[str, Any] | None) -> Named:
    """How often what is said now came true on past days, in words.

    Args:
        told: hour, days, from, given, came (see `ForecastRun.nowcast`); None: too few days.
    """
    if not told:
        return (
            "过去的天数还不足以检验这一概率",
            "there are too few past days to check this probability against",
        )
    days, hour, given, came = told["days"], told["hour"], told["given"], told["came"]
    least = f"{told['from']:.0%}"
    return (
        f"过去 {days} 天同一时刻（{hour} 时）概率达到 {least} 的有 {given} 次，其中 {came} 次成真",
        f"in the last {days} days at {hour}:00, {least} or more was said {given} times; "
        f"it came true {came} times",
    )


def said_basis(
    history_days: int, trees: Mapping[str, float], *, are_installed: bool
) -> list[Named]:
    """What a reader must know of how forecasts were made: how short the history is, which way.

    Args:
        trees: share of boosted trees by level (city, topic, area, cell).
        are_installed: whether LightGBM is there at all.
    """
    said: list[Named] = []
    if history_days < FULL_HISTORY:
        said.append((
            f"历史较短：仅有 {history_days} 天案卷（满 {FULL_HISTORY} 天为完整），"
            "区间已放宽，请谨慎使用",
            f"Short history: {history_days} days of cases ({FULL_HISTORY} make it full); "
            "intervals are widened, take care",
        ))  # fmt: skip
    if LEAST_FOR_FIRST_LINE <= history_days < LEAST_FOR_LINE:
        said.append((
            f"超载线暂按已有 {history_days} 天的第 90 百分位，满 {LEAST_FOR_LINE} 天前不代表全年",
            f"The overload line is of the {history_days} days known so far, not of a year, "
            f"until there are {LEAST_FOR_LINE}",
        ))  # fmt: skip
    elif history_days < LEAST_FOR_FIRST_LINE:
        said.append((
            f"满 {LEAST_FOR_FIRST_LINE} 天案卷后才有超载线与预警",
            f"There are no overload lines and no warnings before {LEAST_FOR_FIRST_LINE} days",
        ))  # fmt: skip
    if history_days >= LEAST_FOR_TREES:
        said.append(_said_way(trees, are_installed))
    return said


LEVEL_NAMES = {
    "city": ("全市", "city"), "topic": ("类别", "classes"), "area": ("区域", "areas"),
    "cell": ("区域×类别", "areas by class"),
}  # fmt: skip


def _said_way(trees: Mapping[str, float], are_installed: bool) -> Named:
    used = {level: share for level, share in trees.items() if share > 0}
    if not are_installed:
        return (
            "方法：水平×周内规律（未安装可选的 LightGBM，未作比较）",
            "Made by level × week (the optional LightGBM is not installed: not compared)",
        )
    if not used:
        return (
            "方法：水平×周内规律；LightGBM 在近半年的已知日子里没有明显更准，未采用",
            "Made by level × week; on the half year known, LightGBM was not clearly better "
            "and is not used",
        )
    zh = "、".join(f"{LEVEL_NAMES[level][0]} {share:.0%}" for level, share in used.items())
    en = ", ".join(f"{LEVEL_NAMES[level][1]} {share:.0%}" for level, share in used.items())
    return (
        f"方法：水平×周内规律，按近半年误差并入 LightGBM（{zh}）",
        "Made by level × week with as much of LightGBM as erred least on the half year known "
        f"({en})",
    )


WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
