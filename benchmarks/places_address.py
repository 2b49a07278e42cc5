"""Finding an address among 300,000: time, how often it is found, how honest the confidence is.

./run bench places_address                     both databases
./run bench places_address --database sqlite   one of them
./run bench places_address --fit               fits the weights of the confidence anew, no figures

An invented city: streets with houses, compounds with buildings, places, some names twice. Searches
are made from its addresses in nine ways of which the confidence knows, and seven it never saw;
besides, in each set, as many names that are not registered. The weights are fitted in another
city, of other names, in the nine ways and six more; none of its searches is among the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._places import DATABASES, REPO, database, kept
from cityloop.engines.addresses import SURE_ENOUGH

GOAL_MS = 20
NEAR_M = 60.0
FIT_SEED = 11
UNREGISTERED = 2.0  # each counts twice in the fit: about one search of ten


def main() -> int:
    """Each database in a process of its own."""
    parser = argparse.ArgumentParser(prog="./run bench places_address")
    parser.add_argument("--database", default=",".join(DATABASES))
    parser.add_argument("--each", type=int, default=150, help="searches of each kind")
    parser.add_argument("--share", type=float, default=1.0, help="of the 300,000 addresses")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--done", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return _child(given)
    failed = 0
    for kind in given.database.split(","):
        with database(kind) as url:
            env, done = kept(url, f"addresses{'_fit' if given.fit else ''}_{given.share}")
            command = [sys.executable, "-m", "benchmarks.places_address", "--child", kind]
            command += ["--done", str(done), "--each", str(given.each), "--share", str(given.share)]
            command += ["--fit"] if given.fit else []
            failed += subprocess.run(command, cwd=REPO, env=env, check=False).returncode
    return int(failed > 0)


def _child(given: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    from benchmarks._addresses import FITTED, HELD_OUT, PLANTED, City, asked

    city = City(FIT_SEED if given.fit else 7, share=given.share)
    done = Path(given.done)
    if not done.exists():
        began = time.process_time()
        _make(city)
        took = time.process_time() - began
        show(f"addresses.enter.{given.child}", took, "s", 300, below=True,
             addresses=len(city.entries))  # fmt: skip
        done.write_text("{}")
    if given.fit:
        _fit(_run(list(asked(city, PLANTED, given.each, seed=FIT_SEED)), features=True))
        return 0
    fitted = _run(list(asked(city, FITTED, given.each, seed=1)))
    held = _run(list(asked(city, HELD_OUT, given.each, seed=2)))
    _figures(given.child, "known_ways", fitted)
    _figures(given.child, "held_out_ways", held)
    _sentences(given.child, city, given.each)
    return 0


def show(name: str, value: float, unit: str, goal: float, *, below: bool, **more: object) -> None:
    """One figure as a line of JSON."""
    shown = {k: round(v, 4) if isinstance(v, float) else v for k, v in more.items()}
    line = {"name": name, "value": round(value, 4), "unit": unit, "goal": goal,
            "ok": bool(value <= goal if below else value >= goal), **shown}  # fmt: skip
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _make(city: Any) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from cityloop.city.accounts.domain import SYSTEM
    from cityloop.city.db import is_sqlite
    from cityloop.city.gazetteer.commands import follow
    from cityloop.city.gazetteer.commands.writing import enter
    from cityloop.city.places.commands import import_areas

    call_command("migrate", verbosity=0)
    now = timezone.now()
    import_areas(_areas(), actor=SYSTEM, now=now)
    follow(now=now)
    enter(city.entries)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if is_sqlite() else "VACUUM ANALYZE")


def _areas() -> str:
    from benchmarks._addresses import HIGH, SOUTH, WEST, WIDE, community_name

    def feature(level: str, code: str, name: str, box: tuple[float, ...] | None) -> dict[str, Any]:
        ring = None
        if box:
            w, s, e, n = (round(v, 7) for v in box)
            ring = {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}
        properties = {"level": level, "code": code, "name_zh": name, "synthetic": True}
        return {"type": "Feature", "properties": properties, "geometry": ring}

    found = [feature("district", "990100", "试点区", None)]
    for i in range(12):
        street = f"990100{i + 1:03d}"
        found.append(feature("subdistrict", street, f"第{'一二三四五六七八九十甲乙'[i]}街道", None))
        for j in range(12):
            w, s = WEST + WIDE * i / 12, SOUTH + HIGH * j / 12
            box = (w, s, WEST + WIDE * (i + 1) / 12, SOUTH + HIGH * (j + 1) / 12)
            code = f"{street}{j + 1:03d}"
            found.append(feature("community", code, community_name(i, j), box))
            found.append(feature("cell", f"{code}001", f"网格{i}-{j}", box))
    return json.dumps({"type": "FeatureCollection", "features": found})


class Answer:
    """What one search gave."""

    def __init__(self, asked: Any, ms: float, cpu_ms: float, rank: int | None, top: Any) -> None:
        self.kind, self.text, self.asked = asked.kind, asked.text, asked
        self.ms, self.cpu_ms, self.rank = ms, cpu_ms, rank
        self.features, self.confidence, self.name = top

    @property
    def right(self) -> bool:
        return self.rank == 0


def _run(searches: Sequence[Any], *, features: bool = False) -> list[Answer]:
    from cityloop.city.gazetteer.queries.searching import candidates, search
    from cityloop.city.gazetteer.queries.weighing import evidence

    for one in searches[:20]:  # the first reads the spellings, as a process does once
        search(one.text)
    answers = []
    burnt_s = _processors()
    for one in searches:
        began, burnt = time.perf_counter(), burnt_s()
        found = search(one.text, most=10)
        ms, cpu = (time.perf_counter() - began) * 1e3, (burnt_s() - burnt) * 1e3
        rank = next((n for n, f in enumerate(found) if _is(f, one.target)), None)
        top: Any = (None, found[0].confidence, found[0].name_zh) if found else (None, 0.0, "")
        if features and (among := candidates(one.text, public=False)):
            top = (evidence(among[0], among).features(), *top[1:])
        answers.append(Answer(one, ms, cpu, rank, top))
    return answers


def _processors() -> Callable[[], float]:
    """Processor seconds of this process and, where there is one, of its database's backend."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        counted = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not counted.is_file():  # the server is on another machine: its part is not counted
        return time.process_time
    return lambda: time.process_time() + int(counted.read_text().split()[0]) / 1e9


def _is(found: Any, target: Any) -> bool:
    """The same place: the number too where one was given, and on the ground near enough."""
    from cityloop.kernel.geo import distance_m

    if target is None or found.lon is None:
        return False
    if found.kind == "street" and found.name_zh == target.name and not target.number:
        return True
    near = distance_m(found.lon, found.lat, target.lon, target.lat) < NEAR_M
    return near and (not target.number or found.number in ("", target.number))


def _figures(database: str, name: str, answers: Sequence[Answer]) -> None:
    from benchmarks._lines import median, p99

    took, burnt = [a.ms for a in answers], [a.cpu_ms for a in answers]
    slowest = max(answers, key=lambda a: a.cpu_ms)
    show(f"addresses.search.{name}.{database}", p99(took), "ms", GOAL_MS, below=True,
         cpu_ms_p50=median(burnt), cpu_ms_p99=p99(burnt), asked=len(answers),
         slowest=f"{slowest.kind} {slowest.text} {slowest.cpu_ms:.0f} ms")  # fmt: skip
    by_kind: dict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        by_kind[one.kind].append(one)
    for kind, some in by_kind.items():
        if kind == "not_registered":
            sure = sum(a.confidence >= SURE_ENOUGH for a in some) / len(some)
            show(f"addresses.wrongly_sure.{name}.{database}", sure, "share", 0.05, below=True)
            continue
        first = sum(a.rank == 0 for a in some) / len(some)
        five = sum(a.rank is not None and a.rank < 5 for a in some) / len(some)
        missed = next((f"{a.text} -> {a.name}" for a in some if a.rank is None), "")
        show(f"addresses.recall.{kind}.{database}", five, "share", 0.9, below=False,
             recall_at_1=first, cpu_ms_p99=p99([a.cpu_ms for a in some]),
             missed=missed)  # fmt: skip
    _honesty(f"{name}.{database}", answers)


def _honesty(name: str, answers: Sequence[Answer]) -> None:
    """How often an answer of that confidence was right."""

    confidence = np.array([a.confidence for a in answers])
    right = np.array([a.right for a in answers])
    sure = confidence >= SURE_ENOUGH
    error = _error(confidence, right)
    show(f"addresses.calibration_error.{name}", error, "probability", 0.1, below=True,
         sure=float(sure.mean()), right_when_sure=float(right[sure].mean()))  # fmt: skip


def _sentences(database: str, city: Any, each: int) -> None:
    """Reports in whole sentences: placed and right, placed and wrong, left to a person."""
    import random

    from benchmarks._addresses import exact, with_area
    from benchmarks._lines import median, p99
    from cityloop.city.gazetteer.queries import read_place
    from cityloop.kernel.errors import DomainError

    dice = random.Random(5)
    forms = (
        "{}门口路灯坏了三天没人修",
        "反映{}楼道堆放杂物，存在消防隐患",
        "您好，我家住{}，最近半夜施工吵得睡不着",
    )
    right = wrong = 0
    took = []
    for target in dice.sample(city.targets, each * 2):
        said = dice.choice((exact, with_area))(target, dice)
        began = time.perf_counter()
        try:
            read = read_place("", dice.choice(forms).format(said))
        except DomainError as error:
            raise SystemExit(error) from error
        took.append((time.perf_counter() - began) * 1e3)
        if read.sure and read.lon is not None:
            is_right = _is(read_as(read), target)
            right, wrong = right + is_right, wrong + (not is_right)
    asked = each * 2
    show(f"addresses.sentences.{database}", right / asked, "share", 0.5, below=False,
         wrong=wrong / asked, left_to_a_person=1 - (right + wrong) / asked, ms_p50=median(took),
         ms_p99=p99(took))  # fmt: skip


def read_as(read: Any) -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(lon=read.lon, lat=read.lat, kind=read.kind, name_zh=read.name, number="")


def _fit(answers: Sequence[Answer]) -> None:
    """The weights from all searches, and what weights from one half say of the other."""
    from cityloop.engines.addresses.certainty import FEATURES

    some = [a for a in answers if a.features is not None]
    x, y = np.array([a.features for a in some]), np.array([a.right for a in some], float)
    counts = np.array([UNREGISTERED if a.asked.target is None else 1.0 for a in some])
    half = np.arange(len(some)) % 2 == 0
    p, other = _probability(x[~half], _weights(x[half], y[half], counts[half])), y[~half] == 1
    sure = p >= SURE_ENOUGH
    print("weights", dict(zip(FEATURES, _weights(x, y, counts).round(2).tolist(), strict=True)))
    print("searches", len(some), "of the other half: calibration error", _error(p, other),
          "sure", float(sure.mean()), "right when sure", float(other[sure].mean()))  # fmt: skip


def _weights(x: Any, y: Any, counts: Any) -> Any:
    """Logistic regression by Newton's method, lightly held to zero."""
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = _probability(x, w)
        hessian = (x * (counts * p * (1 - p))[:, None]).T @ x + np.eye(len(w)) * 0.5
        step = np.linalg.solve(hessian, x.T @ (counts * (y - p)) - 0.5 * w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def _probability(x: Any, w: Any) -> Any:
    return 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))


def _error(confidence: Any, right: Any) -> float:
    """Mean difference between confidence and share of right answers, over ten equal steps."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    return float(sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in np.unique(bins)
    ))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
