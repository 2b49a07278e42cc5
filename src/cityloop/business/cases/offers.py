"""What this viewer may do with this case now, with the form of it; and what not, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.business.cases.commands.guards import GUARDS, Asked, asked_of
from cityloop.business.cases.destination import destination
from cityloop.business.cases.domain import MOVES, STATE_NAMES, TASK_FINAL, Move, State, TaskState
from cityloop.business.cases.domain.forms import OWN_TASK, Field, Known, form_of
from cityloop.business.cases.domain.moves import Scope
from cityloop.business.cases.models import Approval, Case, Photo, Task
from cityloop.business.cases.rules import may_move
from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import condition_info
from cityloop.city.accounts.domain import Viewer


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that the viewer's post may make on this case; `why_*` say what stands in the way."""

    move: Move
    possible: bool
    fields: list[Field]
    why_zh: str = ""
    why_en: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """The rows around a case that moves depend on."""

    tasks: Sequence[Task]
    photos: Sequence[Photo]
    approvals: Sequence[Approval]


def offers(
    viewer: Viewer, case: Case, around: Around, *, now: datetime, is_reporter: bool = False
) -> list[Offer]:
    """Every move of the viewer's posts on this case, in the order of the table."""
    asked = asked_of(around.approvals)
    found = []
    for move in MOVES.values():
        if move.scope is Scope.MACHINE:
            continue
        if not may_move(viewer, move, case, around.tasks, is_reporter=is_reporter):
            continue
        why = _in_the_way(viewer, move, case, around, asked, now)
        fields = [] if why else form_of(move, _known(viewer, move, case, around, now))
        found.append(Offer(move, not why, fields, *(why or ("", ""))))
    return found


def _in_the_way(
    viewer: Viewer, move: Move, case: Case, around: Around, asked: Asked, now: datetime
) -> tuple[str, str] | None:
    """(zh, en) of what stands in the way, None where nothing does."""
    state = State(case.state)
    if state not in move.sources:
        return _other_state(state, move)
    if move.name in OWN_TASK and not _fitting(viewer, move, around.tasks):
        if move.name == "accept":
            return "本部门任务均已响应。", "Your department has responded to all its tasks."
        return "请先响应任务。", "Respond to the task first."
    guard = GUARDS.get(move.name)
    barred = guard(case, asked, now) if guard else None
    return (barred.zh, barred.en) if barred else None


def _other_state(state: State, move: Move) -> tuple[str, str]:
    names = [STATE_NAMES[s] for s in State if s in move.sources]
    zh, en = STATE_NAMES[state]
    return (
        f"案卷{zh}，该操作在{'、'.join(z for z, _ in names)}时办理。",
        f"The case is {en}; this is for cases that are {', '.join(e for _, e in names)}.",
    )


def own_tasks(viewer: Viewer, tasks: Sequence[Task]) -> list[Task]:
    """Live tasks of the viewer's departments."""
    departments = viewer.departments()
    live = [t for t in tasks if TaskState(t.state) not in TASK_FINAL]
    return [t for t in live if t.department_id in departments]


def _fitting(viewer: Viewer, move: Move, tasks: Sequence[Task]) -> list[Task]:
    """Own tasks that this move would do something to."""
    own = own_tasks(viewer, tasks)
    if move.name == "accept":
        return [t for t in own if t.responded_at is None]
    if move.name in {"feed_back", "finish"}:
        return [t for t in own if t.responded_at is not None]
    return own


def _known(viewer: Viewer, move: Move, case: Case, around: Around, now: datetime) -> Known:
    own = _fitting(viewer, move, around.tasks) if move.name in OWN_TASK else []
    to = destination(case, now=now) if move.name == "dispatch" else None
    return Known(
        now=now,
        longest=now + timedelta(days=loop_settings().suspension_days),
        condition_id=case.condition_id,
        is_placed=case.located_by not in {"unknown", "outside"},
        has_evidence=_has_evidence(case, around.photos),
        tasks=tuple(t.pk for t in own),
        lead=(to.lead or "") if to else "",
        co=to.co if to else (),
        urgency=case.urgency,
    )


def _has_evidence(case: Case, photos: Sequence[Photo]) -> bool:
    """Whether the photo of the result that the condition asks for is there (or none is asked)."""
    condition = condition_info(case.condition_id) if case.condition_id else None
    if condition is None or condition.evidence == "none":
        return True
    since = case.dispatched_at or case.received_at
    return any(p.stage == "after" and p.added_at >= since for p in photos)
