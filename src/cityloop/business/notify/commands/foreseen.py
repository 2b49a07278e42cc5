"""Early warnings and models that were stopped become notices to those who can act on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cityloop.ai.forecasts.queries import warning_in_words
from cityloop.ai.registry.queries import rollouts_of
from cityloop.business.notify.commands.staff import tell_staff
from cityloop.city.accounts.domain import SUPERVISORS, Role
from cityloop.city.accounts.queries import role_holders
from cityloop.city.audit.domain import EventView
from cityloop.city.places.queries import tree

WARNED = SUPERVISORS | {Role.DISPATCHER, Role.ANALYST}
APPROVE = frozenset({Role.ANALYST, Role.SYSTEM_ADMIN})


def tell_of_warning(event: EventView, *, now: datetime) -> None:
    """An overload is likely: those of the area, or of the whole city, before it comes."""
    text = warning_in_words(event.subject_id)
    if text is None:
        return
    areas = tree()
    chain = areas.chain(event.data["area"]) if event.data["area"] else areas.roots
    people = _people((area.id for area in chain), WARNED)
    tell_staff(people, event, text=text, link="/forecasts/", now=now)


def tell_of_stop(event: EventView, *, now: datetime) -> None:
    """A model fell under its promise: those who may let one in."""
    model = str(event.data["model"])
    stop = next((way for way in rollouts_of(model) if way.why_zh), None)
    why_zh, why_en = (stop.why_zh, stop.why_en) if stop else ("", "")
    text = (
        f"模型 {model} 已停止自动判定：{why_zh}。",
        f"Model {model} has stopped deciding by itself: {why_en}.",
    )
    people = _people((area.id for area in tree().roots), APPROVE)
    tell_staff(people, event, text=text, link="/manage/models/", now=now)


def _people(area_ids: Iterable[int], roles: frozenset[Role]) -> set[int]:
    return {one.user_id for one in role_holders(area_ids) if one.role in roles}
