"""The one call: tasks and units in, an assignment out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cityloop.engines.dispatching import solving
from cityloop.engines.dispatching.model import Assignment, Minutes, Task, Unit, Weights, check
from cityloop.engines.dispatching.plan import Plan, Route
from cityloop.engines.dispatching.searching import search
from cityloop.engines.dispatching.travel import travel_minutes
from cityloop.kernel.errors import DomainError


def plan_of(
    tasks: Sequence[Task],
    units: Sequence[Unit],
    *,
    first: Minutes | None = None,
    between: Minutes | None = None,
    weights: Weights | None = None,
) -> Plan:
    """A checked plan.

    Raises: DomainError("dispatching.shape" | "dispatching.travel" and those of `check`).
    """
    check(tasks, units)
    straight = travel_minutes(tasks, units)
    first = straight[0] if first is None else np.asarray(first, dtype=float)
    between = straight[1] if between is None else np.asarray(between, dtype=float)
    wanted = (len(units), len(tasks)), (len(tasks), len(tasks))
    if (first.shape, between.shape) != wanted:
        raise DomainError(
            "dispatching.shape",
            f"Travel times have the shapes {first.shape} and {between.shape}; needed are "
            f"{wanted[0]} (units x tasks) and {wanted[1]} (tasks x tasks).",
            f"通行时间矩阵形状为 {first.shape}、{between.shape}，"
            f"应为 {wanted[0]}（力量×任务）和 {wanted[1]}（任务×任务）。",
        )
    if not ((first >= 0).all() and (between >= 0).all()):
        raise DomainError(
            "dispatching.travel",
            "A travel time is below 0 or no number; what cannot be reached is infinite.",
            "通行时间出现负数或非数字；无法到达的请用无穷大。",
        )
    return Plan(tasks, units, first, between, weights or Weights())


def assign(
    tasks: Sequence[Task],
    units: Sequence[Unit],
    *,
    first: Minutes | None = None,
    between: Minutes | None = None,
    weights: Weights | None = None,
    seconds: float = 0.0,
) -> Assignment:
    """Who does what, in which order.

    Args:
        first: units × tasks, minutes of travel from where units are now; None: straight lines.
        between: tasks × tasks, metres from task to task; None: straight lines.
        seconds: time for OR-tools to improve on the search; 0: the search alone, which is
            deterministic. Without OR-tools (extra `ai`) the search alone as well.
    Re-optimising: give tasks their present `unit`; a change has a price. What is `started` stays.
    Raises: DomainError("dispatching.*").
    """
    plan = plan_of(tasks, units, first=first, between=between, weights=weights)
    fixed = _fixed(plan)
    routes = search(plan, fixed)
    if seconds > 0 and solving.has_solver():
        better = solving.solve(plan, routes, fixed, seconds=seconds)
        if plan.total(better) < plan.total(routes) - 1e-6:
            return plan.assignment(better, "ortools")
    return plan.assignment(routes, "search")


def _fixed(plan: Plan) -> list[Route]:
    fixed: list[Route] = [[] for _ in plan.units]
    for number, task in enumerate(plan.tasks):
        if task.started:
            fixed[plan.before[number]].append(number)
    return fixed
