"""A command that imports a table and tells what came of each row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places.commands import TableImport
from cityloop.kernel.errors import DomainError

SHOWN = 50


class TableCommand(BaseCommand):
    """`run` is the import; refused rows are printed, the rest is in."""

    run: ClassVar[Callable[..., TableImport]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            done = type(self).run(given["file"], actor=SYSTEM, now=timezone.now())
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        for row in done.refused[:SHOWN]:
            self.stderr.write(f"{row.number} {row.column}: {row.error.zh}\n    {row.error.en}")
        for remark in done.remarks:
            self.stdout.write(remark)
        self.stdout.write(
            f"新增 added {done.added}, 未变 unchanged {done.unchanged}, "
            f"拒绝 refused {len(done.refused)}"
        )
