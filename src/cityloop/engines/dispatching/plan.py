"""A plan under way: routes, their times, what a change would cost. All that solvers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cityloop.engines.dispatching.model import FAR, Assignment, Minutes, Task, Unit, Weights

Route = list[int]


class Plan:
    """Tasks and units by number, with the cost of any route.

    Args:
        first: units × tasks, minutes from where a unit is now to a task.
        between: tasks × tasks, metres from task to task.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        units: Sequence[Unit],
        first: Minutes,
        between: Minutes,
        weights: Weights,
    ) -> None:
        self.tasks, self.units, self.weights = tasks, units, weights
        self.first, self.between = first, between
        self.speed = [u.speed for u in units]
        self.service = [t.minutes for t in tasks]
        self.due = [np.inf if t.due is None else t.due for t in tasks]
        self.late = [weights.late[t.priority - 1] for t in tasks]
        self.undone = [weights.undone[t.priority - 1] for t in tasks]
        numbers = {u.key: n for n, u in enumerate(units)}
        self.before = [numbers.get(t.unit, -1) if t.unit else -1 for t in tasks]
        self.able = np.array(
            [[t.skills <= u.skills for t in tasks] for u in units], dtype=bool
        ).reshape(len(units), len(tasks))

    def times(self, unit: int, route: Route) -> list[float]:
        """Minutes from now until the unit is at each task of its route."""
        reached, at = [], self.units[unit].free_in
        for n, task in enumerate(route):
            if n == 0:
                at += float(self.first[unit, task])
            else:
                before = route[n - 1]
                at += self.service[before]
                at += float(self.between[before, task]) / self.speed[unit]
            reached.append(at)
        return reached

    def cost(self, unit: int, route: Route) -> float:
        """What a route costs; infinite where it cannot be."""
        if not route:
            return 0.0
        one, weights = self.units[unit], self.weights
        # What is being done is being done: rules bind what is added to it.
        added = any(not self.tasks[task].started for task in route)
        if added and len(route) > one.most:
            return np.inf
        total, reached = 0.0, self.times(unit, route)
        over = reached[-1] + self.service[route[-1]] > one.shift_left
        if added and (over or reached[-1] >= FAR):
            return np.inf
        for task, at in zip(route, reached, strict=True):
            if not (self.able[unit, task] or self.tasks[task].started):
                return np.inf
            total += self.late[task] * max(0.0, at - self.due[task])
            if self.before[task] not in {-1, unit}:
                total += weights.change
        standing = sum(self.service[task] for task in route[:-1])
        total += reached[-1] - one.free_in - standing
        return total + weights.load * len(route) * (len(route) - 1) / 2

    def total(self, routes: Sequence[Route]) -> float:
        """What all routes and what is left undone cost."""
        done = {task for route in routes for task in route}
        left = sum(cost for task, cost in enumerate(self.undone) if task not in done)
        return left + sum(self.cost(unit, route) for unit, route in enumerate(routes))

    def best_place(self, unit: int, route: Route, task: int) -> tuple[float, int]:
        """(extra cost, position) of the cheapest place for a task in a route, behind what is
        started; infinite where there is none."""
        now, best = self.cost(unit, route), (np.inf, 0)
        for position in range(self.started(route), len(route) + 1):
            tried = [*route[:position], task, *route[position:]]
            best = min(best, (self.cost(unit, tried) - now, position))
        return best

    def started(self, route: Route) -> int:
        """How many tasks at the head of a route are being done already."""
        return sum(self.tasks[task].started for task in route)

    def why_undone(self, task: int, routes: Sequence[Route]) -> str:
        """The first wall that a task meets at every unit."""
        walls: tuple[tuple[str, Callable[[int], bool]], ...] = (
            ("nobody", lambda u: True),
            ("skills", lambda u: bool(self.able[u, task])),
            ("far", lambda u: bool(self.first[u, task] < FAR)),
            ("shift", lambda u: self._has_time(u, task)),
            ("capacity", lambda u: len(routes[u]) < self.units[u].most),
            ("full", lambda u: bool(np.isfinite(self.best_place(u, routes[u], task)[0]))),
        )
        left = list(range(len(self.units)))
        for wall, passes in walls:
            left = [u for u in left if passes(u)]
            if not left:
                return wall
        return "cost"

    def _has_time(self, unit: int, task: int) -> bool:
        """Whether the unit could finish the task in its shift if it did nothing else."""
        one = self.units[unit]
        return one.free_in + float(self.first[unit, task]) + self.service[task] <= one.shift_left

    def assignment(self, routes: Sequence[Route], by: str) -> Assignment:
        """The plan in the words of those who asked."""
        reached, done = {}, set()
        for unit, route in enumerate(routes):
            for task, at in zip(route, self.times(unit, route), strict=True):
                reached[self.tasks[task].key] = round(at, 2)
                done.add(task)
        return Assignment(
            routes={
                u.key: tuple(self.tasks[t].key for t in route)
                for u, route in zip(self.units, routes, strict=True)
            },
            reached=reached,
            undone={
                task.key: self.why_undone(n, routes)
                for n, task in enumerate(self.tasks)
                if n not in done
            },
            cost=round(self.total(routes), 3),
            by=by,
        )
