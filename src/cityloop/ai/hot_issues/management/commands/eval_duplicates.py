"""cityloop eval duplicates: what the desk would be told of each report of a file."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.ai.hot_issues.evaluation import evaluate_duplicates
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "评估重复识别。What is told of each report of a file: attach, suggest or separate."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True, help="CSV or XLSX of reports")
        parser.add_argument("--references", default="", help="JSON {name: [ids]}, or a table")
        parser.add_argument("--column", nargs="+", default=[], metavar="OURS=THEIRS",
                            help="id, sender, title, at, text")  # fmt: skip
        parser.add_argument("--json", action="store_true", help="everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = (text.partition("=") for text in options["column"])
        try:
            found = evaluate_duplicates(
                options["data"],
                references=options["references"],
                columns={ours: theirs for ours, _, theirs in pairs},
            )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")
