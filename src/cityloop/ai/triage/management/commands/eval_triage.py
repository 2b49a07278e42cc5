"""cityloop eval triage: the active model on a labelled file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.ai.triage.evaluation import evaluate_file
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "评估分类模型。Evaluate the active model on a labelled file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True)
        usual = "the usual name when not given"
        parser.add_argument("--text-column", default="", help=usual)
        parser.add_argument("--title-column", default="", help=usual)
        parser.add_argument("--label-column", default="", help=usual)
        parser.add_argument("--labels-are", choices=["class", "department"], default="")
        parser.add_argument("--map", nargs="+", default=[], metavar="LABEL=KEY")
        parser.add_argument(
            "--folds", type=int, default=0, help="train on the file itself, fold by fold"
        )
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
                folds=options["folds"],
            )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            for line in told(report):
                self.stdout.write(line)


def told(report: Mapping[str, Any]) -> Iterator[str]:
    """The report for a reader."""
    yield (
        f"{report['model']} on {report['texts']} texts, {report['how']} ({report['rows_left_out']} "
        f"rows left out, {report['seen_in_training']} seen in training)"
    )
    yield (
        f"accuracy {report['accuracy']:.3f}, macro-F1 {report['macro_f1']:.3f}, top-2 "
        f"{report['top2']:.3f}, calibration error {report['calibration_error']:.3f}"
    )
    for wanted, used in report["coverage"].items():
        yield f"accepted without a person at {wanted}: {used['share']:.3f}, right: {_of(used)}"
    pairs = report["pairs"]
    yield f"second department named: {pairs['share']:.3f}; one of those named right: {_of(pairs)}"
    latency = report["latency"]
    yield "latency: " + ", ".join(f"{name} {value:.3f}" for name, value in latency.items())
    for row in report["per_class"]:
        yield (
            f"  {row['label']}: {row['texts']} texts, precision {row['precision']:.3f}, recall "
            f"{row['recall']:.3f}, F1 {row['f1']:.3f}"
        )
    for true, given, texts in report["confusions"]:
        yield f"  {texts} × {true} taken for {given}"


def _of(used: Mapping[str, Any]) -> str:
    return "none" if used["realised"] is None else f"{used['realised']:.3f}"
