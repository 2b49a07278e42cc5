"""One case, locked, with all that a move on it may touch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from cityloop.business.cases.domain import MOVES, TASK_FINAL, Move, State, TaskState
from cityloop.business.cases.domain.values import MoveInput
from cityloop.business.cases.models import Case, Reporter, Task
from cityloop.business.catalogue.queries import ConditionInfo, condition_info
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft
from cityloop.kernel.errors import NotFound


@dataclass
class Context:
    """What a move works on; drafts gather the trace rows of the transaction."""

    case: Case
    tasks: list[Task]
    move: Move
    given: MoveInput
    actor: Viewer
    now: datetime
    data: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    extra_drafts: list[Draft] = field(default_factory=list)

    @property
    def state(self) -> State:
        return State(self.case.state)

    @property
    def live(self) -> list[Task]:
        """Tasks that still want something."""
        return [t for t in self.tasks if TaskState(t.state) not in TASK_FINAL]

    @property
    def lead(self) -> Task | None:
        """The live lead task."""
        return next((t for t in self.live if t.part == "lead"), None)

    @property
    def condition(self) -> ConditionInfo | None:
        pinned = self.case.condition_id
        return condition_info(pinned) if pinned else None


def lock_case(case_id: int) -> Case:
    """The case, locked until the transaction ends. Raises: NotFound("case.unknown")."""
    try:
        return Case.objects.select_for_update().get(pk=case_id)
    except Case.DoesNotExist:
        raise NotFound(
            "case.unknown",
            f"There is no case with id {case_id}, or you may not know of it.",
            f"没有编号为 {case_id} 的案卷，或您无权查看。",
            where="case_id",
        ) from None


def lock_both(case_id: int, number: str) -> None:
    """Lock two cases, in one order for all: A into B and B into A must not block each other."""
    both = Case.objects.filter(Q(pk=case_id) | Q(number=number)).order_by("pk")
    list(both.select_for_update().values_list("pk", flat=True))


def context_of(
    case_id: int, name: str, given: MoveInput, *, actor: Viewer, now: datetime
) -> Context:
    """Lock a case and load its tasks for one move."""
    case = lock_case(case_id)
    tasks = list(Task.objects.filter(case_id=case_id).order_by("pk"))
    return Context(case=case, tasks=tasks, move=MOVES[name], given=given, actor=actor, now=now)


# What figures are counted by; an event names the former value of what it changed.
COUNTED = {
    "alert": "alert",
    "city": "city_id",
    "district": "district_id",
    "subdistrict": "subdistrict_id",
    "community": "community_id",
    "cell": "cell_id",
    "class_id": "case_class_id",
    "department": "lead_department_id",
}


def counted(case: Case) -> dict[str, Any]:
    """The present values of what figures are counted by."""
    return {name: getattr(case, column) for name, column in COUNTED.items()}


def was(before: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """The former values of what has changed since `before`."""
    after = counted(case)
    return {name: value for name, value in before.items() if after[name] != value}


def case_data(
    case: Case, source: str, *, before: Mapping[str, Any] | None = None, **more: Any
) -> Mapping[str, Any]:
    """What every event of a case carries, so that followers need not read the case again.

    Args:
        source: the state before; "" for a new case.
        before: `counted(case)` as it was, where the move may have changed it.
    """
    changed = was(before, case) if before else {}
    if changed:
        more["was"] = changed
    return {
        "case": case.pk,
        "number": case.number,
        "from": source,
        "to": case.state,
        "city": case.city_id,
        "district": case.district_id,
        "subdistrict": case.subdistrict_id,
        "community": case.community_id,
        "cell": case.cell_id,
        "class_id": case.case_class_id,
        "department": case.lead_department_id,
        "channel": case.channel,
        "alert": case.alert,
        **more,
    }


def is_reporter_of(case: Case, viewer: Viewer, follow_key: str) -> bool:
    """Whether the viewer reported this case (or one merged into it), by login or by key."""
    from cityloop.business.cases.commands.reporters import follow_digest

    mine = Reporter.objects.filter(report__case_id__in=merged_family(case.pk))
    if follow_key:
        return mine.filter(follow_digest=follow_digest(follow_key)).exists()
    if viewer.user_id is None or viewer.kind == "system":
        return False
    return mine.filter(user_id=viewer.user_id).exists()


def merged_family(case_id: int) -> list[int]:
    """The case and every case merged into it, at any depth."""
    family, frontier = [case_id], [case_id]
    while frontier:
        frontier = list(
            Case.objects.filter(merged_into_id__in=frontier).values_list("pk", flat=True)
        )
        family += frontier
    return family
