"""The words reporters read, from texts.csv of the profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.cases.informing import CaseNews, ToTell
from cityloop.business.catalogue.queries import stage_limit
from cityloop.business.notify.domain import filled
from cityloop.city.audit.domain import EventView, masked_text
from cityloop.city.profile import load_profile
from cityloop.engines.deadlines import format_limit
from cityloop.kernel.errors import DomainError

LANGUAGES = ("zh", "en")


@lru_cache(maxsize=4)
def _templates(profile: str) -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in load_profile(profile).rows("texts.csv")}


def template(key: str) -> dict[str, str]:
    """{"zh": …, "en": …} of a key. Raises: DomainError("text.missing")."""
    found = _templates(settings.PROFILE).get(key)
    if found is None:
        raise DomainError(
            "text.missing",
            f"texts.csv of the profile has no row '{key}'. Add one with zh and en.",
            f"方案的 texts.csv 缺少“{key}”一行，请补充中英文。",
            where=key,
        )
    return found


def told(
    key: str, to: ToTell, news: CaseNews, event: EventView, private: Mapping[str, Any]
) -> tuple[str, str]:
    """(zh, en) of one notice. Numbers of persons in what staff wrote are masked."""
    row = template(key)
    said = _said(_places(row["zh"] + row["en"]), to, news, private)
    zh, en = (filled(row[lang], said | _facts(lang, to, news, event)) for lang in LANGUAGES)
    return zh, en


@lru_cache(maxsize=256)
def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _said(
    places: frozenset[str], to: ToTell, news: CaseNews, private: Mapping[str, Any]
) -> dict[str, str]:
    """What people wrote, masked; only what the text has a place for, as masking takes longest."""
    text = str(private.get("text") or "")
    given = {
        "title": to.title,
        "reason": str(private.get("reason") or ""),
        "message": text,
        "result": text or news.closing_note,
    }
    return {n: masked_text(value) for n, value in given.items() if value and n in places}


def _facts(language: str, to: ToTell, news: CaseNews, event: EventView) -> dict[str, str]:
    public = load_profile().settings.get("public", {})
    given = {
        "number": to.number,
        "department": news.department_zh if language == "zh" else news.department_en,
        "deadline": _at(news.handle_due_at, language),
        "until": _at(news.due_at, language),
        "limit": format_limit(stage_limit("accept"), language),
        "main_number": str(event.data.get("target_number") or ""),
        "link": f"{settings.PUBLIC_URL.rstrip('/')}/follow/",
        "phone": str(public.get("phone", "12345")),
    }
    return {name: value for name, value in given.items() if value}


def _at(at: datetime | None, language: str) -> str:
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    clock = f"{local:%H:%M}"
    return f"{local.month}月{local.day}日{clock}" if language == "zh" else f"{local:%-d %B} {clock}"
