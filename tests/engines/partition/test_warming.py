"""Machine code made before it is needed."""

from __future__ import annotations

import pytest

from cityloop.engines.partition import balance, divide, graph, warming
from cityloop.engines.partition.compiled import is_compiling


def test_every_kernel_the_engine_calls_has_its_machine_code() -> None:
    if not is_compiling():
        pytest.skip("numba is not installed: there is no machine code")
    warming.warm()
    assert warming.is_warm()
    called = [
        kernel for module in (balance, divide, graph) for kernel in vars(module).values()
        if hasattr(kernel, "py_func") or hasattr(kernel, "ready")
    ]  # fmt: skip
    names = {kernel.__name__ for kernel in called}
    assert names >= {"attempt", "improve", "joined_pieces", "split_by_trees", "worth"}
    for kernel in called:
        assert getattr(kernel, "ready", kernel).signatures, kernel.__name__
