"""Where a case stands, by its number alone.

Numbers run on, so anybody can write one down: what is answered names no person, no place, no
word of the report. A phone number opens nothing either, for whoever knows a neighbour's number
could ask whether that neighbour complained. The link of the receipt opens the whole.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.cases.domain import STATE_NAMES, State
from cityloop.business.cases.following import STEP_OF
from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import NotFound


def public_state(number: str, *, now: datetime) -> dict[str, Any]:
    """Stage, day of receipt, whether the time has passed.

    Raises: NotFound("state.unknown"), also for a confidential case.
    """
    wanted = number.strip()
    case = None
    if wanted.isdigit() and len(wanted) <= 32:
        case = cases_of(SYSTEM).filter(number=wanted, confidential=False).first()
    if case is None:
        raise NotFound(
            "state.unknown",
            f"There is no case with the number '{number[:32]}'. Check the digits of your receipt.",
            f"没有编号为“{number[:32]}”的案卷，请核对回执上的数字。",
            where="number",
        )
    state = State(case.state)
    zh, en = STATE_NAMES[state]
    ended = case.closed_at or case.ended_at
    zone = ZoneInfo(settings.TIME_ZONE)
    return {
        "number": case.number,
        "state": state.value,
        "state_zh": zh,
        "state_en": en,
        "step": STEP_OF[state],
        "received_on": case.received_at.astimezone(zone).date(),
        "ended_on": ended.astimezone(zone).date() if ended else None,
        "late": case.due_at is not None and case.due_at < now and state is not State.CLOSED,
    }
