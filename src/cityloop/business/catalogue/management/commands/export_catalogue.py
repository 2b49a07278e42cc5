"""cityloop export catalogue FILE: a version as CSV or XLSX that imports back."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.business.catalogue.export import catalogue_file, duties_file
from cityloop.business.catalogue.queries import version_by_number
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "导出案卷目录。Export a version of the catalogue; FILE ends in .csv or .xlsx."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--number", type=int, help="version; the active one by default")
        parser.add_argument("--duties", help="also write the duty table to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        form = path.suffix.lower().removeprefix(".")
        if form not in ("csv", "xlsx"):
            raise CommandError("文件名须以 .csv 或 .xlsx 结尾。Name a .csv or .xlsx file.")
        try:
            version = version_by_number(options["number"])
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        _write(path, catalogue_file(version, form))
        if options["duties"]:
            _write(Path(options["duties"]), duties_file(version))
        self.stdout.write(f"catalogue {version.number} written to {path}")


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
