"""cityloop eval hot: the issues of a file, and how they fit references."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.ai.hot_issues.evaluation import evaluate_hot
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "评估热点问题归并。Find the hot issues of a file of reports."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True, help="CSV or XLSX of reports")
        parser.add_argument("--references", default="", help="JSON {name: [ids]}, or a table")
        parser.add_argument("--column", nargs="+", default=[], metavar="OURS=THEIRS",
                            help="id, sender, title, at, text")  # fmt: skip
        parser.add_argument("--json", action="store_true", help="everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = (text.partition("=") for text in options["column"])
        try:
            found = evaluate_hot(
                options["data"],
                references=options["references"],
                columns={ours: theirs for ours, _, theirs in pairs},
            )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            f"{found['reports']} reports ({found['rows_left_out']} rows left out), "
            f"{found['cpu_seconds']} s: {found['issues_of_three_or_more']} issues of three or "
            f"more, largest {found['largest']}"
        )
        if "mean_f1" in found:
            self.stdout.write(f"mean F1 on {len(found['references'])}: {found['mean_f1']:.3f}")
        for issue in found["issues"][:10]:
            words = "、".join(issue["words"][:5])
            self.stdout.write(
                f"{issue['heat']:8.1f}  {issue['reports']:4d} reports {issue['persons']:4d} "
                f"persons  {words}"
            )
