"""What the demand and traffic forecasts are worth on real records: one JSON object a line.

Every figure is of days (or minutes) the forecast had not seen. `peer` is AutoETS of statsforecast
with a week's season, refitted every 56 days, on the same days in the same run (skipped, visibly,
where it is not installed). Trees are LightGBM (extra `ai`), chosen where they erred less before.
Boston has one year of daily counts; Baltimore is a thin sample of five years with hours: it shows
what trees win with years to learn from, and the nowcast over its whole last year.
The data are looked for in CITYLOOP_SHARED. DEMAND=FILE takes another file of counts or reports
(then COLUMNS="date=... area=... topic=... count=...").
Run: python -m benchmarks.ai_demand
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._lines import show
from cityloop.ai.forecasts.evaluation import evaluate_file
from cityloop.ai.forecasts.files import read_counts
from cityloop.engines.forecast import at_level, small_ones_together
from cityloop.engines.forecast.evaluate import FIRST_TEST
from cityloop.engines.forecast.outlook import YEAR
from cityloop.engines.forecast.peer import auto_ets
from cityloop.engines.forecast.traffic import train_traffic
from cityloop.kernel.errors import DomainError

REPO = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CITYLOOP_SHARED") or REPO.parent / "shared") / "data"
LONG = DATA / "baltimore_311" / "requests_5000.csv"
FILE = Path(os.environ.get("DEMAND") or DATA / "demand" / "boston311_daily.csv.gz")
COLUMNS = dict(one.partition("=")[::2] for one in os.environ.get("COLUMNS", "").split())
LEAST_PER_DAY, HORIZON = 8.0, 2
GOAL_RATIO, GOAL_TIMES, GOAL_NOON = 0.78, 3.0, 0.7


def demand() -> None:
    """Errors, overload, nowcast; then the peer on the same series."""
    began = time.process_time()
    report = evaluate_file(FILE, columns=COLUMNS, least_per_day=LEAST_PER_DAY)
    taken = time.process_time() - began
    cell, over = report["cell"], report["overload"]
    told = {
        "without_trees": cell["mae_ratio_without_trees"], "part_of_trees": cell["trees"],
        "series": cell["series"], "days": report["tested_days"], "holidays": report["holidays"],
        "of_mean": cell["mae_ratio_of_mean"], "within_80": cell["within_80"],
    }  # fmt: skip
    line("region_x_reason.mae_over_naive", cell["mae_ratio"], GOAL_RATIO, below=True, **told)
    for level in ("topic", "area", "city"):
        one = report[level]
        line(f"{level}.mae_over_naive", one["mae_ratio"], GOAL_RATIO, below=True,
             without_trees=one["mae_ratio_without_trees"], part_of_trees=one["trees"])  # fmt: skip
        if one["overload"]:
            line(f"{level}.overload_ap_over_base", one["overload"]["times_base"], GOAL_TIMES,
                 base=one["overload"]["base_rate"], ap=one["overload"]["average_precision"],
                 events=one["overload"]["events"])  # fmt: skip
    if over:
        line("overload_ap_over_base", over["times_base"], GOAL_TIMES, base=over["base_rate"],
             ap=over["average_precision"], events=over["events"])  # fmt: skip
        line("overload_calibration_error", over["calibration_error"], 0.04, below=True)
    nowcasts(report)
    line("evaluation_cpu", taken, 60.0, below=True, unit="s")
    peer(report)


def nowcasts(report: dict[str, Any], name: str = "") -> None:
    """Today's end seen at several hours: how well told, how honest the probabilities."""
    for hour, found in (report["nowcast"] or {}).items():
        goal = GOAL_NOON if int(hour) >= 12 else found["base_rate"]
        line(f"{name}nowcast_{hour}h_overload_ap", found["average_precision"], goal,
             base=found["base_rate"], events=found["events"],
             calibration_error=found["calibration_error"],
             unscaled=found["calibration_error_unscaled"])  # fmt: skip


def long_history() -> None:
    """Five years of one thin series: trees against level × week; the nowcast of its last year."""
    report = evaluate_file(LONG, least_per_day=1.0)
    city = report["city"]
    line("long.mae_over_naive", city["mae_ratio"], GOAL_RATIO, below=True,
         without_trees=city["mae_ratio_without_trees"], part_of_trees=city["trees"],
         per_day=city["per_day"], days=report["tested_days"])  # fmt: skip
    nowcasts(report, "long.")


def peer(report: dict[str, Any]) -> None:
    """AutoETS on the same series and days, as it comes and with its forecasts rounded."""
    read = read_counts(FILE, columns=COLUMNS).counts
    start = max(read.days - YEAR, FIRST_TEST)
    counts = small_ones_together(read, LEAST_PER_DAY, known_days=start)
    began = time.process_time()
    try:
        theirs = auto_ets(at_level(counts, "cell").counts, start, HORIZON)
    except DomainError as error:
        print(f"no peer in this run: {error}", file=sys.stderr)
        return
    taken, mine = time.process_time() - began, report["cell"]["mae"]
    line("mae_over_auto_ets", mine / theirs["mae"], 1.0, below=True, mae=mine, peer=theirs["mae"],
         peer_rounded=theirs["mae_rounded"], peer_cpu_s=taken)  # fmt: skip


def traffic() -> None:
    """Speeds 15 minutes ahead: the last fifth of what is there, unseen in training."""
    folder = DATA / "traffic_forecast"
    speeds = np.loadtxt(folder / "los_speed_first80.csv.gz", delimiter=",", skiprows=1)
    links = np.loadtxt(folder / "los_adj.csv.gz", delimiter=",")
    cut = int(0.8 * len(speeds))
    began = time.process_time()
    model = train_traffic(speeds[:cut], links)
    taken = time.process_time() - began
    said, same, usual, came = [], [], [], []
    for now in range(cut, len(speeds) - 3):
        said.append(model.predict(speeds[now - 11 : now + 1], now % 288)[2])
        same.append(speeds[now])
        usual.append(model.usual[(now + 3) % 288])
        came.append(speeds[now + 3])
    error = {n: np.array(v) - np.array(came) for n, v in
             (("ours", said), ("persistence", same), ("usual_day", usual))}  # fmt: skip
    mae = {n: float(np.abs(e).mean()) for n, e in error.items()}
    rmse = {n: float(np.sqrt((e**2).mean())) for n, e in error.items()}
    line("traffic.15min_mae_over_persistence", mae["ours"] / mae["persistence"], 1.0, below=True,
         **{f"{n}_mph": v for n, v in mae.items()})  # fmt: skip
    line("traffic.15min_rmse_over_persistence", rmse["ours"] / rmse["persistence"], 1.0,
         below=True, **{f"{n}_mph": v for n, v in rmse.items()})  # fmt: skip
    line("traffic.15min_mae_over_usual_day", mae["ours"] / mae["usual_day"], 1.0, below=True)
    line("traffic.training_cpu", taken, 5.0, below=True, unit="s", places=speeds.shape[1])


def line(name: str, value: float, goal: float, *, below: bool = False, unit: str = "ratio",
         **more: object) -> None:  # fmt: skip
    show(f"ai_demand.{name}", value, unit, goal, goal, below=below, exact=float(value), **more)


def main() -> int:
    if not FILE.is_file():
        print(json.dumps({"skipped": f"no counts at {FILE.name}; set CITYLOOP_SHARED"}))
        return 0
    demand()
    if LONG.is_file() and "DEMAND" not in os.environ:
        long_history()
    if (DATA / "traffic_forecast").is_dir():
        traffic()
    return 0


if __name__ == "__main__":
    sys.exit(main())
