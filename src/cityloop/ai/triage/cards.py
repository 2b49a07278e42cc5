"""A model's card: what it is, what it was judged by, how far it is let in, how it does."""

from __future__ import annotations

from datetime import date
from typing import Any

from cityloop.ai.registry.domain import verdict
from cityloop.ai.registry.queries import rollouts_of, standings, tally_of
from cityloop.ai.triage.models import ModelVersion


def card_of(row: ModelVersion, *, today: date) -> dict[str, Any]:
    """Everything a person needs to approve a model or to stop it; counts only, no text."""
    seen, watched = (tally_of(row.label, today=today, shadow=shadow) for shadow in (False, True))
    standing = standings({row.label: row.accuracy}, today=today)[row.label]
    found = verdict(seen, row.accuracy)
    return {
        "label": row.label,
        "name": row.name,
        "made_at": row.created_at,
        "trained_on": row.trained_on,
        "fingerprint": row.fingerprint,
        "promise": row.accuracy,
        "threshold": row.threshold,
        "active": row.active,
        "report": row.report,
        "in_use": _counts(seen),
        "watched": _counts(watched),
        "promise_zh": found.zh,
        "promise_en": found.en,
        "drift": standing.drift,
        "drift_level": standing.drift_level,
        "way": [
            {
                "mode": way.mode,
                "share": way.share,
                "begun_at": way.begun_at,
                "ended_at": way.ended_at,
                "by": str(way.approved_by or ""),
                "why_zh": way.why_zh,
                "why_en": way.why_en,
            }
            for way in rollouts_of(row.label)
        ],
    }


def _counts(tally: Any) -> dict[str, Any]:
    return {
        "answered": tally.answered,
        "accepted": tally.accepted,
        "judged": tally.judged,
        "right": tally.right,
        "accuracy": tally.accuracy,
    }
