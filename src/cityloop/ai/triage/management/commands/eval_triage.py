"""cityloop eval triage: the active model on a labelled file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from cityloop.ai.triage.evaluation import evaluate_file
from cityloop.city.evaluation import Evaluation


class Command(Evaluation):
    help = "评估分类模型。Evaluate the active model on a labelled file."
    data = "CSV, XLSX or JSON lines with labels, gzipped or not"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        for name in ("text", "title", "label"):
            parser.add_argument(
                f"--{name}-column", default="", help="the usual name when not given"
            )
        parser.add_argument("--labels-are", choices=["class", "department"], default="")
        parser.add_argument("--model", default="", help="a version, e.g. department-2")
        parser.add_argument("--map", nargs="+", default=[], metavar="LABEL=KEY")
        parser.add_argument(
            "--folds", type=int, default=0, help="train on the file itself, fold by fold"
        )

    def measure(self, options: Mapping[str, Any]) -> dict[str, Any]:
        pairs = (text.partition("=") for text in options["map"])
        return evaluate_file(
            options["data"],
            kind=options["labels_are"],
            model=options["model"],
            **{f"{name}_column": options[f"{name}_column"] for name in ("text", "title", "label")},
            means={label: key for label, _, key in pairs},
            folds=options["folds"],
        )

    def told(self, found: Mapping[str, Any]) -> Iterator[str]:
        yield (
            f"{found['model']} on {found['texts']} texts, {found['how']} ({found['rows_left_out']} "
            f"rows left out, {found['seen_in_training']} seen in training)"
        )
        yield from (f"  left out: {n} × {why}" for why, n in found["left_out"].items())
        again, otherwise = found["repeats"].values()
        if again:
            yield f"  {again} rows repeat another ({otherwise} rows of such labelled otherwise)"
        yield (
            f"accuracy {found['accuracy']:.3f}, macro-F1 {found['macro_f1']:.3f}, top-2 "
            f"{found['top2']:.3f}, calibration error {found['calibration_error']:.3f}"
        )
        for wanted, used in found["coverage"].items():
            yield f"accepted without a person at {wanted}: {used['share']:.3f}, right: {_of(used)}"
        share, right = found["pairs"]["share"], _of(found["pairs"])
        yield f"second department named: {share:.3f}; one of those named right: {right}"
        latency = found["latency"]
        yield "latency: " + ", ".join(f"{name} {value:.3f}" for name, value in latency.items())
        for row in found["per_class"]:
            yield (
                f"  {row['label']}: {row['texts']} texts, precision {row['precision']:.3f}, recall "
                f"{row['recall']:.3f}, F1 {row['f1']:.3f}"
            )
        for true, given, texts in found["confusions"]:
            yield f"  {texts} × {true} taken for {given}"


def _of(used: Mapping[str, Any]) -> str:
    return "none" if used["realised"] is None else f"{used['realised']:.3f}"
