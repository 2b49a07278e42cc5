"""One-click log-in: as whom a visitor of the demo may come in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from cityloop.city.accounts.domain import ROLE_NAMES, Viewer
from cityloop.city.accounts.models import User
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.hub.demo.commands.cast import town_doors
from cityloop.hub.demo.queries import find_town
from cityloop.kernel.errors import NotFound


def open_doors() -> list[dict[str, Any]]:
    """The buttons: username, role and what to try; none outside the demo."""
    if not settings.DEMO or find_town() is None:
        return []
    return [
        {
            "username": door.person.username,
            "name": door.person.name,
            "role": ROLE_NAMES[door.person.role],
            "zh": door.zh,
            "en": door.en,
        }
        for door in town_doors()
    ]


def enter(username: str, *, now: datetime) -> User:
    """The visitor's account of this name, with the log-in on record.

    Raises: NotFound("demo.no_door") outside the demo, or for anybody who is no visitor.
    """
    names = {door["username"] for door in open_doors()}
    user = User.objects.filter(username=username, is_active=True).first()
    if username not in names or user is None:
        raise NotFound(
            "demo.no_door",
            "There is no one-click log-in of this name.",
            "没有该一键登录身份。",
            where="username",
        )
    with write():
        draft = Draft("login.opened", "user", user.pk, {"demo": True})
        record(draft, actor=Viewer(kind="person", user_id=user.pk), now=now)
    return user
