"""One decorator: machine code where numba is installed, plain Python where it is not.

The kernels draw their own random numbers and use only +, -, *, / and comparisons on floats, so
both ways give the same labels.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

PLAIN = "CITYLOOP_PLAIN_PYTHON"  # set to 1: do not compile even where numba is installed
KERNELS = ("kernels.py", "trees.py", "repair.py")


def is_compiling() -> bool:
    """Are kernels machine code in this process?"""
    return os.environ.get(PLAIN) != "1" and importlib.util.find_spec("numba") is not None


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled once and kept on disk when numba is there."""
    if not is_compiling():
        return function
    import numba

    settings: Any = numba.config  # its names are made when it is imported
    usual = settings.CACHE_DIR
    settings.CACHE_DIR = usual or _folder()
    try:
        return cast("Callable[P, R]", numba.njit(cache=True)(function))
    finally:
        settings.CACHE_DIR = usual


@cache
def _folder() -> str:
    """Where the code of these very sources is kept.

    Numba looks at the file of a function alone; a kernel holds the code of kernels of other files
    too, and must not outlive them.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256(b"".join((here / name).read_bytes() for name in KERNELS))
    return str(here / "__pycache__" / f"kernels-{digest.hexdigest()[:16]}")
