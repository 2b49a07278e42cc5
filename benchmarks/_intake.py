"""Taking reports in: in bulk, one by one over HTTP, and the followers behind them."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from benchmarks import _city
from benchmarks._lines import median, p99, show
from benchmarks._places import served
from benchmarks._requests import Load, load, request
from cityloop.ai.hot_issues.models import Looked
from cityloop.business.appraisal.receivers import count as _figures  # noqa: F401  registers it
from cityloop.business.cases import commands
from cityloop.business.cases.models import Case, Report, Reporter, Task
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import sequence
from cityloop.city.audit.followers import FOLLOWERS, advance
from cityloop.city.audit.models import Event

BATCH = 500
WRITTEN: tuple[type[models.Model], ...] = (Case, Report, Reporter, Task, Event)
GOAL_BULK, GOAL_FOLLOW, GOAL_POST, GOAL_POST_MS = 1_000, 4_000, 150, 100
CLIENTS = 20
SLOWEST_S = 900


def bulk(kind: str, *, quick: bool) -> None:
    """receive_many in batches of 500, against the bare writing of the same rows."""
    _city.build(timezone.now())
    runs, size = (3, 1_000) if quick else (5, 4_000)
    _take(_city.reports(BATCH, "warm"))
    rates, cpu = [], []
    for run in range(runs):
        rows = _city.reports(size, f"run{run}")
        began, burnt = time.perf_counter(), time.process_time()
        _take(rows)
        rates.append(size / (time.perf_counter() - began))
        cpu.append((time.process_time() - burnt) / size * 1e3)
    more = {"cpu_ms_each": median(cpu), "runs": [round(r) for r in rates], **_shares()}
    show(f"intake.bulk.{kind}", median(rates), "reports/s", GOAL_BULK, _bare(), **more)
    _followers(kind)


def everything(kind: str, *, quick: bool) -> None:
    """Bulk intake beside the real server, whose worker seals, counts, groups alike reports."""
    _city.build(timezone.now())
    size = 2_000 if quick else 12_000
    _take(_city.reports(BATCH, "warm"))
    rows = _city.reports(size, "run")
    with served():
        began = time.perf_counter()
        _take(rows)
        taken = time.perf_counter() - began
        _wait_until_grouped(BATCH + size)
        done = time.perf_counter() - began
    limit = _bare()
    share = {"of_goal_alone": round(size / taken / GOAL_BULK, 2), "reports": size}
    show(f"intake.all.{kind}", size / taken, "reports/s", GOAL_BULK * 0.75, limit, **share)
    show(f"intake.all_grouped.{kind}", size / done, "reports/s", GOAL_POST, limit, reports=size)


def _wait_until_grouped(reports: int) -> None:
    end = time.monotonic() + SLOWEST_S
    while Looked.objects.filter(placed=True).count() < reports:
        if time.monotonic() > end:
            raise RuntimeError(f"the worker has not grouped {reports} reports in {SLOWEST_S} s")
        time.sleep(0.2)


def _take(rows: Sequence[Any]) -> None:
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        answers = commands.receive_many(batch, actor=SYSTEM, now=timezone.now())
        wrong = [a for a in answers if isinstance(a, Exception)]
        if wrong:
            raise RuntimeError(f"{len(wrong)} refused; the first: {wrong[0]}")


def _shares() -> dict[str, float]:
    """What became of the reports: how many had a class, how many went how far by themselves."""
    rows = list(Case.objects.values_list("triage", "cell_id", "lead_department_id", "routed_by"))
    by: Counter[str] = Counter()
    for triage, cell, lead, routed in rows:
        by["class_given"] += triage["by"] == "given"
        by["class_by_model_sure"] += triage["by"] == "model" and triage["accepted"]
        by["class_by_model_unsure"] += triage["by"] == "model" and not triage["accepted"]
        by["located"] += cell is not None
        by["dispatched"] += lead is not None
        by["dispatched_by_duty"] += routed == "duty"
        by["dispatched_by_rule"] += routed == "rule"
    return {name: round(n / len(rows), 3) for name, n in sorted(by.items())}


def _bare(reports: int = 4_000) -> float:
    """Reports/s when the same rows are only written: plain tables, no index, no rule, the same
    batches, each durable."""
    newest = Case.objects.order_by("-pk").values_list("pk", flat=True)[:reports]
    least = min(newest)
    share = {m: [] for m in WRITTEN}
    with connection.cursor() as cursor:
        for model in WRITTEN:
            table, key = model._meta.db_table, "id" if model is Case else "case_id"
            if model is Reporter:
                key = "report_id"
            where = "subject_id" if model is Event else key
            cursor.execute(f"SELECT * FROM {table} WHERE {where} >= %s", [least])
            share[model] = cursor.fetchall()
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")
    turns = -(-len(newest) // BATCH)
    began = time.perf_counter()
    for turn in range(turns):
        _one_turn({m: rows[turn::turns] for m, rows in share.items()})
    return len(newest) / (time.perf_counter() - began)


def _one_turn(share: dict[type[models.Model], list[tuple[Any, ...]]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for model, rows in share.items():
            table = f"bare_{model._meta.db_table}"
            if connection.vendor == "sqlite":
                marks = ", ".join("?" * len(rows[0]))
                connection.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            else:
                with cursor.cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row([json.dumps(v) if isinstance(v, dict) else v for v in row])
        cursor.execute("COMMIT")


def _followers(kind: str) -> None:
    """How fast the events of that burst get their place in the ledger and into the figures."""
    whole = Event.objects.count()
    placed = _until_none(sequence)
    followed = _until_none(lambda: advance(FOLLOWERS["figures"], now=timezone.now()))
    both = 1 / (1 / (whole / placed) + 1 / (whole / followed))
    show(f"follow.sequencer.{kind}", whole / placed, "events/s", GOAL_FOLLOW, whole / placed)
    show(f"follow.figures.{kind}", whole / followed, "events/s", GOAL_FOLLOW, whole / placed)
    show(f"follow.both.{kind}", both, "events/s", GOAL_FOLLOW, whole / placed, events=whole)


def _until_none(step: Callable[[], int]) -> float:
    began = time.perf_counter()
    while step():
        pass
    return time.perf_counter() - began


def post(kind: str, *, quick: bool) -> None:
    """POST /api/v1/reports with a token at 20 clients, on the real server processes."""
    token = _city.build(timezone.now())["acceptor"].token
    count = 400 if quick else 3_000
    runs: list[Load] = []
    with served() as server:
        load(server.port, _posts(60, "warm", token), clients=CLIENTS)
        burnt = server.cpu_s()
        for run in range(2 if quick else 3):
            runs.append(load(server.port, _posts(count, f"run{run}", token), clients=CLIENTS))
        cpu_ms = (server.cpu_s() - burnt) / (count * len(runs)) * 1e3
        paced = load(server.port, _posts(count, "paced", token), clients=CLIENTS, rate=GOAL_POST)
    rate = median([r.rate for r in runs])
    slow = median([p99(r.took_s) * 1e3 for r in runs])
    kept = Report.objects.count()
    sent = 60 + count * (len(runs) + 1)
    assert kept == sent, f"{sent} acknowledged, {kept} kept"
    limit = _one_by_one(_posts(400, "bare", token))
    halves = {"p50_ms": median([median(r.took_s) * 1e3 for r in runs]), "clients": CLIENTS}
    halves["server_cpu_ms_each"] = round(cpu_ms, 2)
    show(f"intake.post.{kind}", rate, "reports/s", GOAL_POST, limit, **halves)
    one_turn = CLIENTS / limit * 1e3
    slow_paced = p99(paced.took_s) * 1e3
    at = {"p50_ms": median(paced.took_s) * 1e3, "clients": CLIENTS, "asked_per_s": GOAL_POST}
    show(f"intake.post_p99.{kind}", slow_paced, "ms", GOAL_POST_MS, one_turn, below=True, **at)
    show(
        f"intake.post_full_p99.{kind}",
        slow,
        "ms",
        GOAL_POST_MS,
        one_turn,
        below=True,
        **halves,
    )


def _posts(count: int, tag: str, token: str) -> list[bytes]:
    bodies = []
    for report in _city.reports(count, tag):
        who = report.reporter
        given = {n: getattr(report, n) for n in ("channel", "external_id", "title", "text")}
        given |= {"lon": report.lon, "lat": report.lat, "class_key": report.class_key}
        given["reporter"] = {"name": who.name, "phone": who.phone} if who else None
        bodies.append(json.dumps(given, ensure_ascii=False).encode())
    return [request("POST", "/api/v1/reports", token, body) for body in bodies]


def _one_by_one(rows: Sequence[bytes]) -> float:
    """Rows/s when the bytes of a request are only written, one durable commit each."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_posts (id integer, body text)")
        began = time.perf_counter()
        for n, row in enumerate(rows):
            cursor.execute("INSERT INTO bare_posts VALUES (%s, %s)", [n, row.decode()])
        return len(rows) / (time.perf_counter() - began)
