"""What comes in from above, and when an issue is worth an alarm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from cityloop.engines.hot_issues import Heat
from cityloop.kernel.errors import DomainError

TEXT_KEPT = 300
"""Of a report's text this much is kept for grouping; the report itself stays where it is."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One report as grouping needs it.

    Args:
        sender: keyed hash of who sent it, "" = unknown; it serves to count, nothing else.
        lon, lat: WGS84, None where the place is not known exactly.
        path: area ids by level name ("district", "subdistrict", "community").
    """

    report_id: int
    case_id: int
    case_number: str
    title: str
    text: str
    received_at: datetime
    lon: float | None
    lat: float | None
    path: Mapping[str, int | None]
    class_key: str
    department_id: int | None
    sender: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """From the profile, section [hot_issues].

    least_reports: fewer are no issue to be listed; alarm_heat, alarm_growth: an alarm from this
    heat, or from so many more reports in seven days than in the seven before; least_shown: smaller
    counts of persons are not shown outside the desk; alike_days: how far back a new report is
    compared for "probably the same"; sender_days: the hash that counts senders is deleted then,
    with what names the reporter ([loop] retention_days).
    """

    least_reports: int = 3
    alarm_heat: float = 12.0
    alarm_growth: int = 5
    least_shown: int = 5
    alike_days: int = 30
    sender_days: int = 730


def limits_of(given: Mapping[str, Any], loop: Mapping[str, Any]) -> Limits:
    """Numbers of the profile over the defaults.

    Raises: DomainError("issues.setting") naming an entry that is unknown or no number from 0 on.
    """
    known = {field.name: field.default for field in fields(Limits) if field.name != "sender_days"}
    for name, value in given.items():
        whole = isinstance(value, int) or isinstance(known.get(name), float)
        if name in known and whole and isinstance(value, int | float) and value >= 0:
            continue
        names = ", ".join(known)
        raise DomainError(
            "issues.setting",
            f"[hot_issues] {name} = {value!r} cannot be: entries are {names}; whole numbers from 0 "
            "on, alarm_heat also with a fraction.",
            f"[hot_issues] {name} = {value!r} 不合法：可用项为 {names}，取值为不小于 0 的整数"
            "（alarm_heat 可为小数）。",
            where=f"hot_issues.{name}",
        )
    return Limits(**given, sender_days=int(loop.get("retention_days", Limits().sender_days)))


def alarm_of(heat: Heat, limits: Limits) -> str:
    """Why an alarm is due: "growth", "heat", or "" for none."""
    if heat.reports < limits.least_reports:
        return ""
    if heat.this_week - heat.last_week >= limits.alarm_growth:
        return "growth"
    return "heat" if heat.value >= limits.alarm_heat else ""
