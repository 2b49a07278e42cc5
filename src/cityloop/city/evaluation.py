"""What the evaluating commands share: a file, its columns, figures as JSON or as lines."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.kernel.errors import DomainError


class Evaluation(BaseCommand):
    """A command `eval_...`; a subclass says what it measures and how it tells of it."""

    data = "CSV or XLSX"
    columns = ""
    """The names that --column takes; "" = the file's columns cannot be named."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True, help=self.data)
        if self.columns:
            parser.add_argument("--column", nargs="+", default=[], metavar="OURS=THEIRS",
                                help=self.columns)  # fmt: skip
        parser.add_argument("--json", action="store_true", help="everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = self.measure(options)
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for line in self.told(found):
            self.stdout.write(line)

    def measure(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The figures. Raises: DomainError for a file that cannot be used."""
        raise NotImplementedError

    def told(self, found: Mapping[str, Any]) -> Iterator[str]:
        """The figures for a reader, line by line."""
        yield from (f"{name}: {value}" for name, value in found.items())


def named_columns(options: Mapping[str, Any]) -> dict[str, str]:
    """Our name → the file's, of --column."""
    pairs = (text.partition("=") for text in options["column"])
    return {ours: theirs for ours, _, theirs in pairs}
