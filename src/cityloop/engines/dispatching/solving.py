"""With OR-tools where it is installed: guided local search over whole routes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from cityloop.engines.dispatching.model import FAR
from cityloop.engines.dispatching.plan import Plan, Route

SCALE = 100  # the solver counts in whole hundredths of a minute
HORIZON = 4 * 1440


def has_solver() -> bool:
    """Whether OR-tools (extra `ai`) is installed."""
    try:
        import ortools.constraint_solver.pywrapcp  # noqa: F401
    except ImportError:
        return False
    return True


def solve(plan: Plan, start: list[Route], fixed: list[Route], *, seconds: float) -> list[Route]:
    """Better routes than `start` after a search of at most `seconds`, else `start`.

    The same problem as `Plan.cost`, but for the load term, which the solver sees as a linear
    price of each further task; the caller keeps the better of both by `Plan.total`.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count, units = len(plan.tasks), len(plan.units)
    if not count or not units:
        return start
    starts = [count + u for u in range(units)]
    manager = pywrapcp.RoutingIndexManager(
        count + units + 1, units, starts, [count + units] * units
    )
    model = pywrapcp.RoutingModel(manager)
    _times(plan, model, fixed)
    _choices(plan, manager, model, fixed)
    found = pywrapcp.DefaultRoutingSearchParameters()
    found.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    found.time_limit.FromMilliseconds(max(1, int(seconds * 1000)))
    given = model.ReadAssignmentFromRoutes([list(r) for r in start], True)
    answer = model.SolveFromAssignmentWithParameters(given, found) if given else None
    answer = answer or model.SolveWithParameters(found)
    return start if answer is None else _routes(model, manager, answer, units, count)


def _times(plan: Plan, model: Any, fixed: list[Route]) -> None:
    count, units = len(plan.tasks), len(plan.units)
    size = count + units + 1
    transits = []
    for unit in range(units):
        ways = np.zeros((size, size))
        service = np.array(plan.service)
        ways[:count, :count] = plan.between / plan.speed[unit]
        ways[count + unit, :count] = plan.first[unit]
        cost = ways.copy()
        elsewhere = np.array([b not in {-1, unit} for b in plan.before])
        cost[:, :count] += plan.weights.change * elsewhere
        cost[:count, :count] += plan.weights.load
        ways[:count] += service[:, None]
        ways[count + unit, :count] += plan.units[unit].free_in
        whole = (np.minimum(ways, FAR) * SCALE).astype(int).tolist()
        transits.append(model.RegisterTransitMatrix(whole))
        price = model.RegisterTransitMatrix((np.minimum(cost, FAR) * SCALE).astype(int).tolist())
        model.SetArcCostEvaluatorOfVehicle(price, unit)
    model.AddDimensionWithVehicleTransits(transits, 0, HORIZON * SCALE, True, "time")
    time = model.GetDimensionOrDie("time")
    for unit, one in enumerate(plan.units):
        limit = max(0, int(min(one.shift_left, HORIZON) * SCALE))
        time.CumulVar(model.End(unit)).SetMax(limit)
        fixed_head = fixed[unit]
        for before, after in pairwise(fixed_head):
            model.solver().Add(model.NextVar(before) == after)
        if fixed_head:
            model.solver().Add(model.NextVar(model.Start(unit)) == fixed_head[0])


def _choices(plan: Plan, manager: Any, model: Any, fixed: list[Route]) -> None:
    time = model.GetDimensionOrDie("time")
    started = {task for route in fixed for task in route}
    for task in range(len(plan.tasks)):
        index = manager.NodeToIndex(task)
        allowed = [u for u in range(len(plan.units)) if plan.able[u, task]]
        if task not in started:
            model.AddDisjunction([index], int(plan.undone[task] * SCALE))
            # -1: nobody has it.
            model.VehicleVar(index).SetValues([-1, *allowed])
        if np.isfinite(plan.due[task]):
            due = int(max(0.0, plan.due[task]) * SCALE)
            time.SetCumulVarSoftUpperBound(index, due, max(1, int(plan.late[task])))
    one = model.RegisterUnaryTransitVector([1] * len(plan.tasks) + [0] * (len(plan.units) + 1))
    most = [u.most for u in plan.units]
    model.AddDimensionWithVehicleCapacity(one, 0, most, True, "count")


def _routes(model: Any, manager: Any, answer: Any, units: int, count: int) -> list[Route]:
    routes = []
    for unit in range(units):
        route, index = [], answer.Value(model.NextVar(model.Start(unit)))
        while not model.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = answer.Value(model.NextVar(index))
        routes.append([t for t in route if t < count])
    return routes
