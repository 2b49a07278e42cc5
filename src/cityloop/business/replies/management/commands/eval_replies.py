"""cityloop eval replies: what real replies lack; whether a question finds its own reply."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.business.replies.evaluation import evaluate_replies
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "评估答复检查与相似答复检索。What replies lack; whether a question finds its own reply."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True, help="CSV or XLSX of questions and replies")
        parser.add_argument("--column", nargs="+", default=[], metavar="OURS=THEIRS",
                            help="title, question, reply")  # fmt: skip
        parser.add_argument("--json", action="store_true", help="everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = (text.partition("=") for text in options["column"])
        try:
            found = evaluate_replies(options["data"], {o: t for o, _, t in pairs})
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")
