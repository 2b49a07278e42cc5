"""`cityloop worker`: sequencing, timers, jobs, until SIGTERM."""

from __future__ import annotations

import os
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cityloop.city.db import stand_back
from cityloop.city.jobs import commands
from cityloop.city.jobs.loop import Worker, utc_now
from cityloop.kernel.collecting import set_aside_what_stays

STOP_S = 20.0
NICE = 5  # people who wait for an answer come before what is done behind it


class Command(BaseCommand):
    help = "后台进程 / The worker: sequences the trace, rings timers, does jobs. SIGTERM ends it."
    requires_system_checks = ()  # they load every page's address, which this process never answers

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jobs", type=int, default=2, help="jobs done side by side (2)")
        parser.add_argument(
            "--with-parent", action="store_true", help="end when standard input is closed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if hasattr(os, "nice"):
            os.nice(NICE)
        stand_back()
        commands.is_due(utc_now())  # no tables: say so here, once, not in each thread for ever
        worker = Worker(job_threads=max(1, options["jobs"]))
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop())
        if options["with_parent"]:
            threading.Thread(target=_stop_at_end_of_input, args=(worker,), daemon=True).start()
        worker.start()
        set_aside_what_stays()
        self.stdout.write(f"worker {worker.holder} 已启动 started")
        self.stdout.flush()
        while not worker.stopping.wait(0.5):
            pass
        if not worker.join(STOP_S):
            # A piece of work hangs: its lease ends by itself and another worker takes it over.
            self.stderr.write(f"a thread did not end within {STOP_S:.0f} s")
            os._exit(1)


def _stop_at_end_of_input(worker: Worker) -> None:
    """The parent keeps the other end of the pipe; however it dies, this read returns."""
    while os.read(0, 1024):
        pass
    worker.stop()
