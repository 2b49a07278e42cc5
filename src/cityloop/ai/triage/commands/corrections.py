"""What people made of the suggestions: labels that the next training learns from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cityloop.ai.triage.models import Correction
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.engines.triage.text import normalised


def record_correction(
    *,
    case_id: int,
    title: str,
    text: str,
    suggested: str,
    chosen: str,
    kind: str = "class",
    actor: Viewer,
    now: datetime,
) -> None:
    """Remember what a person chose, also where it confirms the suggestion. The last word counts.

    The text is kept as the classifier reads it (numbers masked); who may move the case is
    decided by the case's own rules.
    """
    with write():
        Correction.objects.update_or_create(
            case_id=case_id,
            kind=kind,
            defaults={
                "title": normalised(title),
                "text": normalised(text),
                "suggested": suggested,
                "chosen": chosen,
                "by_id": actor.user_id,
                "at": now,
                "used_in": None,
            },
        )


def erase_corrections(case_ids: Iterable[int]) -> int:
    """Delete the texts of these cases when their retention ends; labels stay. Returns the count."""
    with write():
        return Correction.objects.filter(case_id__in=list(case_ids)).update(title="", text="")
