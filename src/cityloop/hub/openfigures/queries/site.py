"""What the portal says of the city: whom to call, what is promised, how much may be sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import stage_limit
from cityloop.city.places.queries import bounds
from cityloop.city.profile import load_profile
from cityloop.engines.deadlines import format_limit
from cityloop.hub.openfigures.queries.profile import public_profile

PROMISED = ("accept", "respond", "feed_back", "satisfaction")


def site() -> dict[str, Any]:
    """Name, hotline, promised times in words, bounds of the city, limits of a report."""
    profile, photos = public_profile(), load_profile().settings.get("photos", {})
    name, box = load_profile().settings.get("name", {}), bounds()
    return {
        "name": {"zh": name.get("zh", ""), "en": name.get("en", "")},
        "hotline": {"number": profile.phone, "zh": profile.phone_zh, "en": profile.phone_en},
        "promises": {key: {"zh": _plain(key, "zh"), "en": _plain(key, "en")} for key in PROMISED},
        "reopen_days": loop_settings().reopen_days,
        "retention_days": loop_settings().retention_days,
        "bounds": list(box.as_tuple()) if box else None,
        "photo_max_bytes": int(photos.get("max_bytes", 10_485_760)),
        "text_max": 2000,
        "demo": bool(settings.DEMO),
    }


def _plain(stage: str, language: str) -> str:
    """Clock hours are hours to a citizen; that work hours are others must be said."""
    limit = stage_limit(stage)
    if limit.unit.value.startswith("clock_"):
        span = {"minute": "minutes", "hour": "hours", "day": "days"}[limit.unit.value[6:]]
        return _span(timedelta(**{span: limit.value}), language)
    return format_limit(limit, language)


def _span(span: timedelta, language: str) -> str:
    minutes = round(span.total_seconds() / 60)
    size, zh, en = (
        (minutes // 1440, "天", "day")
        if minutes % 1440 == 0 and minutes > 1440
        else (minutes // 60, "小时", "hour")
        if minutes % 60 == 0
        else (minutes, "分钟", "minute")
    )
    return f"{size} {zh}" if language == "zh" else f"{size} {en}{'' if size == 1 else 's'}"
