"""cityloop eval triage: the active model on a labelled file."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.ai.triage.evaluation import evaluate_file
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "评估分类模型。Evaluate the active model on a labelled file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True)
        parser.add_argument("--text-column", default="text")
        parser.add_argument("--title-column", default="")
        parser.add_argument("--label-column", default="label")
        parser.add_argument("--labels-are", choices=["class", "department"], default="class")
        parser.add_argument("--map", nargs="+", default=[], metavar="LABEL=KEY")
        parser.add_argument("--json", action="store_true", help="the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = (text.partition("=") for text in options["map"])
        try:
            report = evaluate_file(
                options["data"],
                kind=options["labels_are"],
                text_column=options["text_column"],
                label_column=options["label_column"],
                title_column=options["title_column"],
                means={label: key for label, _, key in pairs},
            )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            f"{report['model']} on {report['texts']} texts ({report['rows_left_out']} rows left "
            f"out): accuracy {report['accuracy']:.3f}, top-2 {report['top2']:.3f}, macro-F1 "
            f"{report['macro_f1']:.3f}, calibration error {report['calibration_error']:.3f}"
        )
        used = report["coverage"]["model"]
        reached = "none" if used["realised"] is None else f"{used['realised']:.3f}"
        self.stdout.write(f"accepted without a person: {used['share']:.3f}, right: {reached}")
