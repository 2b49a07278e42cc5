"""cityloop train triage: learn from labelled texts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.ai.triage.commands import Trained
from cityloop.ai.triage.examples import columns_of, refused_summary
from cityloop.ai.triage.words import tree_beside
from cityloop.business.dispatch.commands.learning import (
    CLASS,
    DEPARTMENT,
    LabelledFile,
    kind_of_labels,
    start_without_labels,
    train_on_catalogue,
)
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.accounts.queries import departments_by_key
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "训练分类模型。Train the classifier on the profile, corrections and labelled files."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", nargs="+", default=[], help="CSV or XLSX with labels")
        usual = "the usual name when not given"
        parser.add_argument("--text-column", default="", help=usual)
        parser.add_argument("--title-column", default="", help=usual)
        parser.add_argument("--label-column", default="", help=usual)
        parser.add_argument(
            "--labels-are", choices=[CLASS, DEPARTMENT], help="as the labels look when not given"
        )
        parser.add_argument(
            "--tree", help="label tree, a path a row (taxonomy* beside the data when not given)"
        )
        parser.add_argument(
            "--only", nargs="+", default=[], help="without --data: labels of the tree there are"
        )
        parser.add_argument(
            "--unlabelled", nargs="+", default=[], help="files of reports without labels"
        )
        parser.add_argument("--no-tree", action="store_true", help="without any label tree")
        parser.add_argument(
            "--map", nargs="+", default=[], metavar="LABEL=KEY", help="what a label means"
        )
        parser.add_argument(
            "--with-profile", action="store_true", help="the profile's examples besides the files"
        )
        parser.add_argument("--accuracy", type=float, help="wanted of answers accepted unseen")
        parser.add_argument("--force", action="store_true", help="activate it even if it is worse")

    def handle(self, *args: Any, **options: Any) -> None:
        labels, cold = _pairs(options["map"]), bool(options["tree"] and not options["data"])
        usual: dict[str, Any] = {
            "labels": labels,
            "unlabelled": [Path(path) for path in options["unlabelled"]],
            "force": options["force"],
            "actor": SYSTEM,
            "now": timezone.now(),
        }
        try:
            if cold:
                kind = DEPARTMENT
                done = start_without_labels(Path(options["tree"]), only=options["only"], **usual)
            else:
                files = [self._file(Path(path), options) for path in options["data"]]
                kind = options["labels_are"] or kind_of_labels(files, labels)
                done = train_on_catalogue(
                    files,
                    kind=kind,
                    with_profile=options["with_profile"],
                    accuracy=options["accuracy"],
                    **usual,
                )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self._say(done)
        if kind == DEPARTMENT:
            self._say_unknown(done)

    def _file(self, path: Path, options: dict[str, Any]) -> LabelledFile:
        named = {name: options[f"{name}_column"] for name in ("text", "label", "title")}
        tree = None if options["no_tree"] else options["tree"] or tree_beside(path)
        if tree:
            self.stdout.write(f"标签体系 label tree: {tree}")
        return LabelledFile(path, *columns_of(path, **named), tree=Path(tree) if tree else None)

    def _say(self, done: Trained) -> None:
        for line in refused_summary(done.refused):
            self.stdout.write(f"  refused {line}")
        report, row = done.version.report, done.version
        if report["accuracy"] is None:
            self.stdout.write(f"{row.label}: {report['classes']} labels, no labelled text yet")
        else:
            self._say_figures(row.label, report)
        said = "active" if row.active else "not active"
        self.stdout.write(f"{said}: {done.comparison.zh} ({done.comparison.en})")

    def _say_figures(self, label: str, report: dict[str, Any]) -> None:
        self.stdout.write(
            f"{label}: {report['texts']} texts, {report['classes']} labels; on left-out texts: "
            f"accuracy {report['accuracy']:.3f}, top-2 {report['top2']:.3f}, macro-F1 "
            f"{report['macro_f1']:.3f}, calibration error {report['calibration_error']:.3f}"
        )
        for wanted, found in report["coverage"].items():
            reached = "none" if found["realised"] is None else f"{found['realised']:.3f}"
            self.stdout.write(
                f"  accepted without a person at {wanted}: {found['share']:.3f} of the texts, "
                f"right: {reached}"
            )

    def _say_unknown(self, done: Trained) -> None:
        names: set[str] = set()
        for row in departments_by_key().values():
            names |= {row.key, row.name_zh, row.name_en}
        labels = {figures["label"] for figures in done.version.report.get("per_class", [])}
        for label in sorted(labels - names):
            self.stdout.write(
                f"  no department is called {label!r}: its cases go to a person; "
                f"train with --map '{label}=KEY'"
            )


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    wrong = [text for text, (_, sign, key) in zip(texts, pairs, strict=True) if not sign or not key]
    if wrong:
        raise CommandError(f"--map 应写成 标签=代码。Write --map LABEL=KEY, not {wrong[0]!r}.")
    return {label: key for label, _, key in pairs}
