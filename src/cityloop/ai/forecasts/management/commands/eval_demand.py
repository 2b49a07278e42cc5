"""cityloop eval demand: the forecasts walked forward over a file of past reports."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.ai.forecasts.evaluation import CALENDARS, LEAST_PER_DAY, evaluate_file
from cityloop.ai.forecasts.files import PARTS, area_names
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "评估诉求预测。Evaluate the demand forecasts on a file of past reports."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", required=True, help="CSV, XLSX or JSON lines, gzipped or not")
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
        parser.add_argument("--no-trees", action="store_true", help="level × week alone")
        parser.add_argument("--json", action="store_true", help="the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = evaluate_file(
                options["data"],
                columns=dict(text.partition("=")[::2] for text in options["columns"]),
                areas=area_names(options["areas"]) if options["areas"] else None,
                day_first=options["day_first"],
                holidays=options["holidays"],
                horizon=options["horizon"],
                test_days=options["test_days"],
                least_per_day=options["least_per_day"],
                with_trees=not options["no_trees"],
            )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            return
        self._tell(report)

    def _tell(self, report: dict[str, Any]) -> None:
        self.stdout.write(
            f"{report['reports']} reports, {report['first_day']} to {report['last_day']}; tested "
            f"on {report['tested_days']} days from {report['tested_from']}, "
            f"{report['horizon_days']} days ahead; holidays: {report['holidays']}; "
            f"trees: {report['trees']}"
        )
        for remark in report["remarks"]:
            self.stdout.write(f"  {remark}")
        for level in ("cell", "topic", "area", "city"):
            one = report[level]
            self.stdout.write(
                f"{level:6} {one['series']:5} series, error {one['mae']:.2f} = "
                f"{one['mae_ratio']:.3f} of seasonal naive ({one['mae_ratio_without_trees']:.3f} "
                f"without trees, whose part is {one['trees']:.0%}), within 80 %: "
                f"{one['within_80']:.3f}"
            )
        if report["overload"]:
            found = report["overload"]
            self.stdout.write(
                f"overload average precision {found['average_precision']:.3f} = "
                f"{found['times_base']:.2f} x base rate {found['base_rate']:.3f}, "
                f"calibration error {found['calibration_error']:.3f}"
            )
            self._reliability(found)
        for hour, found in (report["nowcast"] or {}).items():
            self.stdout.write(
                f"at {hour}:00 overload average precision {found['average_precision']:.3f} "
                f"(base rate {found['base_rate']:.3f}), calibration error "
                f"{found['calibration_error']:.3f}"
            )
        if report["nowcast"] and "12" in report["nowcast"]:
            self._reliability(report["nowcast"]["12"])
        if report["nowcast"] is None:
            self.stdout.write("no nowcast: the file knows days only, or less than 210 of them")

    def _reliability(self, found: dict[str, Any]) -> None:
        """What was said and what came, band by band."""
        for band in found["reliability"]:
            self.stdout.write(
                f"  said {band['from']:.0%}–{band['to']:.0%} (mean {band['said']:.1%}) "
                f"{band['n']} times; came true {band['came']:.1%}"
            )
