"""What the desks' moves do: check, file, reject, settle, correct, merge."""

from __future__ import annotations

from cityloop.ai.triage.commands import record_correction
from cityloop.business.cases.commands.context import Context, case_data, merged_family
from cityloop.business.cases.commands.index import kept_in_step
from cityloop.business.cases.commands.parents import join_parent
from cityloop.business.cases.commands.placing import PlaceInput, place_many
from cityloop.business.cases.commands.stages import FIELD, enter, own_stage
from cityloop.business.cases.commands.task_stages import end_task, wind
from cityloop.business.cases.domain import FINAL_STATES, State, TaskState
from cityloop.business.cases.models import Case, Report
from cityloop.business.catalogue.queries import condition_info, work_calendar
from cityloop.city.accounts.domain import SUPERVISORS
from cityloop.city.audit.commands import Draft
from cityloop.engines.deadlines import add
from cityloop.engines.triage.urgency import LEVELS
from cityloop.kernel.errors import Conflict, DomainError, NotFound


def ask_check(ctx: Context) -> None:
    set_place(ctx)
    enter(ctx.case, State.CHECKING, now=ctx.now)


def confirm(ctx: Context) -> None:
    ctx.data["check"] = "true"
    enter(ctx.case, State.REPORTED, now=ctx.now)


def refute(ctx: Context) -> None:
    ctx.data["check"] = "false"
    enter(ctx.case, State.REPORTED, now=ctx.now)


def file(ctx: Context) -> None:
    set_place(ctx)
    set_condition(ctx)
    ctx.case.filed_at = ctx.now
    enter(ctx.case, State.FILED, now=ctx.now)


def reject(ctx: Context) -> None:
    enter(ctx.case, State.REJECTED, now=ctx.now)


def withdraw(ctx: Context) -> None:
    enter(ctx.case, State.WITHDRAWN, now=ctx.now)


def settle(ctx: Context) -> None:
    """A grid worker saw it and put it right on the spot; the desk only closes."""
    set_place(ctx)
    set_condition(ctx)
    case = ctx.case
    case.filed_at = case.dispatched_at = case.responded_at = case.handled_at = ctx.now
    case.routed_by = "self"
    ctx.data["on_time"] = True
    enter(case, State.VERIFIED, now=ctx.now)


def reclassify(ctx: Context) -> None:
    """The class was wrong: number and history stay, the handling limit follows the new class."""
    case, before = ctx.case, ctx.case.case_class_id
    set_condition(ctx)
    ctx.data["class_before"] = before
    if case.dispatched_at is not None and ctx.condition is not None and ctx.live:
        # The new limit runs from when this round of work was given out.
        since = max(task.sent_at for task in ctx.live)
        due_at = add(since, ctx.condition.limit, work_calendar())
        case.handle_due_at = due_at
        for task in ctx.live:
            task.handle_due_at = due_at
            wind(task, ctx.now)  # or the timer would ring for the limit that no longer holds
            task.save(update_fields=["handle_due_at", "timer_at", "timer_kind"])
        if ctx.state is State.HANDLING:
            enter(case, State.HANDLING, now=case.stage_started_at, due_at=due_at)


def prioritise(ctx: Context) -> None:
    """定紧急程度: raised, lowered or kept by a person; what the words suggested is on record."""
    case, level = ctx.case, ctx.given.urgency
    if level not in LEVELS:
        raise DomainError(
            "urgency.unknown",
            f"'{level}' is no level of urgency. Give one of: {', '.join(LEVELS)}.",
            f"“{level}”不是紧急程度，可选：{'、'.join(LEVELS)}（一般、紧急、特急）。",
            where="urgency",
        )
    said = (case.triage or {}).get("urgency") or {}
    ctx.data |= {"urgency": level, "urgency_before": case.urgency}
    if said:
        ctx.data["urgency_said"] = said["level"]
        case.triage = {**(case.triage or {}), "urgency": {**said, "decided": level}}
    case.urgency = level


def relocate(ctx: Context) -> None:
    ctx.data["cell_before"] = ctx.case.cell_id
    set_place(ctx)
    if ctx.state in FIELD:  # another cell may have another grid worker
        own_stage(ctx.case, ctx.state, ctx.now)


def comment(ctx: Context) -> None:
    """Only the trace row."""


def urge(ctx: Context) -> None:
    """督办: on record with the level of who urges."""
    held = {
        h.role
        for h in ctx.actor.holdings
        if h.role in SUPERVISORS and (h.area_id is None or h.area_id in ctx.case.path)
    }
    levels = sorted(r.value.removeprefix("supervisor_") for r in held)
    ctx.data["level"] = levels[0] if levels else "system"
    ctx.case.urged += 1


def merge(ctx: Context) -> None:
    """并案: this case goes on as part of another; every reporter of both is informed there."""
    target = _merge_target(ctx)
    case = ctx.case
    for task in ctx.live:
        end_task(task, TaskState.CANCELLED, ctx.now)
    case.merged_into = target
    ctx.data["target"] = target.pk
    ctx.data["target_number"] = target.number
    enter(case, State.MERGED, now=ctx.now)
    target.report_count += case.report_count
    target.version += 1
    target.save(update_fields=["report_count", "version"])
    ctx.extra_drafts.append(
        Draft(
            "case.absorb",
            "case",
            target.pk,
            case_data(target, target.state, absorbed=case.pk, absorbed_number=case.number),
        )
    )
    join_parent(ctx)


def _merge_target(ctx: Context) -> Case:
    target = Case.objects.select_for_update().filter(number=ctx.given.target).first()
    if target is None:
        raise NotFound(
            "merge.unknown_target",
            f"There is no case with number '{ctx.given.target}'. Check the number.",
            f"没有编号为“{ctx.given.target}”的案卷，请核对编号。",
            where="target",
        )
    bad = State(target.state) in FINAL_STATES - {State.EVALUATED}
    if bad or target.pk in merged_family(ctx.case.pk):
        raise Conflict(
            "merge.bad_target",
            f"Case {target.number} is '{target.state}' or is this case itself; merge into a case "
            "that is open or closed.",
            f"案卷 {target.number} 状态为“{target.state}”或就是本案卷，"
            "请并入办理中或已结案的案卷。",
            where="target",
        )
    return target


def set_condition(ctx: Context) -> None:
    """Pin the given condition; a class other than the machine's is learnt from."""
    if ctx.given.condition_id is None:
        return
    condition = condition_info(ctx.given.condition_id)
    if condition is None:
        raise DomainError(
            "condition.unknown",
            f"There is no filing condition {ctx.given.condition_id}. Take one of the catalogue.",
            f"没有编号为 {ctx.given.condition_id} 的立案条件，请从目录中选择。",
            where="condition_id",
        )
    case = ctx.case
    suggested = (case.triage or {}).get("class") or ""
    case.condition_id, case.case_class_id = condition.id, condition.class_id
    ctx.data["class"] = condition.class_key
    if not ctx.actor.is_system:
        learn(ctx, suggested, condition.class_key)


def learn(ctx: Context, suggested: str, chosen: str, *, kind: str = "class") -> None:
    """Remember what a person said the case is, or whose it is."""
    report = Report.objects.filter(case_id=ctx.case.pk).order_by("pk").first()
    if report is not None:
        record_correction(
            case_id=ctx.case.pk,
            title=report.title,
            text=report.text,
            suggested=suggested,
            chosen=chosen,
            kind=kind,
            actor=ctx.actor,
            now=ctx.now,
        )


def set_place(ctx: Context) -> None:
    """Take the place that came with the move, if any."""
    given = ctx.given
    if given.lon is None and given.lat is None and not given.area_code:
        return
    wanted = PlaceInput(given.lon, given.lat, given.crs, given.area_code, given.address)
    placed = place_many([wanted])[0]
    if isinstance(placed, DomainError):
        raise placed
    with kept_in_step(ctx.case):
        placed.put_on(ctx.case)
        if given.address:
            ctx.case.address = given.address[:300]


CARRIERS = {
    "ask_check": ask_check,
    "confirm": confirm,
    "refute": refute,
    "file": file,
    "reject": reject,
    "withdraw": withdraw,
    "settle": settle,
    "reclassify": reclassify,
    "prioritise": prioritise,
    "relocate": relocate,
    "comment": comment,
    "urge": urge,
    "merge": merge,
}
