"""cityloop eval demand: the forecasts walked forward over a file of past reports."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from cityloop.ai.forecasts.evaluation import CALENDARS, LEAST_PER_DAY, evaluate_file
from cityloop.ai.forecasts.files import PARTS, area_names
from cityloop.city.evaluation import Evaluation


class Command(Evaluation):
    help = "评估诉求预测。Evaluate the demand forecasts on a file of past reports."

    data = "CSV, XLSX or JSON lines, gzipped or not"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--columns", nargs="+", default=[], metavar="PART=COLUMN", help=", ".join(PARTS)
        )
        parser.add_argument("--areas", help="table with the columns name and area")
        parser.add_argument("--day-first", action="store_true", default=None)
        parser.add_argument("--month-first", dest="day_first", action="store_false")
        parser.add_argument("--holidays", default="auto", choices=["auto", *CALENDARS])
        parser.add_argument("--horizon", type=int, default=2, help="days ahead")
        parser.add_argument("--test-days", type=int, default=365)
        parser.add_argument("--least-per-day", type=float, default=LEAST_PER_DAY)
        parser.add_argument("--auto-ets", action="store_true", help="AutoETS beside (slow)")
        parser.add_argument("--no-trees", action="store_true", help="level × week alone")

    def measure(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return evaluate_file(
            options["data"],
            columns=dict(text.partition("=")[::2] for text in options["columns"]),
            areas=area_names(options["areas"]) if options["areas"] else None,
            day_first=options["day_first"],
            holidays=options["holidays"],
            horizon=options["horizon"],
            test_days=options["test_days"],
            least_per_day=options["least_per_day"],
            with_trees=not options["no_trees"],
            beside_auto_ets=options["auto_ets"],
        )

    def told(self, found: Mapping[str, Any]) -> Iterator[str]:
        yield (
            f"{found['reports']} reports, {found['first_day']} to {found['last_day']}; tested "
            f"on {found['tested_days']} days from {found['tested_from']}, "
            f"{found['horizon_days']} days ahead; holidays: {found['holidays']}; "
            f"trees: {found['trees']}"
        )
        yield from (f"  {remark}" for remark in found["remarks"])
        for level in ("cell", "topic", "area", "city"):
            one = found[level]
            yield (
                f"{level:6} {one['series']:5} series, error {one['mae']:.2f} = "
                f"{_of(one['mae_ratio'])} of seasonal naive "
                f"({_of(one['mae_ratio_without_trees'])} without trees, whose part is "
                f"{one['trees']:.0%}), within 80 %: {one['within_80']:.3f}"
            )
        if beside := found["auto_ets"]:
            yield (
                f"AutoETS errs {beside['mae']:.2f} by area × topic ({beside['mae_rounded']:.2f} "
                f"rounded); these forecasts {_of(beside['ours'])} of that"
            )
        if overload := found["overload"]:
            yield (
                f"overload average precision {_of(overload['average_precision'])} = "
                f"{_of(overload['times_base'])} x base rate {overload['base_rate']:.3f}, "
                f"calibration error {overload['calibration_error']:.3f}"
            )
            yield from _reliability(overload)
        else:
            yield "no overload: there is no line before 180 days are known"
        yield from _nowcast(found["nowcast"])


def _of(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def _nowcast(found: Mapping[str, Any] | None) -> Iterator[str]:
    if found is None:
        yield "no nowcast: the file knows days only, or less than 210 of them"
        return
    for hour, one in found.items():
        yield (
            f"at {hour}:00 overload average precision {_of(one['average_precision'])} "
            f"(base rate {one['base_rate']:.3f}), calibration error "
            f"{one['calibration_error']:.3f}"
        )
    if "12" in found:
        yield from _reliability(found["12"])


def _reliability(found: Mapping[str, Any]) -> Iterator[str]:
    """What was said and what came, band by band."""
    for band in found["reliability"]:
        yield (
            f"  said {band['from']:.0%}–{band['to']:.0%} (mean {band['said']:.1%}) "
            f"{band['n']} times; came true {band['came']:.1%}"
        )
