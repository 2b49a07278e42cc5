"""One decorator: machine code where numba is installed, plain Python where it is not.

The kernels draw their own random numbers and use only +, -, *, / and comparisons on floats, so
both ways give the same labels.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

PLAIN = "CITYLOOP_PLAIN_PYTHON"  # set to 1: do not compile even where numba is installed


def is_compiling() -> bool:
    """Are kernels machine code in this process?"""
    return os.environ.get(PLAIN) != "1" and importlib.util.find_spec("numba") is not None


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled once and kept on disk when numba is there."""
    if not is_compiling():
        return function
    import numba

    return cast("Callable[P, R]", numba.njit(cache=True)(function))
