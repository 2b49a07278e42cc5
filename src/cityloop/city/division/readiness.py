"""The engine's machine code is made beside the server, from when somebody opens the drafts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import cityloop
from cityloop.engines.partition.warming import is_warm

LONGEST_S = 120.0
_MAKE = "from cityloop.engines.partition.warming import warm; warm()"
_lock = threading.Lock()
_making: list[subprocess.Popen[bytes]] = []


def make_ready() -> None:
    """Begin to make machine code in a process of its own, unless it is there or being made.

    Who opens the page does not wait; who divides meanwhile waits in `wait_until_ready`, and the
    threads that serve others stay free.
    """
    with _lock:
        if _making or is_warm():
            return
        env = {**os.environ, "PYTHONPATH": str(Path(cityloop.__file__).parents[1])}
        _making.append(
            subprocess.Popen(  # noqa: S603  our own interpreter
                [sys.executable, "-c", _MAKE],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )


def wait_until_ready() -> None:
    """Wait for machine code that is being made; a process that fails or hangs is not waited for
    any longer: the engine then makes its own."""
    for one in tuple(_making):
        try:
            one.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            one.kill()
