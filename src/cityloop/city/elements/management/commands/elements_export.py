"""`cityloop elements export KIND FILE`: a register as CSV, XLSX or GeoJSON, by the file's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.queries.files import export
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "导出要素（CSV、XLSX、GeoJSON）。Export elements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="类别编码，如 component.lamp")
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default="", help="区域编码 code of an area")

    def handle(self, *args: Any, **given: Any) -> None:
        file: Path = given["file"]
        try:
            pieces = export(SYSTEM, given["kind"], file.suffix.lower().lstrip("."), given["area"])
            with file.open("wb") as out:
                out.writelines(pieces)
        except OSError as error:
            raise CommandError(f"无法写入文件 Cannot write the file: {error}") from error
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} 字节 bytes")
