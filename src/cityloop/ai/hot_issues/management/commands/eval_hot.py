"""cityloop eval hot: the issues of a file, and how they fit references."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from cityloop.ai.hot_issues.evaluation import COLUMNS, DATA, REFERENCES, evaluate_hot
from cityloop.city.evaluation import Evaluation, named_columns


class Command(Evaluation):
    help = "评估热点问题归并。Find the hot issues of a file of reports."
    data, columns = DATA, COLUMNS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--references", default="", help=REFERENCES)

    def measure(self, options: Mapping[str, Any]) -> dict[str, Any]:
        columns = named_columns(options)
        return evaluate_hot(options["data"], references=options["references"], columns=columns)

    def told(self, found: Mapping[str, Any]) -> Iterator[str]:
        yield (
            f"{found['reports']} reports ({found['rows_left_out']} rows left out), "
            f"{found['cpu_seconds']} s: {found['issues_of_three_or_more']} issues of three or "
            f"more, largest {found['largest']}"
        )
        if "mean_f1" in found:
            yield f"mean F1 on {len(found['references'])}: {found['mean_f1']:.3f}"
        for issue in found["issues"][:10]:
            words = "、".join(issue["words"][:5])
            yield (
                f"{issue['heat']:8.1f}  {issue['reports']:4d} reports {issue['persons']:4d} "
                f"persons  {words}"
            )
