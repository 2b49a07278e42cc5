"""What became of the classes that models gave: counts by model and day, for the registry.

An accepted answer counts as judged once its case is closed or a person has changed its class; it
was right when the class stayed. A watched (shadow) answer is judged by the same cases.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cityloop.ai.registry.domain import Tally
from cityloop.business.cases.domain.states import State
from cityloop.business.cases.models import Case

DAYS = 35
ENDED = frozenset({State.CLOSED, State.EVALUATED})
Key = tuple[str, date, bool]


def model_outcomes(*, now: datetime, days: int = DAYS) -> list[tuple[str, date, bool, Tally]]:
    """(model, day received, shadow, tally) of the cases of the last days."""
    rows = Case.objects.filter(received_at__gte=now - timedelta(days=days), triage__by="model")
    columns = ("triage", "case_class__key", "state", "received_at")
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    classes: dict[Key, Counter[str]] = defaultdict(Counter)
    for triage, key, state, at in rows.values_list(*columns).iterator(chunk_size=2000):
        day = timezone.localdate(at)
        for said, shadow in _answers(triage):
            place = (str(said["model"]), day, shadow)
            found[place] += _judged(said, key, state in ENDED)
            classes[place][str(said["class"])] += 1
    return [
        (model, day, shadow, _tally(found[model, day, shadow], classes[model, day, shadow]))
        for model, day, shadow in sorted(found)
    ]


def _answers(triage: dict[str, Any]) -> Iterable[tuple[dict[str, Any], bool]]:
    if triage.get("model"):
        yield triage, False
    if triage.get("shadow"):
        yield triage["shadow"], True


def _judged(said: dict[str, Any], key: str | None, ended: bool) -> Counter[str]:
    counts = Counter(answered=1)
    if not said.get("accepted"):
        return counts
    counts["accepted"] = 1
    changed = key is not None and key != said["class"]
    if ended or changed:
        counts["judged"] = 1
        counts["right"] = int(not changed)
    return counts


def _tally(counts: Counter[str], classes: Counter[str]) -> Tally:
    names = ("answered", "accepted", "judged", "right")
    return Tally(*(counts[name] for name in names), classes=dict(classes))
