"""Limits as somebody who keeps them wants to see them: what a limit becomes, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.catalogue.queries import (
    STAGE_DEFAULTS,
    special_days,
    stage_limit,
    work_calendar,
)
from cityloop.engines.deadlines import Kind, Limit, add, format_limit

STAGE_NAMES: dict[str, tuple[str, str]] = {
    "accept": ("受理", "Accept"),
    "check": ("核实", "Check on site"),
    "dispatch": ("派遣", "Dispatch"),
    "respond": ("部门响应", "Department responds"),
    "feed_back": ("反馈", "Feed back"),
    "verify": ("核查", "Verify on site"),
    "close": ("结案", "Close"),
    "satisfaction": ("满意度回访", "Ask for satisfaction"),
}
_SHOWN_DAYS = 60


def stage_limits() -> list[dict[str, Any]]:
    """Each stage with its limit and whether the profile says so or it is the default."""
    found = []
    for key in STAGE_DEFAULTS:
        limit = stage_limit(key)
        zh, en = STAGE_NAMES[key]
        found.append(
            {"stage": key, "zh": zh, "en": en, "default": _is_default(key, limit)} | said(limit)
        )
    return found


def said(limit: Limit) -> dict[str, Any]:
    """A limit in numbers and words."""
    return {
        "value": limit.value,
        "unit": limit.unit.value,
        "limit_zh": format_limit(limit, "zh"),
        "limit_en": format_limit(limit, "en"),
    }


def preview(starts_at: datetime, limit: Limit) -> dict[str, Any]:
    """The deadline, and the days on the way in which a work limit does not run."""
    due_at = add(starts_at, limit, work_calendar())
    left_out = [] if limit.kind is Kind.CLOCK else _left_out(starts_at, due_at)
    return {"due_at": due_at, "left_out": left_out} | said(limit)


def _left_out(starts_at: datetime, due_at: datetime) -> list[dict[str, Any]]:
    zone, calendar, named = ZoneInfo(settings.TIME_ZONE), work_calendar(), special_days()
    day, last = starts_at.astimezone(zone).date(), due_at.astimezone(zone).date()
    found: list[dict[str, Any]] = []
    while day <= last and len(found) < _SHOWN_DAYS:
        if not calendar.is_work_day(day):
            name = named.get(day, "")
            why = "holiday" if day in calendar.holidays else "weekend"
            found.append({"day": day, "why": why, "name": name})
        day += timedelta(days=1)
    return found


def _is_default(key: str, limit: Limit) -> bool:
    value, unit = STAGE_DEFAULTS[key]
    return (limit.value, limit.unit.value) == (value, unit)
