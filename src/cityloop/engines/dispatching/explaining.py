"""Why this unit: what speaks for it, and what the next best would have cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from cityloop.engines.dispatching.model import Assignment, Minutes, Task, Unit, Weights
from cityloop.engines.dispatching.plan import Plan, Route
from cityloop.engines.dispatching.planning import plan_of

OTHERS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against, in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Why a task went to a unit.

    Args:
        others: (unit, how many minutes of cost more), the next best first; a unit that cannot do
            it at all is not among them.
    """

    task: str
    unit: str | None
    reasons: tuple[Reason, ...]
    others: tuple[tuple[str, float], ...]


def explain(
    assignment: Assignment,
    tasks: Sequence[Task],
    units: Sequence[Unit],
    *,
    first: Minutes | None = None,
    between: Minutes | None = None,
    weights: Weights | None = None,
) -> tuple[Choice, ...]:
    """A reason for every task, in the order given."""
    plan = plan_of(tasks, units, first=first, between=between, weights=weights)
    routes = _routes(assignment, plan)
    return tuple(_choice(assignment, plan, routes, n) for n in range(len(tasks)))


def explain_one(
    key: str,
    assignment: Assignment,
    tasks: Sequence[Task],
    units: Sequence[Unit],
    *,
    weights: Weights | None = None,
) -> Choice:
    """A reason for one task of many, at the price of one. Raises: KeyError for an unknown key."""
    plan = plan_of(tasks, units, weights=weights)
    number = {t.key: n for n, t in enumerate(tasks)}[key]
    return _choice(assignment, plan, _routes(assignment, plan), number)


def _routes(assignment: Assignment, plan: Plan) -> list[Route]:
    number = {t.key: n for n, t in enumerate(plan.tasks)}
    return [[number[k] for k in assignment.routes.get(u.key, ())] for u in plan.units]


def _choice(assignment: Assignment, plan: Plan, routes: list[Route], n: int) -> Choice:
    """What each unit would cost more for the task, beside its own."""
    unit = next((u for u, route in enumerate(routes) if n in route), None)
    prices = []
    for other, route in enumerate(routes):
        extra, _ = plan.best_place(other, [t for t in route if t != n], n)
        if np.isfinite(extra):
            prices.append((extra, other))
    own = next((extra for extra, other in prices if other == unit), 0.0)
    units, task = plan.units, plan.tasks[n]
    others = [(units[o].key, round(x - own, 1)) for x, o in sorted(prices) if o != unit]
    named = None if unit is None else units[unit]
    reasons = _reasons(assignment, task, named, len(prices))
    return Choice(task.key, named.key if named else None, reasons, tuple(others[:OTHERS]))


_UNDONE = {
    "nobody": ("没有可调派的力量", "there are no units to send"),
    "skills": ("没有具备所需能力的力量", "nobody has the skills it needs"),
    "far": ("能办的力量都无法到达", "nobody who could do it can get there"),
    "shift": ("没有力量能在下班前办完", "nobody can finish it before the end of a shift"),
    "capacity": ("能办的力量任务已满", "everybody who could has as many tasks as allowed"),
    "full": ("能办的力量到下班前已排满", "everybody who could is busy until the end of a shift"),
    "cost": ("会使本件或更急的任务超时过久", "it, or more urgent tasks, would be too late"),
}


def _reasons(
    assignment: Assignment, task: Task, unit: Unit | None, able: int
) -> tuple[Reason, ...]:
    if unit is None:
        code = assignment.undone.get(task.key, "cost")
        return (Reason(code, *_UNDONE[code]),)
    at = assignment.reached[task.key]
    said = [Reason("reached", f"{at:.0f} 分钟可到达", f"there in {at:.0f} minutes")]
    if task.started:
        said.append(Reason("started", "已在处置，不变更", "already at it, not changed"))
    elif task.unit == unit.key:
        said.append(Reason("kept", "原承办力量，避免换人", "had it before; no change"))
    if task.due is not None:
        gap = task.due - at
        late = Reason("late", f"将超时 {ceil(-gap)} 分钟", f"will be {ceil(-gap)} minutes late")
        on_time = Reason("on_time", f"比时限早 {floor(gap)} 分钟", f"{floor(gap)} minutes to spare")
        said.append(on_time if gap >= 0 else late)
    if task.skills:
        names = "、".join(sorted(task.skills))
        said.append(Reason("skills", f"具备：{names}", f"has: {', '.join(sorted(task.skills))}"))
    place = assignment.routes[unit.key].index(task.key) + 1
    said.append(Reason("order", f"其第 {place} 件任务", f"its task number {place}"))
    said.append(Reason("able", f"共 {able} 支力量可办", f"one of {able} who could"))
    return tuple(said)
