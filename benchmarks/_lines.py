"""One figure, one line of JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence

import numpy as np


def show(
    name: str,
    value: float,
    unit: str,
    goal: float,
    limit: float,
    *,
    below: bool = False,
    **more: object,
) -> None:  # fmt: skip
    """Print a figure.

    Args:
        limit: the raw limit measured in the same run, in the same unit.
        below: the goal is an upper bound; the ratio is then limit / value.
        more: what else a reader must know of it.
    """
    line = {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "goal": goal,
        "limit": round(limit, 2),
        "ratio": round(limit / value if below else value / limit, 4),
        "ok": value <= goal if below else value >= goal,
        **{k: round(v, 4) if isinstance(v, float) else v for k, v in more.items()},
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def median(values: Sequence[float]) -> float:
    """The middle of the runs."""
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return float(np.percentile(values, 99))
