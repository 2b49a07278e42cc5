"""Processes: the web server (pages and API in threads, streams in the loop) and its worker.

The worker is a process of its own even in `cityloop serve`: what hangs or crashes in a job does
not take the pages with it, and one machine runs the same two programs as many. Beside a stream of
events pages answered slightly faster than with the worker's threads in the web process (p99 54
against 62 ms on two cores). It ends when its parent does, however the parent ended, because it
reads a pipe of which the parent holds the other end.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from types import FrameType

import uvicorn
from django.conf import settings

log = logging.getLogger(__name__)
STOP_S = 25.0
WORKER = [sys.executable, "-m", "cityloop.config.cli", "worker", "--with-parent"]


class WorkerProcess:
    """Keeps one worker running beside this process; started again when it dies."""

    def __init__(self, command: list[str] | None = None) -> None:
        self._command = command or WORKER
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Start it, and the thread that watches it."""
        self._thread.start()

    def stop(self) -> None:
        """Close its input, wait for it, kill it only when it hangs."""
        self._stopping.set()
        child = self._child
        if child is not None and child.stdin is not None:
            child.stdin.close()
            try:
                child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                log.error("The worker did not end in %.0f s; it is killed.", STOP_S)
                child.kill()
        self._thread.join(5)

    def _keep(self) -> None:
        wait = 1.0
        while not self._stopping.is_set():
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603
            code = self._child.wait()
            if self._stopping.is_set():
                return
            log.error("The worker ended with code %d; a new one starts in %.0f s.", code, wait)
            self._stopping.wait(wait)
            wait = min(30.0, wait * 2)


def serve(host: str, port: int, *, workers: int = 1, with_worker: bool = False) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        workers: web processes; each has its own threads and its own reader of the ledger.
        with_worker: run the background work beside it (`cityloop serve`).
    """
    beside = WorkerProcess() if with_worker else None
    if beside:
        beside.start()
    # uvicorn raises the signal again when it is done: then this ends us orderly.
    signal.signal(signal.SIGTERM, _end)
    try:
        uvicorn.run(
            ":".join(settings.ASGI_APPLICATION.rsplit(".", 1)),
            host=host,
            port=port,
            workers=workers if workers > 1 else None,
            lifespan="on",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
            backlog=2048,
        )
    except KeyboardInterrupt:
        pass
    finally:
        if beside:
            beside.stop()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
