"""Kernels: machine code where numba is installed, plain Python on lists where it is not.

They draw their own random numbers and use only +, -, *, / and comparisons on floats, so both ways
give the same labels. Plain Python takes a number from a list several times faster than from an
array: there arrays are turned into lists at the door (`entry`), and new ones are lists (`whole`,
`real`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import os
import threading
from collections.abc import Callable
from functools import cache, update_wrapper, wraps
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

PLAIN = "CITYLOOP_PLAIN_PYTHON"  # set to 1: do not compile even where numba is installed
KERNELS = ("compiled.py", "kernels.py", "trees.py", "repair.py")


def is_compiling() -> bool:
    """Are kernels machine code in this process?"""
    return os.environ.get(PLAIN) != "1" and importlib.util.find_spec("numba") is not None


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled once and kept on disk when numba is there."""
    if not is_compiling():
        return function
    late = _Late(function)
    _waiting.append(late)
    return late


def entry(*changed: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A kernel that is called with arrays from outside; what it returns is a value or labels.

    changed: names of the arguments it writes into.
    """

    def made(function: Callable[P, R]) -> Callable[P, R]:
        return compiled(function) if is_compiling() else _by_lists(function, changed)

    return made


def _by_lists(function: Callable[P, R], changed: tuple[str, ...]) -> Callable[P, R]:
    names = list(inspect.signature(function).parameters)
    written = [names.index(name) for name in changed]

    @wraps(function)
    def plain(*args: P.args, **kwargs: P.kwargs) -> R:
        if not any(isinstance(a, np.ndarray) for a in args):
            return function(*args, **kwargs)  # called by another kernel
        lists: list[Any] = [a.tolist() if isinstance(a, np.ndarray) else a for a in args]
        found: Any = function(*lists, **kwargs)
        for n in written:
            cast("NDArray[Any]", args[n])[:] = lists[n]
        return cast("R", np.array(found, np.int64) if isinstance(found, list) else found)

    return plain


def _zeros(n: int) -> NDArray[np.int64]:
    return np.zeros(n, np.int64)


def _real_zeros(n: int) -> NDArray[np.float64]:
    return np.zeros(n)


def _list(n: int) -> Any:
    return [0] * n


class _Late(Generic[P, R]):
    """A kernel that is compiled when one of them is first called.

    Numba takes a quarter of a second to import: a server that never divides does not pay it.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        self.ready: Callable[P, R] | None = None
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self.ready is None:
            _compile_waiting()
        assert self.ready is not None
        return self.ready(*args, **kwargs)


_waiting: list[_Late[Any, Any]] = []
_compiling = threading.Lock()


def _compile_waiting() -> None:
    """All at once: kernels call each other by the names of their modules, so these change too."""
    with _compiling:
        import numba

        settings: Any = numba.config  # its names are made when it is imported
        usual = settings.CACHE_DIR
        settings.CACHE_DIR = usual or _folder()
        try:
            ready = [
                cast("Callable[..., Any]", numba.njit(cache=True)(k.function)) for k in _waiting
            ]
        finally:
            settings.CACHE_DIR = usual
        spaces = {id(k.function.__globals__): k.function.__globals__ for k in _waiting}
        made = dict(zip(map(id, _waiting), ready, strict=True))
        for space in spaces.values():
            for name, value in list(space.items()):
                if isinstance(value, _Late) and id(value) in made:
                    space[name] = made[id(value)]
        for kernel, code in zip(_waiting, ready, strict=True):
            kernel.ready = code
        _waiting.clear()


@cache
def _folder() -> str:
    """Where the code of these very sources is kept.

    Numba looks at the file of a function alone; a kernel holds the code of kernels of other files
    too, and must not outlive them.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256(b"".join((here / name).read_bytes() for name in KERNELS))
    return str(here / "__pycache__" / f"kernels-{digest.hexdigest()[:16]}")


# n zeros: whole numbers, and real ones
whole: Callable[[int], NDArray[np.int64]] = compiled(_zeros) if is_compiling() else _list
real: Callable[[int], NDArray[np.float64]] = compiled(_real_zeros) if is_compiling() else _list
