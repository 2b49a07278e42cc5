"""Who may do what to which case; who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from cityloop.business.cases.domain import MOVES, Move, State
from cityloop.business.cases.domain.moves import Scope
from cityloop.business.cases.domain.states import TASK_FINAL, TaskState
from cityloop.business.cases.models import Approval, Case, Report, Task
from cityloop.business.cases.models.case import HAS_CLOCK
from cityloop.city.accounts.domain import DEPARTMENT_ROLES, DESK, SUPERVISORS, Role, Viewer
from cityloop.city.audit.domain import masked_text
from cityloop.engines.privacy import Mode
from cityloop.kernel.errors import NotAllowed

# Roles that see the cases of the areas in which they are held.
AREA_READERS = DESK | SUPERVISORS | {Role.GRID_WORKER, Role.ANALYST}
# Roles that may have the reporter's sealed data opened, with a purpose, on record.
REPORTER_OPENERS = frozenset({Role.HOTLINE_OPERATOR, Role.ACCEPTOR, Role.SUPERVISOR_DISTRICT})


def may_move(
    viewer: Viewer, move: Move, case: Case, tasks: Iterable[Task], *, is_reporter: bool = False
) -> bool:
    """Whether this viewer may make this move on this case, its state aside."""
    if viewer.is_system:
        return move.machine
    if move.scope is Scope.MACHINE or not viewer.may_use("cases:move"):
        return False
    if move.scope is Scope.REPORTER and is_reporter:
        return True
    # A department's people hold their role everywhere, but act where their department has a part.
    if viewer.holds_in(case.path, *(move.roles - DEPARTMENT_ROLES)):
        return True
    own = move.roles & DEPARTMENT_ROLES
    departments = viewer.departments(*own) if own else frozenset()
    if move.scope in {Scope.LEAD, Scope.PAST_LEAD}:
        return case.lead_department_id in departments
    if move.scope is Scope.TASK:
        tasks = [t for t in tasks if TaskState(t.state) not in TASK_FINAL]
    return bool(departments & {t.department_id for t in tasks})


def check_move(
    viewer: Viewer, move: Move, case: Case, tasks: Iterable[Task], *, is_reporter: bool = False
) -> None:
    """Raises: NotAllowed("case.not_yours") naming who may."""
    if may_move(viewer, move, case, tasks, is_reporter=is_reporter):
        return
    who = ", ".join(sorted(r.value for r in move.roles)) or move.scope.value
    raise NotAllowed(
        "case.not_yours",
        f"'{move.name}' on case {case.number} is for: {who} ({move.scope.value} of the case). "
        "Ask one of them, or log in with that role.",
        f"案卷 {case.number} 的“{move.zh}”只能由 {who} 办理，请由其办理或切换角色。",
        where=move.name,
    )


def allowed_moves(
    viewer: Viewer, case: Case, tasks: Iterable[Task], *, is_reporter: bool = False
) -> list[str]:
    """The moves this viewer may make now, in the order of the table."""
    state = State(case.state)
    rows = list(tasks)
    return [
        name
        for name, move in MOVES.items()
        if state in move.sources and may_move(viewer, move, case, rows, is_reporter=is_reporter)
    ]


def visible(viewer: Viewer) -> Q:
    """Filter for the cases a viewer may know of."""
    if viewer.is_system:
        return Q()
    if not viewer.may_use("cases:read"):
        return Q(pk__in=[])
    if any(h.role in AREA_READERS and h.area_id is None for h in viewer.holdings):
        return Q()
    seen = Q(pk__in=[])
    for holding in viewer.holdings:
        if holding.role in AREA_READERS and holding.level:
            seen |= Q(**{f"{holding.level}_id": holding.area_id})
    departments = viewer.departments()
    if departments:
        # Looked up for each row of a page. IN, and on PostgreSQL EXISTS as well, would list all
        # tasks that the departments ever had.
        part = Task.objects.filter(case_id=OuterRef("pk"), department_id__in=departments)
        had_part = IsNull(Subquery(part.values("pk")[:1]), False)
        seen |= Q(lead_department_id__in=departments) | Q(had_part)
    if viewer.holds(Role.CITIZEN) and viewer.user_id is not None:
        own = Report.objects.filter(reporter__user_id=viewer.user_id)
        seen |= Q(pk__in=own.values("case_id"))
    return seen


def is_only_reporter(viewer: Viewer, case: Case, tasks: Iterable[Task]) -> bool:
    """Whether the viewer knows of the case for having reported it, and for nothing else."""
    if not viewer.holds(Role.CITIZEN) or viewer.holds_in(case.path, *AREA_READERS):
        return False
    parts = {case.lead_department_id, *(task.department_id for task in tasks)}
    return not viewer.departments() & parts


def owes_next_move(viewer: Viewer) -> Q:
    """Filter for the open cases that wait for this viewer: by name, by post, by department."""
    owed = Q(pk__in=[])
    if viewer.user_id is not None:
        owed |= Q(owner_user_id=viewer.user_id)
    for holding in viewer.holdings:
        if holding.role in DEPARTMENT_ROLES or holding.role is Role.CITIZEN:
            continue
        here = Q(**{f"{holding.level}_id": holding.area_id}) if holding.level else Q()
        owed |= Q(owner_role=holding.role.value, owner_user_id__isnull=True) & here
    departments = viewer.departments()
    if departments:
        live = Task.objects.filter(
            case_id=OuterRef("pk"), department_id__in=departments, ended_at__isnull=True
        )
        owed |= Q(owner_department_id__in=departments)
        owed |= IsNull(Subquery(live.values("pk")[:1]), False)
    return owed & HAS_CLOCK


def may_open_reporter(viewer: Viewer, case: Case) -> bool:
    """Whether the reporter's data may be opened to this viewer (with a purpose)."""
    return viewer.may_use("reporters:open") and viewer.holds_in(case.path, *REPORTER_OPENERS)


# Two levels decide on extension, suspension and appeal.
FIRST_LEVEL = frozenset({Role.DISPATCHER, Role.ACCEPTOR, Role.SUPERVISOR_SUBDISTRICT})
SECOND_LEVEL = frozenset({Role.SUPERVISOR_DISTRICT})


def deciders(approval: Approval) -> frozenset[Role]:
    """Roles of the level that is due."""
    return FIRST_LEVEL if approval.state == "asked" else SECOND_LEVEL


def may_decide(viewer: Viewer, approval: Approval, case: Case) -> bool:
    """Whether the viewer holds the level that is due and took no part before."""
    taken = {approval.asked_by, approval.first_by}
    return (
        viewer.may_use("cases:move")
        and viewer.holds_in(case.path, *deciders(approval))
        and viewer.user_id not in taken
    )


WORDS = (
    "title", "text", "address", "excerpt", "result", "closing_note", "reason", "answer",
    "text_zh", "text_en",
)  # fmt: skip


def only_analyses(viewer: Viewer) -> bool:
    """Whether the viewer reads cases but works on none, and so needs no persons in them."""
    works = DESK | SUPERVISORS | DEPARTMENT_ROLES | {Role.GRID_WORKER}
    return viewer.holds(Role.ANALYST) and not viewer.holds(*works)


def in_words(viewer: Viewer, row: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, as this viewer needs it: masked for who only analyses."""
    if not only_analyses(viewer):
        return dict(row)
    hidden = {n: masked_text(row[n], Mode.LEAVING) for n in WORDS if isinstance(row.get(n), str)}
    return {**row, **hidden}


def reads_private(viewer: Viewer, case: Case) -> bool:
    """Whether free text of the trace is shown unmasked: to those who work on the case."""
    works = viewer.holds_in(case.path, *DESK, *SUPERVISORS, Role.GRID_WORKER)
    return works or case.lead_department_id in viewer.departments()
