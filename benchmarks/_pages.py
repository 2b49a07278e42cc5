"""The pages that must stay quick at a million cases: desk lists by role, and the overview."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, reset_queries
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks import _city, _million, _million_figures
from benchmarks._lines import median, p99, show
from benchmarks._places import Server, served
from benchmarks._requests import load, request
from benchmarks._rows import loading
from cityloop.business.appraisal import past
from cityloop.business.appraisal.models import Figure
from cityloop.business.cases.models import Case, Report, Reporter, Task
from cityloop.business.cases.queries import case_page
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries import viewer_of
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.hub.overview import queries

GOAL_LIST_MS, GOAL_OVERVIEW_MS = 100, 50
TABLES = (Case, Report, Reporter, Task, Figure)
KEPT_FOR = timedelta(days=7)
CLIENTS, PAUSE_S = 4, 0.15  # about twenty pages a second: a desk of two hundred people
Desks = dict[str, _city.Desk]


def prepare(done: str, count: int) -> Desks | None:
    """The kept database, made when it is not there; the desks in it. None: it no longer fits."""
    path, now = Path(done), timezone.now()
    if path.exists():
        kept = json.loads(path.read_text())
        fits = kept["schema"] == _schema() and now - datetime.fromisoformat(kept["at"]) < KEPT_FOR
        if fits:
            return {name: _city.Desk(**desk) for name, desk in kept["desks"].items()}
        path.unlink()
        return None
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    desks = _city.build(now)
    drawn = _million.draw(count, now)
    with loading(*TABLES):
        _million.write_cases(drawn, desks["grid_worker"].user_id)
        figures = _million_figures.write_figures(drawn)
    kept = {
        "at": now.isoformat(),
        "schema": _schema(),
        "desks": {n: asdict(d) for n, d in desks.items()},
    }
    path.write_text(json.dumps(kept))
    made = {"cases": count, "figures": figures, "made_in_s": round(time.perf_counter() - began)}
    print(json.dumps({"note": "synthetic cases made", **made}), flush=True)
    return desks


def _schema() -> str:
    """Changes with the tables, their indexes and the generator."""
    said = [str(m._meta.concrete_fields) + str([i.deconstruct() for i in m._meta.indexes])
            + str([c.deconstruct() for c in m._meta.constraints]) for m in TABLES]  # fmt: skip
    said += [Path(m.__file__ or "").read_text() for m in (_million, _million_figures)]
    return hashlib.sha256("".join(said).encode()).hexdigest()


def pages(kind: str, desks: Desks, *, quick: bool) -> None:
    """Desk lists for each role and the overview for each level, over HTTP."""
    count = 40 if quick else 150
    places = {
        level: tree().below(None, Level(level))[0].id for level in ("subdistrict", "community")
    }
    with served() as server:
        for name, path in lists(places):
            took, cpu = _timed(server, desks[name.split(".")[0]].token, path, count)
            bare = _bare_page(name.split(".")[0], path)
            show(f"list.{name}.{kind}", p99(took), "ms", GOAL_LIST_MS, bare, below=True,
                 p50=median(took), server_cpu_ms_each=cpu, clients=CLIENTS)  # fmt: skip
        for level, desk in (("district", "supervisor_district"), ("subdistrict", "acceptor"),
                            ("community", "supervisor_community")):  # fmt: skip
            took, cpu = _timed(server, desks[desk].token, "/api/v1/overview", count)
            bare = _bare_overview(desk)
            show(f"overview.{level}.{kind}", p99(took), "ms", GOAL_OVERVIEW_MS, bare, below=True,
                 p50=median(took), server_cpu_ms_each=cpu, clients=CLIENTS)  # fmt: skip


def lists(places: dict[str, int]) -> list[tuple[str, str]]:
    """(role.what, address): what each role opens all day, and the harder questions."""
    root = "/api/v1/cases?limit=50"
    return [
        ("acceptor.due", f"{root}&area={places['subdistrict']}&order=due"),
        ("acceptor.filed", f"{root}&area={places['subdistrict']}&order=due&state=filed,reported"),
        ("acceptor.newest", f"{root}&order=received"),
        ("supervisor_district.due", f"{root}&order=due"),
        ("supervisor_district.late", f"{root}&order=due&alert=late"),
        ("supervisor_community.due", f"{root}&area={places['community']}&order=due"),
        ("grid_worker.due", f"{root}&order=due"),
        ("handler.due", f"{root}&order=due"),
        ("handler.newest", f"{root}&order=received"),
        ("handler.tasks", "/api/v1/tasks"),
        ("citizen.newest", f"{root}&order=received"),
    ]


def _timed(server: Server, token: str, path: str, count: int) -> tuple[list[float], float]:
    """Milliseconds of each answer, and the server's processor milliseconds for one."""
    asked_for = request("GET", path, token)
    load(server.port, [asked_for] * 8, clients=CLIENTS)
    burnt = server.cpu_s()
    seen = load(server.port, [asked_for] * count, clients=CLIENTS, pause_s=PAUSE_S)
    return [s * 1e3 for s in seen.took_s], round((server.cpu_s() - burnt) / count * 1e3, 2)


def _bare_page(role: str, path: str) -> float:
    """Median milliseconds of the same SQL through the bare driver."""
    viewer = viewer_of(User.objects.get(username=f"bench_{role}"))
    order = "received" if "received" in path else "due"
    return _bare(lambda: case_page(viewer, order=order))


def _bare_overview(role: str) -> float:
    viewer = viewer_of(User.objects.get(username=f"bench_{role}"))

    def anew() -> None:
        for keeper in (queries, past):
            keeper.forget()
        queries.overview(viewer, now=timezone.now())

    return _bare(anew)


def _bare(ask: Callable[[], Any]) -> float:
    statements = asked(ask)
    taken = []
    with connection.cursor() as cursor:
        for _ in range(7):
            began = time.perf_counter()
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()
            taken.append((time.perf_counter() - began) * 1e3)
    return median(taken)


def asked(ask: Callable[[], Any]) -> list[str]:
    """The SQL that a question sends."""
    ask()
    with override_settings(DEBUG=True):
        reset_queries()
        ask()
        return [q["sql"] for q in connection.queries]


def plans(kind: str, desks: Desks, *, quick: bool) -> None:
    """EXPLAIN of the lists of every role; a full scan or a sort of many rows shows here."""
    explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF) "
    for role in desks:
        viewer = viewer_of(User.objects.get(username=f"bench_{role}"))
        for order in ("due", "received"):
            statement = asked(lambda v=viewer, o=order: case_page(v, order=o))[-1]
            with connection.cursor() as cursor:
                cursor.execute(explain + statement)
                rows = [str(row[-1]).strip() for row in cursor.fetchall()]
            print(json.dumps({"plan": f"{role}.{order}.{kind}", "rows": rows}), flush=True)
