"""`cityloop serve`: everything on one machine."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cityloop.hub.live.serving import serve


class Command(BaseCommand):
    help = "单机运行：网页、接口、实时事件和后台 / Pages, API, live events and the worker."
    with_worker = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="web processes (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"http://{options['host']}:{options['port']}/")
        self.stdout.flush()
        serve(
            options["host"],
            options["port"],
            workers=max(1, options["workers"]),
            with_worker=self.with_worker,
        )
