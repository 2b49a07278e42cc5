"""Entering a stage: owner, deadline, first ring."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from cityloop.business.cases.domain import FINAL_STATES, OWNERS, State
from cityloop.business.cases.domain.clocks import Stage, begin, until
from cityloop.business.cases.domain.states import STAGE_LIMITS
from cityloop.business.cases.models import Case
from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import stage_limit, work_calendar
from cityloop.city.places.queries import who_answers
from cityloop.engines.deadlines import WorkCalendar

FIELD = frozenset({State.CHECKING, State.VERIFYING})
DEPARTMENT_STATES = frozenset({State.DISPATCHED, State.HANDLING, State.SUSPENDED})


def enter(case: Case, state: State, *, now: datetime, due_at: datetime | None = None) -> None:
    """Put a case into a state: who owns it, when it is due, when its timer fires.

    Args:
        due_at: the deadline where the stage has none of its own (handling, suspended, split).
    """
    case.state = state.value
    case.alert = ""
    case.stage_started_at = now
    if state in FINAL_STATES:
        _end(case, now)
        return
    stage = _stage(state, now, due_at)
    case.due_at, case.timer_at, case.timer_kind = stage.due_at, stage.timer.at, stage.timer.kind
    own_stage(case, state, now)
    if state is State.CLOSED:
        case.timer_at, case.timer_kind = stage.due_at, "lapse"
    elif state is State.SUSPENDED:
        case.timer_at, case.timer_kind = stage.due_at, "resume"


def _stage(state: State, now: datetime, due_at: datetime | None) -> Stage:
    if due_at is not None:
        return until(now=now, due_at=due_at)
    name = STAGE_LIMITS.get(state)
    if name is None:
        return until(now=now, due_at=now + timedelta(days=1))
    return _begun(name, now, work_calendar())


@lru_cache(maxsize=256)  # pure, and a batch begins the same stages at the same moment
def _begun(name: str, now: datetime, calendar: WorkCalendar) -> Stage:
    return begin(now=now, limit=stage_limit(name), calendar=calendar, near=loop_settings().near)


def own_stage(case: Case, state: State, now: datetime) -> None:
    """Say who owes the next move."""
    case.owner_role = OWNERS[state].value
    case.owner_department_id = case.lead_department_id if state in DEPARTMENT_STATES else None
    case.owner_user_id = None
    if state in FIELD and case.cell_id is not None:
        answer = who_answers([case.cell_id], now).get(case.cell_id)
        case.owner_user_id = answer.user_id if answer else None


def _end(case: Case, now: datetime) -> None:
    case.owner_role = ""
    case.owner_department_id = case.owner_user_id = None
    case.due_at = case.timer_at = None
    case.timer_kind = ""
    case.ended_at = now
