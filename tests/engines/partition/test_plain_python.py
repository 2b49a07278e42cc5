"""Compiled or not, the labels are the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from cityloop.engines.partition import Window
from cityloop.engines.partition.compiled import PLAIN, is_compiling
from cityloop.engines.partition.divide import Effort, Inherited, divide, divide_again, seeded
from cityloop.engines.partition.graph import Graph

LIGHT = Effort(trees=3, heat=15, rounds=6, tries=2)


def labels() -> list[list[int]]:
    """A lattice of uneven weights divided from nothing, and again after a change."""
    side = 7
    rng = np.random.default_rng(2)
    weight = rng.integers(20, 90, side * side)
    at = np.arange(side * side).reshape(side, side)
    i = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    j = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    cost = rng.uniform(-10, 40, len(i))
    graph = Graph.of(weight, i, j, np.full(len(i), 30.0), cost)
    window = Window()
    first = divide(graph, window, seeded(7), LIGHT)
    heavier = Graph(np.where(weight > 70, weight + 30, weight), *_rest(graph))
    old = Inherited(first, np.zeros(side * side, bool), int(first.max()) + 1)
    again = divide_again(heavier, window, old, seeded(7), LIGHT)
    return [first.tolist(), again.tolist()]


def _rest(graph: Graph) -> tuple[np.ndarray, ...]:
    return graph.ptr, graph.adj, graph.cost, graph.length


def test_plain_python_gives_the_labels_of_compiled_code() -> None:
    if not is_compiling():
        pytest.skip("numba is not installed: there is nothing to compare")
    script = "import json; from tests.engines.partition.test_plain_python import labels; "
    script += "print(json.dumps(labels()))"
    environment = {**os.environ, PLAIN: "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == labels()
