"""Staff are told of what nobody gave them: each person once an event, with a reason and a link."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from cityloop.business.notify.domain import STAFF_KINDS, checked_kinds
from cityloop.business.notify.models import StaffNotice
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_person
from cityloop.city.audit.domain import EventView
from cityloop.city.db import write
from cityloop.city.profile import load_profile

STALE = timedelta(days=3)
"""An event older than this is told to nobody: a follower that begins anew reads years of them."""


def is_news(event: EventView, *, now: datetime) -> bool:
    """Whether anybody is told of it: ask before looking up whom, where that costs something."""
    given = load_profile().settings.get("notices", {}).get("staff", STAFF_KINDS)
    return event.kind in checked_kinds(given) and now - event.at <= STALE


def tell_staff(
    user_ids: Collection[int],
    event: EventView,
    *,
    text: tuple[str, str],
    link: str,
    now: datetime,
) -> None:
    """Tell these people of an event, unless `[notices] staff` of profile.toml leaves its kind out.

    Args:
        text: in Chinese and English: what, where, why.
        link: page of the desk that shows it.
    Raises: DomainError("notice.staff_kind") for a kind in the profile that there is not.
    """
    if not is_news(event, now=now):
        return
    zh, en = text
    rows = [
        StaffNotice(
            user_id=pk, position=event.position, kind=event.kind,
            text_zh=zh, text_en=en, link=link, created_at=now,
        )
        for pk in sorted(user_ids)
    ]  # fmt: skip
    StaffNotice.objects.bulk_create(rows, ignore_conflicts=True)


def read_up_to(notice_id: int, *, actor: Viewer, now: datetime) -> None:
    """What the actor was told up to this notice is read. Raises: NotAllowed("login.needed")."""
    user_id = need_person(actor)
    with write():
        waiting = StaffNotice.objects.filter(user_id=user_id, read_at=None, pk__lte=notice_id)
        waiting.update(read_at=now)
