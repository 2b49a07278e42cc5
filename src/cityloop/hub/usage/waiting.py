"""Matters that nobody has answered: where they wait, and which ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min

from cityloop.business.cases.domain import OWNERS, STATE_NAMES, State
from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.domain import Viewer
from cityloop.hub.usage.rules import check_may_read

# Stages that begin with somebody's next move; handling and suspension have clocks of their own,
# and a closed case waits for the citizen.
WAITING = (
    State.REPORTED,
    State.CHECKING,
    State.FILED,
    State.DISPATCHED,
    State.VERIFYING,
    State.VERIFIED,
)
MOST = 100


def unanswered(
    viewer: Viewer, *, now: datetime, hours: float = 24, limit: int = 50
) -> dict[str, Any]:
    """Cases that have stood in one of the waiting stages for so long without any move.

    Only of the cases that the viewer may know of.

    Raises: NotAllowed("usage.not_yours").
    """
    check_may_read(viewer)
    waiting = cases_of(viewer).filter(state__in=[s.value for s in WAITING])
    still = waiting.filter(stage_started_at__lte=now - timedelta(hours=hours))
    rows = still.order_by("stage_started_at", "pk").values(
        "number", "title", "state", "owner_role", "stage_started_at", "due_at", "received_at"
    )[: max(1, min(limit, MOST))]
    return {
        "hours": hours,
        "total": still.count(),
        "stages": _stages(waiting, still),
        "items": [dict(row) for row in rows],
    }


def _stages(waiting: Any, still: Any) -> list[dict[str, Any]]:
    """Per stage: all that wait, those that wait too long, since when the oldest."""
    every = {
        r["state"]: r
        for r in waiting.values("state").annotate(n=Count("pk"), oldest=Min("stage_started_at"))
    }
    late = {r["state"]: r["n"] for r in still.values("state").annotate(n=Count("pk"))}
    found = []
    for state in WAITING:
        row = every.get(state.value, {"n": 0, "oldest": None})
        zh, en = STATE_NAMES[state]
        found.append(
            {
                "state": state.value,
                "zh": zh,
                "en": en,
                "owner": OWNERS[state].value,
                "waiting": row["n"],
                "unanswered": late.get(state.value, 0),
                "oldest": row["oldest"],
            }
        )
    return found
