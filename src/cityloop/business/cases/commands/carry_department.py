"""What the departments' moves do: dispatch, respond, return, feed back, finish, verify."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cityloop.business.cases.commands.carry_desk import learn, set_condition
from cityloop.business.cases.commands.context import Context, case_data, counted
from cityloop.business.cases.commands.index import enter_new
from cityloop.business.cases.commands.parents import join
from cityloop.business.cases.commands.stages import enter
from cityloop.business.cases.commands.task_stages import end_task, wind
from cityloop.business.cases.domain import State, TaskState
from cityloop.business.cases.models import Case, Task
from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import (
    condition_info,
    stage_limit,
    work_calendar,
)
from cityloop.city.accounts.models import Department
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.audit.commands import Draft
from cityloop.city.bulk import blank
from cityloop.engines.deadlines import Limit, add, pause, resume
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed


# --- dispatching -----------------------------------------------------------------------------
def dispatch(ctx: Context) -> None:
    """派遣: lead and co-handlers side by side."""
    lead, co = named_departments(ctx.given.lead, ctx.given.co)
    set_condition(ctx)
    send(ctx.case, lead.pk, [d.pk for d in co], now=ctx.now)
    ctx.case.routed_by = "person"
    ctx.data |= {"by": "person", "lead": lead.pk, "co": [d.pk for d in co]}
    _learn_department(ctx, _suggested_department(ctx.case), lead.key)


def _suggested_department(case: Case) -> str:
    """What routing named, had it been sure enough."""
    steps = (case.route or {}).get("steps", [])
    return next((str(s["lead"]) for s in reversed(steps) if s.get("lead")), "")


def _learn_department(ctx: Context, suggested: str, chosen: str) -> None:
    if not ctx.actor.is_system:
        learn(ctx, suggested, chosen, kind="department")


def reroute(ctx: Context) -> None:
    """改派: the assignment was wrong; counts against dispatch, not against the unit."""
    lead, co = named_departments(ctx.given.lead, ctx.given.co)
    case = ctx.case
    ctx.data |= {"department_before": case.lead_department_id, "auto_before": case.auto_dispatched}
    was = next((k for k, d in departments_by_key().items() if d.pk == case.lead_department_id), "")
    _learn_department(ctx, was, lead.key)
    for task in ctx.live:
        end_task(task, TaskState.CANCELLED, ctx.now)
    set_condition(ctx)
    _mark_misrouted(ctx)
    send(case, lead.pk, [d.pk for d in co], now=ctx.now)
    case.routed_by = "person"
    ctx.data |= {"by": "person", "lead": lead.pk, "co": [d.pk for d in co]}


def add_co(ctx: Context) -> None:
    """增派协办: another department beside those at work, which go on undisturbed.

    Its result is due with the case's, but never before it had the time to respond.
    Raises: Conflict("co.at_work") where all the departments named are at work already.
    """
    first, others = named_departments(ctx.given.co[0], ctx.given.co)
    at_work = {task.department_id for task in ctx.live}
    fresh = [d.pk for d in (first, *others) if d.pk not in at_work]
    if not fresh:
        raise Conflict(
            "co.at_work",
            f"Case {ctx.case.number}: {', '.join(ctx.given.co)} at work already. Name another one.",
            f"案卷 {ctx.case.number} 中所选部门均已在办，请选择其他部门。",
            where="co",
        )
    lead = ctx.case.lead_department_id or 0
    tasks = [t for t in new_tasks(ctx.case, lead, fresh, now=ctx.now) if t.part == "co"]
    for task in tasks:
        due_at = ctx.case.handle_due_at or task.handle_due_at
        task.handle_due_at = max(due_at, task.respond_due_at)
        wind(task, ctx.now)
    Task.objects.bulk_create(tasks)
    ctx.data["co"] = fresh


def _mark_misrouted(ctx: Context) -> None:
    if not ctx.case.misrouted:
        ctx.data["misrouted"] = True
        ctx.data["auto"] = ctx.case.auto_dispatched
    ctx.case.misrouted = True


def named_departments(lead: str, co: Sequence[str]) -> tuple[Department, list[Department]]:
    """Departments by their keys. Raises: DomainError("department.unknown")."""
    known = departments_by_key()
    for key in (lead, *co):
        if key not in known or not known[key].active:
            raise DomainError(
                "department.unknown",
                f"There is no active department '{key}'. Known: {', '.join(sorted(known))}.",
                f"没有“{key}”这一在用部门。可选：{'、'.join(sorted(known))}。",
                where="lead" if key == lead else "co",
            )
    others = [known[key] for key in dict.fromkeys(co) if key != lead]
    return known[lead], others


def new_tasks(case: Case, lead_id: int, co_ids: Sequence[int], *, now: datetime) -> list[Task]:
    """The tasks of a dispatch, unsaved. The case must have its condition."""
    condition = condition_info(case.condition_id) if case.condition_id else None
    if condition is None:
        raise DomainError(
            "case.no_condition",
            f"Case {case.number} has no filing condition; file it with one first.",
            f"案卷 {case.number} 尚无立案条件，请先立案。",
            where="condition_id",
        )
    calendar = work_calendar()
    respond = _due(now, stage_limit("respond"), calendar)
    handle = _due(now, condition.limit, calendar)
    tasks = []
    for part, department_id in [("lead", lead_id), *(("co", d) for d in co_ids)]:
        task = blank(Task)
        task.case_id, task.department_id, task.part = case.pk, department_id, part
        task.state, task.sent_at = TaskState.SENT.value, now
        task.respond_due_at, task.handle_due_at = respond, handle
        task.round = case.reworks + case.reopens + 1
        wind(task, now)
        tasks.append(task)
    return tasks


# Pure, and within a batch asked of one moment with few limits again and again.
_due = lru_cache(maxsize=1024)(add)


def send(case: Case, lead_id: int, co_ids: Sequence[int], *, now: datetime) -> None:
    """Give a filed case to departments."""
    tasks = new_tasks(case, lead_id, co_ids, now=now)
    Task.objects.bulk_create(tasks)
    sent(case, tasks[0], now)


def sent(case: Case, lead: Task, now: datetime) -> None:
    """What a dispatch changes on the case itself."""
    case.lead_department_id = lead.department_id
    case.dispatched_at = now
    case.handle_due_at = lead.handle_due_at
    case.responded_at = case.handled_at = None
    enter(case, State.DISPATCHED, now=now)


# --- the department's own moves -----------------------------------------------------------------
def own_task(ctx: Context) -> Task:
    """The live task the actor acts for. Raises: NotAllowed, DomainError("task.which")."""
    mine = ctx.live
    if not ctx.actor.is_system:
        departments = ctx.actor.departments()
        mine = [t for t in mine if t.department_id in departments]
    if ctx.given.task_id is not None:
        mine = [t for t in mine if t.pk == ctx.given.task_id]
    if len(mine) == 1:
        return mine[0]
    if not mine:
        raise NotAllowed(
            "task.none",
            f"Your department has no open task in case {ctx.case.number}.",
            f"案卷 {ctx.case.number} 中没有贵部门的在办任务。",
        )
    raise DomainError(
        "task.which",
        f"You answer for several tasks of case {ctx.case.number}: "
        f"{', '.join(str(t.pk) for t in mine)}. Say which one (task_id).",
        f"您在案卷 {ctx.case.number} 中有多个任务：{'、'.join(str(t.pk) for t in mine)}，"
        "请指定 task_id。",
        where="task_id",
    )


def accept(ctx: Context) -> None:
    """响应: the department takes its task; the case is being handled once the lead has."""
    task = own_task(ctx)
    if task.responded_at is not None:
        raise Conflict(
            "task.accepted_before",
            f"This task was accepted at {task.responded_at:%Y-%m-%d %H:%M} UTC already.",
            f"该任务已于 {task.responded_at:%Y-%m-%d %H:%M}（UTC）响应。",
        )
    task.state, task.responded_at = TaskState.ACCEPTED.value, ctx.now
    task.handler_id = ctx.actor.user_id
    task.feedback_due_at = add(ctx.now, stage_limit("feed_back"), work_calendar())
    wind(task, ctx.now)
    task.save()
    _about_task(ctx, task, on_time=ctx.now <= task.respond_due_at)
    if task.part == "lead" and ctx.state is State.DISPATCHED:
        ctx.case.responded_at = ctx.now
        enter(ctx.case, State.HANDLING, now=ctx.now, due_at=task.handle_due_at)


def return_(ctx: Context) -> None:
    """回退: a lead's return takes every assignment away; the desk dispatches anew."""
    task = own_task(ctx)
    case = ctx.case
    end_task(task, TaskState.RETURNED, ctx.now)
    _about_task(ctx, task)
    case.returns += 1
    if task.part == "lead":
        for other in ctx.live:
            end_task(other, TaskState.CANCELLED, ctx.now)
        _mark_misrouted(ctx)
        case.handle_due_at = None
        enter(case, State.FILED, now=ctx.now)
        case.lead_department_id = None
        return
    _verify_if_done(ctx)


def feed_back(ctx: Context) -> None:
    """反馈: what has been done so far; the first one answers the 24-hour promise."""
    task = _accepted_task(ctx)
    if task.fed_back_at is None:
        due_at = task.feedback_due_at
        task.fed_back_at = ctx.now
        _about_task(ctx, task, on_time=due_at is None or ctx.now <= due_at)
        ctx.data["first"] = True
    else:
        _about_task(ctx, task)
    wind(task, ctx.now)
    task.save()


def finish(ctx: Context) -> None:
    """处置完成: the department's result; verification begins when every task is done."""
    task = _accepted_task(ctx)
    task.result, task.done_at = ctx.given.text, ctx.now
    task.fed_back_at = task.fed_back_at or ctx.now
    on_time = ctx.now <= task.handle_due_at
    task.late_handling = task.late_handling or not on_time
    end_task(task, TaskState.DONE, ctx.now)
    _about_task(ctx, task, on_time=on_time)
    _verify_if_done(ctx)


def _accepted_task(ctx: Context) -> Task:
    task = own_task(ctx)
    if task.responded_at is None:
        raise Conflict(
            "task.not_accepted",
            "The task has not been accepted yet; accept it first.",
            "该任务尚未响应，请先响应。",
        )
    return task


def _verify_if_done(ctx: Context) -> None:
    if ctx.live or ctx.state not in {State.DISPATCHED, State.HANDLING}:
        return
    case, condition = ctx.case, ctx.condition
    case.handled_at = ctx.now
    ctx.data["handled"] = True
    in_time = case.handle_due_at is None or ctx.now <= case.handle_due_at
    ctx.data["case_on_time"] = in_time
    if not in_time and not case.late_ever:  # finished before the timer rang
        case.late_ever = ctx.data["first"] = True
    if condition is not None and case.handle_due_at is not None:
        # The clock stands while others verify.
        case.paused_left_s = pause(
            case.handle_due_at, ctx.now, condition.limit.kind, work_calendar()
        )
    enter(case, State.VERIFYING, now=ctx.now)


def _about_task(ctx: Context, task: Task, *, on_time: bool | None = None) -> None:
    ctx.data |= {"task": task.pk, "task_department": task.department_id, "part": task.part}
    if on_time is not None:
        ctx.data["on_time"] = on_time


# --- verification ---------------------------------------------------------------------------------
def pass_(ctx: Context) -> None:
    enter(ctx.case, State.VERIFIED, now=ctx.now)


def fail(ctx: Context) -> None:
    """返工: back to the same departments with all data; they get what time was left, or more."""
    rework(ctx, _rework_due(ctx))


def _rework_due(ctx: Context) -> datetime:
    condition, case = ctx.condition, ctx.case
    if condition is None:
        return ctx.now + timedelta(days=1)
    floor = Limit(condition.limit.value * loop_settings().rework_floor, condition.limit.unit)
    least = add(ctx.now, floor, work_calendar())
    if case.paused_left_s is None or case.paused_left_s <= 0:
        return least
    left = resume(case.paused_left_s, ctx.now, condition.limit.kind, work_calendar())
    return max(left, least)


def rework(ctx: Context, due_at: datetime, *, reopened: bool = False) -> None:
    """Send the case back to the departments that handled it."""
    case = ctx.case
    if reopened:
        case.reopens += 1
    else:
        case.reworks += 1
    case.paused_left_s = None
    case.handle_due_at, case.handled_at = due_at, None
    if case.lead_department_id is None:  # settled on the spot: nobody handled it yet
        enter(case, State.FILED, now=ctx.now)
        return
    Task.objects.bulk_create(_again(ctx, due_at))
    enter(case, State.HANDLING, now=ctx.now, due_at=due_at)


def _again(ctx: Context, due_at: datetime) -> list[Task]:
    case = ctx.case
    # What was done under an assignment taken away since then is not asked for again.
    since = case.dispatched_at or case.received_at
    done = [t for t in ctx.tasks if t.state == TaskState.DONE.value and t.sent_at >= since]
    last = max((t.round for t in done), default=1)
    parts = {t.department_id: t.part for t in done if t.round == last}
    parts[case.lead_department_id or 0] = "lead"
    again = []
    for department_id, part in parts.items():
        task = Task(
            case_id=case.pk,
            department_id=department_id,
            part=part,
            state=TaskState.ACCEPTED.value,
            sent_at=ctx.now,
            respond_due_at=ctx.now,
            responded_at=ctx.now,
            feedback_due_at=add(ctx.now, stage_limit("feed_back"), work_calendar()),
            handle_due_at=due_at,
            round=case.reworks + case.reopens + 1,
        )
        wind(task, ctx.now)
        again.append(task)
    return again


# --- child cases -------------------------------------------------------------------------------
def split(ctx: Context) -> None:
    """分办: one matter, several classes or owners; the parent closes when all children have."""
    case = ctx.case
    before = Case.objects.filter(parent=case).count()  # a case sent back may be split again
    children = [_child(ctx, n, before + n + 1) for n in range(len(ctx.given.parts))]
    calendar = work_calendar()
    longest = case.filed_at or ctx.now
    for child, part in zip(children, ctx.given.parts, strict=True):
        condition = condition_info(part.condition_id)
        if condition is None:
            raise DomainError(
                "condition.unknown",
                f"There is no filing condition {part.condition_id}. Take one of the catalogue.",
                f"没有编号为 {part.condition_id} 的立案条件，请从目录中选择。",
                where="parts",
            )
        child.condition_id, child.case_class_id = condition.id, condition.class_id
        longest = max(longest, add(ctx.now, condition.limit, calendar))
        enter(child, State.FILED, now=ctx.now)
        child.save()
        enter_new([(child, ())])
        data = case_data(child, "", parent=case.pk)
        ctx.extra_drafts.append(
            Draft("case.branch", "case", child.pk, {**data, "class": condition.class_key})
        )
        if part.lead:
            lead, co = named_departments(part.lead, part.co)
            before = counted(child)
            send(child, lead.pk, [d.pk for d in co], now=ctx.now)
            child.routed_by = "person"
            child.save()
            ctx.extra_drafts.append(
                Draft(
                    "case.dispatch",
                    "case",
                    child.pk,
                    case_data(child, State.FILED.value, before=before, by="person", lead=lead.pk),
                )
            )
    ctx.data["children"] = [c.pk for c in children]
    enter(case, State.SPLIT, now=ctx.now, due_at=longest + timedelta(days=1))


def _child(ctx: Context, n: int, serial: int) -> Case:
    case = ctx.case
    return Case(
        number=f"{case.number}-{serial}",
        state=State.FILED.value,
        title=ctx.given.parts[n].title[:300] or case.title,
        channel=case.channel,
        urgency=case.urgency,
        confidential=case.confidential,
        lon=case.lon,
        lat=case.lat,
        address=case.address,
        located_by=case.located_by,
        city_id=case.city_id,
        district_id=case.district_id,
        subdistrict_id=case.subdistrict_id,
        community_id=case.community_id,
        cell_id=case.cell_id,
        received_at=case.received_at,
        filed_at=ctx.now,
        stage_started_at=ctx.now,
        report_count=0,
        parent=case,
    )


def resume_(ctx: Context) -> None:
    """恢复办理: the clock goes on with exactly what was left."""
    case, condition = ctx.case, ctx.condition
    due_at = ctx.now + timedelta(days=1)
    if condition is not None and case.paused_left_s is not None:
        due_at = resume(case.paused_left_s, ctx.now, condition.limit.kind, work_calendar())
    case.paused_left_s = None
    case.handle_due_at = due_at
    for task in ctx.tasks:
        if task.state == TaskState.SUSPENDED.value:
            # A co-handler that had not answered yet still owes its answer.
            was = TaskState.ACCEPTED if task.responded_at else TaskState.SENT
            task.state, task.handle_due_at = was.value, due_at
            wind(task, ctx.now)
            task.save()
    enter(case, State.HANDLING, now=ctx.now, due_at=due_at)


CARRIERS = {
    "dispatch": dispatch,
    "reroute": reroute,
    "add_co": add_co,
    "split": split,
    "join": join,
    "accept": accept,
    "return": return_,
    "feed_back": feed_back,
    "finish": finish,
    "pass": pass_,
    "fail": fail,
    "send_back": fail,
    "resume": resume_,
}
