"""With OR-tools where it is installed: guided local search over whole routes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from cityloop.engines.dispatching.model import FAR, Minutes
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
    _choices(plan, model, fixed)
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
    count = len(plan.tasks)
    ways = {speed: _ways(plan, speed) for speed in set(plan.speed)}
    matrix = {speed: model.RegisterTransitMatrix(_whole(_lasting(plan, each)))
              for speed, each in ways.items()}  # fmt: skip
    prices: dict[tuple[float, bytes], int] = {}
    for unit, speed in enumerate(plan.speed):
        elsewhere = np.array([b not in {-1, unit} for b in plan.before])
        key = speed, elsewhere.tobytes()
        if key not in prices:
            price = ways[speed].copy()
            price[:, :count] += plan.weights.change * elsewhere
            price[:count, :count] += plan.weights.load
            prices[key] = model.RegisterTransitMatrix(_whole(price))
        model.SetArcCostEvaluatorOfVehicle(prices[key], unit)
    transits = [matrix[speed] for speed in plan.speed]
    model.AddDimensionWithVehicleTransits(transits, 0, HORIZON * SCALE, True, "time")
    for unit in range(len(plan.units)):
        _shift(plan, model, unit, fixed[unit])


def _ways(plan: Plan, speed: float) -> Minutes:
    """Minutes of travel at a speed; rows: tasks, then where each unit stands, then the end."""
    count, units = len(plan.tasks), len(plan.units)
    ways = np.zeros((count + units + 1, count + units + 1))
    ways[:count, :count] = plan.between / speed
    ways[count : count + units, :count] = plan.first
    return ways


def _lasting(plan: Plan, ways: Minutes) -> Minutes:
    """With what is done before leaving: the task itself, or what a unit still has in hand."""
    count, units = len(plan.tasks), len(plan.units)
    lasting = ways.copy()
    lasting[:count] += np.array(plan.service)[:, None]
    lasting[count : count + units, :count] += np.array([u.free_in for u in plan.units])[:, None]
    return lasting


def _whole(minutes: Minutes) -> list[list[int]]:
    whole: list[list[int]] = (np.minimum(minutes, FAR) * SCALE).astype(int).tolist()
    return whole


def _shift(plan: Plan, model: Any, unit: int, started: Route) -> None:
    """What is started comes first, even beyond the shift; then nothing is added to it."""
    time, solver = model.GetDimensionOrDie("time"), model.solver()
    shift, nodes = plan.units[unit].shift_left, [model.Start(unit), *started]
    for before, after in pairwise(nodes):
        solver.Add(model.NextVar(before) == after)
    needed = 0.0
    if started:
        needed = plan.times(unit, started)[-1] + plan.service[started[-1]]
    if needed > shift:
        solver.Add(model.NextVar(started[-1]) == model.End(unit))
    limit = min(max(shift, needed + 1), HORIZON)
    time.CumulVar(model.End(unit)).SetMax(max(0, int(limit * SCALE)))


def _choices(plan: Plan, model: Any, fixed: list[Route]) -> None:
    time = model.GetDimensionOrDie("time")
    started = {task for route in fixed for task in route}
    for task in range(len(plan.tasks)):
        allowed = [u for u in range(len(plan.units)) if plan.able[u, task]]
        if task not in started:
            model.AddDisjunction([task], int(plan.undone[task] * SCALE))
            # -1: nobody has it.
            model.VehicleVar(task).SetValues([-1, *allowed])
        if np.isfinite(plan.due[task]):
            due = int(max(0.0, plan.due[task]) * SCALE)
            time.SetCumulVarSoftUpperBound(task, due, max(1, int(plan.late[task])))
    one = model.RegisterUnaryTransitVector([1] * len(plan.tasks) + [0] * (len(plan.units) + 1))
    most = [max(u.most, len(f)) for u, f in zip(plan.units, fixed, strict=True)]
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
