"""Without a solver: insertion by regret, then moves and exchanges until none pays."""

from __future__ import annotations

import numpy as np

from cityloop.engines.dispatching.plan import Plan, Route

ROUNDS = 40
Place = tuple[float, int]
NEAR = 24  # units that are looked at for a task, the nearest able ones


def search(plan: Plan, fixed: list[Route]) -> list[Route]:
    """Routes that no single move or exchange makes cheaper (or after ROUNDS).

    Args:
        fixed: by unit, what is being done already; stays at the head of its route.
    """
    routes = [list(route) for route in fixed]
    _keep(plan, routes)
    done = {task for route in routes for task in route}
    left = [task for task in range(len(plan.tasks)) if task not in done]
    near = _near(plan)
    _insert_all(plan, routes, left, near)
    for _ in range(ROUNDS):
        if not _improve(plan, routes, near, fixed):
            break
    return routes


def _keep(plan: Plan, routes: list[Route]) -> None:
    """What somebody already has stays there to begin with, the most urgent first: moves have to
    pay for themselves, and few do."""
    kept = [n for n, unit in enumerate(plan.before) if unit >= 0 and not plan.tasks[n].started]
    for task in sorted(kept, key=lambda n: (plan.due[n], plan.tasks[n].priority, n)):
        unit = plan.before[task]
        extra, position = plan.best_place(unit, routes[unit], task)
        if extra < plan.undone[task]:
            routes[unit].insert(position, task)


def nearest_first(plan: Plan) -> list[Route]:
    """What most desks do: the most urgent first, each to the nearest who may. The yardstick that
    tests and the benchmark hold `search` against."""
    routes: list[Route] = [[] for _ in plan.units]
    order = sorted(range(len(plan.tasks)), key=lambda n: (plan.tasks[n].priority, plan.due[n]))
    for task in order:
        for unit in np.argsort(plan.first[:, task], kind="stable").tolist():
            if np.isfinite(plan.cost(unit, [*routes[unit], task])):
                routes[unit].append(task)
                break
    return routes


def _near(plan: Plan) -> list[list[int]]:
    cost = np.where(plan.able, plan.first, np.inf)
    order = np.argsort(cost, axis=0, kind="stable")[:NEAR]
    near = []
    for task in range(len(plan.tasks)):
        units = [int(u) for u in order[:, task] if np.isfinite(cost[u, task])]
        before = plan.before[task]
        near.append(units if before in {-1, *units} else [*units, before])
    return near


def _insert_all(plan: Plan, routes: list[Route], left: list[int], near: list[list[int]]) -> None:
    """The task first whose second-best unit would be the dearest (regret)."""
    offers = {t: {u: plan.best_place(u, routes[u], t) for u in near[t]} for t in left}
    while offers:
        task = max(offers, key=lambda t: (_regret(plan, offers[t], t), -t))
        places = offers.pop(task)
        unit = min(places, key=lambda u: (places[u][0], u), default=None)
        if unit is None or places[unit][0] >= plan.undone[task]:
            continue
        routes[unit].insert(places[unit][1], task)
        for other, known in offers.items():
            if unit in known:
                known[unit] = plan.best_place(unit, routes[unit], other)


def _regret(plan: Plan, places: dict[int, Place], task: int) -> float:
    costs = sorted(min(extra, plan.undone[task]) for extra, _ in places.values())
    costs += [plan.undone[task]] * (2 - len(costs))
    return costs[1] - costs[0]


def _improve(plan: Plan, routes: list[Route], near: list[list[int]], fixed: list[Route]) -> bool:
    """One round over all tasks; whether anything became cheaper."""
    better = False
    where = {task: unit for unit, route in enumerate(routes) for task in route}
    for task in range(len(plan.tasks)):
        unit = where.get(task)
        if unit is not None and task in fixed[unit]:
            continue
        better |= _relocate(plan, routes, task, where, near, fixed)
    return better


def _relocate(
    plan: Plan,
    routes: list[Route],
    task: int,
    where: dict[int, int],
    near: list[list[int]],
    fixed: list[Route],
) -> bool:
    """Take a task out and put it where it is cheapest, or change it for another.

    One that nobody has is offered to everybody: those near it may all be busy.
    """
    unit = where.get(task)
    gain = plan.undone[task]
    rest: Route = []
    if unit is not None:
        rest = [t for t in routes[unit] if t != task]
        gain = plan.cost(unit, routes[unit]) - plan.cost(unit, rest)
        kept, routes[unit] = routes[unit], rest
    offered = range(len(plan.units)) if unit is None else near[task]
    places = [(plan.best_place(u, routes[u], task), u) for u in offered]
    (extra, position), other = min(places, default=((np.inf, 0), -1))
    if extra < gain - 1e-6:
        routes[other].insert(position, task)
        where[task] = other
        return True
    if unit is not None:
        routes[unit] = kept
        return _exchange(plan, routes, task, where, near, fixed)
    return _displace(plan, routes, task, where)


def _displace(plan: Plan, routes: list[Route], task: int, where: dict[int, int]) -> bool:
    """A task nobody has takes the place of one that weighs less, which is offered anew."""
    best = (plan.undone[task] - 1e-6, -1, -1)
    for unit, route in enumerate(routes):
        if not plan.able[unit, task]:
            continue
        now = plan.cost(unit, route)
        for at in range(plan.started(route), len(route)):
            tried = [*route[:at], task, *route[at + 1 :]]
            extra = plan.cost(unit, tried) - now + plan.undone[route[at]]
            best = min(best, (extra, unit, at))
    _, unit, at = best
    if unit < 0:
        return False
    where.pop(routes[unit][at])
    routes[unit][at], where[task] = task, unit
    return True


def _exchange(
    plan: Plan,
    routes: list[Route],
    task: int,
    where: dict[int, int],
    near: list[list[int]],
    fixed: list[Route],
) -> bool:
    unit = where[task]
    at = routes[unit].index(task)
    for other in near[task]:
        if other == unit:
            continue
        for position in range(len(fixed[other]), len(routes[other])):
            against = routes[other][position]
            now = plan.cost(unit, routes[unit]) + plan.cost(other, routes[other])
            mine, theirs = list(routes[unit]), list(routes[other])
            mine[at], theirs[position] = against, task
            if plan.cost(unit, mine) + plan.cost(other, theirs) < now - 1e-6:
                routes[unit], routes[other] = mine, theirs
                where[task], where[against] = other, unit
                return True
    return False
