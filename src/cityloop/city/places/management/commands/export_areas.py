"""`cityloop export areas FILE`: all current areas as GeoJSON that can be imported again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cityloop.city.places.queries import export_areas, tree
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "导出区域与网格（GeoJSON）。Export areas and cells."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", help="code of the highest area 区域编码 (none = all)")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            top = tree().by_code(given["area"]).id if given["area"] else None
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        collection = export_areas(top)
        part = given["file"].with_suffix(given["file"].suffix + ".part")
        part.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
        part.replace(given["file"])  # never half a file under the final name
        self.stdout.write(f"{len(collection['features'])} 个区域 areas -> {given['file']}")
