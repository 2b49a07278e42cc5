"""`cityloop pull open311 URL`: requests of another system as reports."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.business.intake.domain import parse_map, summary_lines
from cityloop.business.intake.files import map_text_of
from cityloop.city.accounts.domain import SYSTEM
from cityloop.hub.federation.client import Open311Client
from cityloop.hub.federation.domain.asked import w3_date
from cityloop.hub.federation.pulling import pull
from cityloop.kernel.errors import DomainError

SHOWN = 50


class Command(BaseCommand):
    help = "从其他 Open311 系统获取诉求。Take in requests of another Open311 system."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="https://city.example/open311/v2")
        parser.add_argument("--channel", default="open311", help="渠道")
        parser.add_argument("--days", type=float, default=1.0, help="最近多少天 the last days")
        parser.add_argument("--since", default="", help="2026-01-01T00:00:00Z, instead of --days")
        parser.add_argument("--status", default="", choices=["", "open", "closed"])
        parser.add_argument("--jurisdiction", default="", help="jurisdiction_id")
        parser.add_argument("--map", type=Path, help="映射文件 a mapping file for its fields")
        parser.add_argument("--form", default="json", choices=["json", "xml"])
        parser.add_argument("--deadline", type=float, default=60.0, help="seconds an answer")

    def handle(self, *args: Any, **given: Any) -> None:
        started = timezone.now()
        try:
            done = self._pull(given)
        except DomainError as error:
            raise CommandError(f"{error.code}\n{error.zh}\n{error.en}") from error
        for row in done.left_out[:SHOWN]:
            self.stderr.write(f"{row.row} {row.column} {row.value}: {row.zh}\n    {row.en}")
        seconds = (timezone.now() - started).total_seconds()
        for line in summary_lines(done.tally, seconds=seconds):
            self.stdout.write(line)

    def _pull(self, given: dict[str, Any]) -> Any:
        now = timezone.now()
        since = given["since"]
        start = w3_date(since, "--since") if since else now - timedelta(days=given["days"])
        filters = {"status": given["status"]} if given["status"] else {}
        client = Open311Client(
            given["url"],
            jurisdiction_id=given["jurisdiction"],
            form=given["form"],
            deadline_s=given["deadline"],
        )
        with client:
            return pull(
                client,
                start=start,
                end=now,
                channel=given["channel"],
                mapping=parse_map(map_text_of(given["map"])) if given["map"] else None,
                filters=filters,
                actor=SYSTEM,
                clock=timezone.now,
            )
