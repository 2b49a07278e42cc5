"""Tasks, units, and what an assignment costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cityloop.kernel.errors import DomainError

Minutes = npt.NDArray[np.float64]
FAR = 1e6  # minutes; what cannot be reached


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done at a place.

    Args:
        key: yours, unique.
        x, y: metres in one plane for all tasks and units.
        due: minutes from now until it should have been reached; None: whenever.
        minutes: how long it takes on the spot.
        priority: 1 (highest) to 4.
        skills: what its unit has to be able to do, all of them.
        unit: the key of the unit that already does it (kept), see `started`.
        started: it is being done and stays where it is.
    """

    key: str
    x: float
    y: float
    due: float | None = None
    minutes: float = 15.0
    priority: int = 3
    skills: frozenset[str] = frozenset()
    unit: str | None = None
    started: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Somebody or a team that does tasks one after the other.

    Args:
        x, y: where it is now, metres.
        speed: metres a minute (walking 75, e-bike 200).
        skills: what it can do.
        free_in: minutes until it has finished what it does now.
        shift_left: minutes until it goes home; it begins no task it cannot finish by then.
        most: how many tasks it may be given at once.
    """

    key: str
    x: float
    y: float
    speed: float = 75.0
    skills: frozenset[str] = frozenset()
    free_in: float = 0.0
    shift_left: float = 480.0
    most: int = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, in minutes of travel.

    Args:
        late: a minute behind its due time, by priority 1 to 4.
        undone: a task that nobody gets, by priority.
        load: each task a unit already has, times how many (spreads the work).
        change: a task that goes to another unit than before (re-optimising should not churn).
    """

    late: tuple[float, float, float, float] = (20.0, 8.0, 3.0, 1.0)
    undone: tuple[float, float, float, float] = (6000.0, 2400.0, 900.0, 400.0)
    load: float = 2.0
    change: float = 6.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who does what.

    Args:
        routes: unit key → task keys in their order (units without tasks are present, empty).
        reached: task key → minutes from now until its unit is there.
        undone: task key → why nobody gets it: "nobody", "skills", "far", "shift", "capacity",
            "full" or "cost" (`explaining` says each in words).
        cost: by `Weights`; comparable between assignments of the same tasks and units.
        by: "ortools" or "search".
    """

    routes: Mapping[str, tuple[str, ...]]
    reached: Mapping[str, float]
    undone: Mapping[str, str] = field(default_factory=dict)
    cost: float = 0.0
    by: str = "search"

    def unit_of(self, task: str) -> str | None:
        """The key of the unit that does a task."""
        return next((unit for unit, keys in self.routes.items() if task in keys), None)


def check(tasks: Sequence[Task], units: Sequence[Unit]) -> None:
    """Raises: DomainError("dispatching.key" | "dispatching.number" | "dispatching.unit")."""
    for what, keys in (("task", [t.key for t in tasks]), ("unit", [u.key for u in units])):
        twice = sorted({key for key in keys if keys.count(key) > 1}) if len(keys) < 2000 else []
        if twice or len(set(keys)) < len(keys):
            raise DomainError(
                "dispatching.key",
                f"Two {what}s have one key: {', '.join(twice) or 'see the list'}. Name each once.",
                f"编号重复（{what}）：{'、'.join(twice)}，请保证唯一。",
            )
    for task in tasks:
        _check_numbers(task)
    for unit in units:
        _check_numbers(unit)
    known = {u.key for u in units}
    for task in tasks:
        if task.started and task.unit not in known:
            raise DomainError(
                "dispatching.unit",
                f"Task {task.key} is being done by {task.unit!r}, which is not among the units. "
                "Give that unit too, or do not call the task started.",
                f"任务 {task.key} 正由 {task.unit!r} 处置，但力量清单中没有它；"
                "请补充，或取消“已开始”。",
            )


def _check_numbers(one: Task | Unit) -> None:
    wrong = [n for n in ("x", "y") if not np.isfinite(getattr(one, n))]
    if isinstance(one, Task):
        wrong += ["priority"] if one.priority not in {1, 2, 3, 4} else []
        wrong += ["minutes"] if not 0 <= one.minutes < FAR else []
        wrong += ["due"] if one.due is not None and not np.isfinite(one.due) else []
    else:
        wrong += ["speed"] if not 0 < one.speed < FAR else []
        wrong += ["free_in"] if not 0 <= one.free_in < FAR else []
        wrong += ["shift_left"] if np.isnan(one.shift_left) else []
        wrong += ["most"] if not one.most >= 0 else []
    if wrong:
        shown = ", ".join(f"{name}={getattr(one, name)!r}" for name in wrong)
        raise DomainError(
            "dispatching.number",
            f"{one.key}: {shown} cannot be. Places are metres, times are minutes >= 0, speed is "
            "above 0, priority is 1 to 4.",
            f"{one.key}：{shown} 不合法。坐标单位为米，时间为不小于 0 的分钟，"
            "速度大于 0，优先级为 1—4。",
        )
