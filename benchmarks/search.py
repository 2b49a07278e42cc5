"""Finding a case by words among a million, on SQLite and on PostgreSQL; what the index costs.

./run bench search                      both databases, some twenty minutes the first time
./run bench search --quick              50,000 cases
./run bench search --database sqlite    one database

The cases are those of `loop`; the words of each are four sentences of the profile's examples,
Zipf-like, under a place and a name, so that some words stand in a third of all cases and some in
three. A question is the desk's whole page (rights, sorting, excerpts), without HTTP.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks._places import DATABASES, REPO, database, kept

MILLION, SMALL = 1_000_000, 50_000
GOAL_MS, GOAL_INDEX_US = 100, 300
ROLES = ("acceptor", "supervisor_district", "supervisor_community", "handler")
SENTENCES, ZIPF = 4, 0.8


def main() -> int:
    """Each database in a process of its own."""
    parser = argparse.ArgumentParser(prog="./run bench search")
    parser.add_argument("--quick", action="store_true", help="50,000 cases")
    parser.add_argument("--database", default=",".join(DATABASES), help="sqlite,postgresql")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--done", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return _child(given)
    failed = 0
    for kind in given.database.split(","):
        with database(kind) as url:
            env, done = kept(url, f"search_{SMALL if given.quick else MILLION}")
            command = [sys.executable, "-m", "benchmarks.search", "--child", kind]
            command += ["--done", str(done), *(["--quick"] if given.quick else [])]
            failed += subprocess.run(command, cwd=REPO, env=env, check=False).returncode
    return int(failed > 0)


def _child(given: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    count = SMALL if given.quick else MILLION
    done = Path(given.done)
    if not done.exists():
        done.write_text(json.dumps(_make(count)))
    desks = json.loads(done.read_text())
    _ask(given.child, desks, quick=given.quick)
    _enter(given.child)
    return 0


def _make(count: int) -> dict[str, int]:
    """The million cases with their words; the people who search, by role."""
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks import _city, _million
    from benchmarks._rows import loading
    from cityloop.business.cases.models import Case, Report, Reporter, Task

    call_command("migrate", verbosity=0)
    now = timezone.now()
    desks = _city.build(now)
    drawn = _million.draw(count, now)
    with loading(Case, Report, Reporter, Task):
        _million.write_cases(drawn, desks["grid_worker"].user_id)
    _write_terms(drawn.path.tolist())
    return {name: desk.user_id for name, desk in desks.items()}


def _write_terms(paths: list[list[int]]) -> None:
    from django.db import connection, transaction

    from cityloop.business.cases.models.terms import TERMS

    postgres = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        if postgres:
            cursor.execute(f"DROP INDEX {TERMS.table}_gin")
        TERMS.write(_terms(paths))
        if postgres:
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            cursor.execute(f"CREATE INDEX {TERMS.table}_gin ON {TERMS.table} USING gin (terms)")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TERMS.table}" if postgres else "ANALYZE")


def _terms(paths: list[list[int]]) -> Iterator[tuple[int, list[int]]]:
    """Terms of each case: those of its sentences, put together once a sentence."""
    from cityloop.business.cases.domain.terms import area_term, bucket_of, bucket_term, terms_of

    dice = random.Random(20260301)
    said = [terms_of([text]) for text in _sentences()]
    weights = [1 / (n + 1) ** ZIPF for n in range(len(said))]
    drawn = dice.choices(range(len(said)), weights, k=SENTENCES * len(paths))
    areas = {a: area_term(a) for path in paths for a in path}
    for n, path in enumerate(paths):
        found = {areas[a] for a in path} | {bucket_term(bucket_of(n + 1))}
        for k in drawn[SENTENCES * n : SENTENCES * (n + 1)]:
            found |= said[k]
        yield n + 1, sorted(found)


def _sentences() -> list[str]:
    from cityloop.city.profile import load_profile

    texts = [row["text"] for row in load_profile().rows("examples.csv")]
    random.Random(7).shuffle(texts)
    return texts


def _questions() -> list[str]:
    """Words as people type them: frequent, rare, two at once, English, some that stand nowhere."""
    frequent = ["小区", "垃圾", "没有", "路口", "井盖", "路灯", "投诉", "门口", "street", "water"]
    dice, texts = random.Random(11), _sentences()
    pieces = []
    for text in dice.sample([t for t in texts if len(t) > 20], 30):
        at = dice.randrange(len(text) - 8)
        pieces.append(text[at : at + dice.choice([2, 3, 4, 6])])
    pairs = [f"{a} {b}" for a, b in zip(frequent, reversed(frequent), strict=True)]
    return [*frequent, *pieces, *pairs, "不存在之词", "zzyzx"]


def _ask(kind: str, desks: dict[str, int], *, quick: bool) -> None:
    from benchmarks._lines import median, p99, show
    from cityloop.business.cases.queries import case_page
    from cityloop.city.accounts.models import User
    from cityloop.city.accounts.queries import viewer_of
    from cityloop.kernel.errors import DomainError

    for role in ROLES:
        viewer = viewer_of(User.objects.get(pk=desks[role]))
        for order, filters in (("received", {}), ("due", {"working": True})):
            took: list[float] = []
            burnt: list[float] = []
            rows, slowest = 0, ""
            for _ in range(1 if quick else 3):
                for text in _questions():
                    began, cpu = time.perf_counter(), time.process_time()
                    try:
                        page = case_page(viewer, {"text": text, **filters}, order=order)
                    except DomainError:  # a piece of punctuation and one character
                        continue
                    ms = (time.perf_counter() - began) * 1e3
                    if not took or ms > max(took):
                        slowest = text
                    took.append(ms)
                    burnt.append((time.process_time() - cpu) * 1e3)
                    rows += len(page.items)
            show(f"search.{role}.{order}.{kind}", p99(took), "ms", GOAL_MS, median(took),
                 below=True, p50=median(took), cpu_ms_p50=median(burnt), cpu_ms_p99=p99(burnt),
                 asked=len(took),
                 rows_each=rows / len(took), slowest=slowest)  # fmt: skip


def _enter(kind: str) -> None:
    """What a new case costs: its terms reckoned, and written in batches of 500."""
    from django.db import connection, transaction

    from benchmarks._lines import show
    from cityloop.business.cases.domain.terms import case_terms
    from cityloop.business.cases.models.terms import TERMS

    dice, texts = random.Random(3), _sentences()
    said = ["。".join(dice.choices(texts, k=SENTENCES)) for _ in range(2_000)]
    began, burnt = time.perf_counter(), time.process_time()
    rows = [(10**9 + n, case_terms(10**9 + n, [1, 2, 3, 4], [text])) for n, text in enumerate(said)]
    reckoned = time.process_time() - burnt
    with transaction.atomic():
        for n in range(0, len(rows), 500):
            TERMS.write(rows[n : n + 500])
        transaction.set_rollback(True)
    took, cpu = time.perf_counter() - began, time.process_time() - burnt
    show(f"search.enter.{kind}", cpu / len(rows) * 1e6, "us", GOAL_INDEX_US,
         reckoned / len(rows) * 1e6, below=True, wall_us=took / len(rows) * 1e6,
         characters=sum(map(len, said)) / len(said),
         terms=sum(len(t) for _, t in rows) / len(rows))  # fmt: skip
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
