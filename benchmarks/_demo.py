"""The demonstration as its visitors find it, on a port and a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks._places import REPO

READY_S = 300


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demonstration."""

    address: str
    pid: int

    def rss_mb(self) -> float:
        """Resident memory of its web process, MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def demo(*given: str) -> Iterator[Demo]:
    """A fresh one, gone afterwards.

    Args:
        given: further arguments of `cityloop demo`.
    Raises: RuntimeError with the end of its log when it does not come up.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="cityloop-bench-") as folder:
        left_out = {"DATABASE_URL", "CITYLOOP_DATA"}
        env = {k: v for k, v in os.environ.items() if k not in left_out}
        env |= {"CITYLOOP_DATA": folder, "PYTHONPATH": str(REPO / "src")}
        command = [sys.executable, "-m", "cityloop.config.cli", "demo", "--port", str(port), *given]
        log = Path(folder) / "log.txt"
        with log.open("w") as out:
            server = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(port, server, log)
            yield Demo(f"http://127.0.0.1:{port}", server.pid)
        finally:
            server.terminate()
            try:
                server.wait(40)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"the demonstration did not come up:\n{log.read_text()[-2000:]}")
