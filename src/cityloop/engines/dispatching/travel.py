"""How long a unit needs to a task, and from task to task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cityloop.engines.dispatching.model import Minutes, Task, Unit

DETOUR = 1.3  # ways in a city are longer than the straight line by about this (Newell, 1980)


def travel_minutes(tasks: Sequence[Task], units: Sequence[Unit]) -> tuple[Minutes, Minutes]:
    """Minutes by straight line times DETOUR, where no road times are known.

    Returns: (units × tasks) from where units are now; (tasks × tasks) metres between tasks, of
        which each unit takes its own time (divide by its speed).
    """
    at = np.array([[t.x, t.y] for t in tasks]).reshape(-1, 2)
    start = np.array([[u.x, u.y] for u in units]).reshape(-1, 2)
    speed = np.array([u.speed for u in units])[:, None]
    first = np.hypot(*(start[:, None] - at[None]).transpose(2, 0, 1)) * DETOUR / speed
    between = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) * DETOUR
    return first, between
