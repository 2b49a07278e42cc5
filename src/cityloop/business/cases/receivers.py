"""Answers of models are judged as their cases change: only what changed is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.ai.registry.commands import note_answers
from cityloop.business.cases.model_outcomes import model_answers
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower

# These change neither the class nor whether a case is closed.
SILENT = frozenset({"case.comment", "case.urge", "case.near", "case.late"})


@follower("model_answers", batch=1_000)
def judge_answers(events: Sequence[EventView], now: datetime) -> None:
    """How the models' answers stand for the cases of these events."""
    moved = {e.subject_id for e in events if e.subject_type == "case" and e.kind not in SILENT}
    if moved:
        note_answers("class", model_answers(moved, now=now))
