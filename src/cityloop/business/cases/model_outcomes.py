"""What became of the classes that models gave, for the registry: told as cases change.

An accepted answer counts as judged once its case is closed or a person has changed its class; it
was right when the class stayed. A watched (shadow) answer is judged by the same cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cityloop.ai.registry.domain import Answer
from cityloop.business.cases.domain.states import State
from cityloop.business.cases.models import Case

DAYS = 35
"""Cases that came earlier are judged no more: promises are kept on the last 28 days."""
ENDED = frozenset({State.CLOSED, State.EVALUATED})
COLUMNS = ("pk", "triage", "case_class__key", "state", "received_at")


def judged_since(now: datetime) -> date:
    """The first day whose answers are still judged."""
    return timezone.localdate(now - timedelta(days=DAYS))


def model_answers(case_ids: Collection[int], *, now: datetime) -> list[Answer]:
    """How the answers of models stand for these cases, older ones left out."""
    since = now - timedelta(days=DAYS)
    rows = Case.objects.filter(pk__in=list(case_ids), received_at__gte=since, triage__by="model")
    return [
        _answer(pk, said, shadow, key, state in ENDED, timezone.localdate(at))
        for pk, triage, key, state, at in rows.values_list(*COLUMNS)
        for said, shadow in _said(triage)
    ]


def _said(triage: dict[str, Any]) -> Iterable[tuple[dict[str, Any], bool]]:
    if triage.get("model"):
        yield triage, False
    if triage.get("shadow"):
        yield triage["shadow"], True


def _answer(
    case_id: int, said: dict[str, Any], shadow: bool, key: str | None, ended: bool, day: date
) -> Answer:
    accepted = bool(said.get("accepted"))
    changed = key is not None and key != said["class"]
    judged = accepted and (ended or changed)
    return Answer(
        case_id, shadow, str(said["model"]), day, str(said["class"]), accepted, judged,
        right=judged and not changed,
    )  # fmt: skip
