"""The dispatch optimiser against the nearest-first way: cost and time.

./run bench ai_dispatch
"""

from __future__ import annotations

import random
import time
from dataclasses import replace

import numpy as np

from benchmarks._lines import median, show
from cityloop.engines.dispatching import Task, Unit, Weights, assign
from cityloop.engines.dispatching.planning import plan_of
from cityloop.engines.dispatching.searching import nearest_first

SIZES = ((60, 12), (200, 60))
NEW = 5  # urgent tasks that come while the others are on their way


def main() -> int:
    """Print the figures."""
    for tasks, units in SIZES:
        cities = [_city(seed, tasks, units) for seed in (1, 2, 3)]
        plans = [plan_of(*city) for city in cities]
        nearest = [plan.total(nearest_first(plan)) for plan in plans]
        took, costs, late = [], [], []
        for city in cities:
            began = time.process_time()
            found = assign(*city)
            took.append(time.process_time() - began)
            costs.append(found.cost)
            due = {t.key: t.due for t in city[0]}
            late.append(sum(at > (due[key] or np.inf) for key, at in found.reached.items()))
        saved = median([1 - c / n for c, n in zip(costs, nearest, strict=True)])
        name = f"{tasks}x{units}"
        show(f"dispatch.saved.{name}", 100 * saved, "% of nearest-first's cost", 10, 100,
             late_tasks=late)  # fmt: skip
        show(f"dispatch.search.{name}", median(took), "CPU-s", 10, _matrix_s(cities[0]), below=True)
        moved = [_moved(*city) for city in cities]
        free = [_moved(*city, change=0.0) for city in cities]
        show(f"dispatch.moved.{name}", 100 * median(moved), f"% change hands when {NEW} more come",
             20, 100 * median(free), below=True)  # fmt: skip
        better = assign(*cities[0], seconds=5.0).cost
        show(f"dispatch.solver_gain.{name}", 100 * (1 - better / costs[0]), "% more in 5 s", 0, 100)
    return 0


def _city(seed: int, tasks: int, units: int) -> tuple[list[Task], list[Unit]]:
    dice = random.Random(seed)

    def place() -> tuple[float, float]:
        return dice.uniform(0, 6000), dice.uniform(0, 6000)

    def skills() -> frozenset[str]:
        return frozenset({"gas"}) if dice.random() < 0.15 else frozenset()

    given = [
        Task(f"t{n}", *place(), due=dice.choice((30, 60, 120, 240)), minutes=dice.choice((10, 20)),
             priority=dice.choice((1, 2, 2, 3, 3, 3, 4)), skills=skills())
        for n in range(tasks)
    ]  # fmt: skip
    who = [
        Unit(f"u{n}", *place(), speed=200, skills=frozenset({"gas"} if n % 4 == 0 else ()))
        for n in range(units)
    ]
    return given, who


def _moved(tasks: list[Task], units: list[Unit], change: float = Weights().change) -> float:
    """Share of the tasks that go to somebody else once urgent ones have come."""
    before = assign(tasks, units)
    known = [replace(t, unit=before.unit_of(t.key)) for t in tasks]
    new = [Task(f"new{n}", 1000.0 * n, 1000.0 * n, due=30, priority=1) for n in range(NEW)]
    after = assign([*known, *new], units, weights=Weights(change=change))
    return sum(before.unit_of(t.key) != after.unit_of(t.key) for t in tasks) / len(tasks)


def _matrix_s(city: tuple[list[Task], list[Unit]]) -> float:
    began = time.process_time()
    plan_of(*city)
    return time.process_time() - began
