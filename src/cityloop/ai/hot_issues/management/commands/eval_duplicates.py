"""cityloop eval duplicates: what the desk would be told of each report of a file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from cityloop.ai.hot_issues.evaluation import COLUMNS, DATA, REFERENCES, evaluate_duplicates
from cityloop.city.evaluation import Evaluation, named_columns


class Command(Evaluation):
    help = "评估重复识别。What is told of each report of a file: attach, suggest or separate."
    data, columns = DATA, COLUMNS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--references", default="", help=REFERENCES)

    def measure(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return evaluate_duplicates(
            options["data"], references=options["references"], columns=named_columns(options)
        )
