"""The closed loop under load: intake in bulk and one by one, desk lists and overview at a million
cases, on SQLite and on PostgreSQL. One JSON object a line.

./run bench loop                        everything, about six minutes
./run bench loop --quick                small sizes
./run bench loop --only bulk,all,post,pages,plans    parts of it
./run bench loop --database sqlite      one database

`limit` is the raw limit measured in the same run: the bare writing or reading of the same rows
in the same database, without any rule. The million cases are kept under the data folder (bench/)
and made again when models or generator change, or after a week.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from benchmarks._places import DATABASES, REPO, Env, database, fresh, kept

PARTS = ("bulk", "all", "post", "pages")
MILLION, SMALL = 1_000_000, 50_000
OUTDATED = 3  # exit code: the kept cases no longer fit and are made anew


def main() -> int:
    """Run the parts, each in processes of its own."""
    given = _arguments()
    if given.child:
        return _child(given)
    failed = 0
    for kind in given.database.split(","):
        with database(kind) as url:
            for part in given.only.split(","):
                failed += _run(part, kind, url, given)
    return int(failed > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench loop")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, by comma")
    parser.add_argument("--database", default=",".join(DATABASES), help="sqlite,postgresql")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--done", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(part: str, kind: str, url: str, given: argparse.Namespace) -> int:
    more = ["--quick"] if given.quick else []
    if part in {"pages", "plans"}:
        for _ in range(2):
            env, done = kept(url, f"cases_{SMALL if given.quick else MILLION}")
            code = _spawn(part, kind, env, [*more, "--done", str(done)])
            if code != OUTDATED:
                break
        return code
    with fresh(url) as env:
        return _spawn(part, kind, env, more)


def _spawn(part: str, kind: str, env: Env, more: list[str]) -> int:
    command = [sys.executable, "-m", "benchmarks.loop", "--child", part, "--database", kind, *more]
    return subprocess.run(command, cwd=REPO, env=env, check=False).returncode


def _child(given: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    from benchmarks import _intake, _pages

    if given.child in {"pages", "plans"}:
        desks = _pages.prepare(given.done, SMALL if given.quick else MILLION)
        if desks is None:
            return OUTDATED
        measure = _pages.plans if given.child == "plans" else _pages.pages
        measure(given.database, desks, quick=given.quick)
        return 0
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    part = {"bulk": _intake.bulk, "all": _intake.everything, "post": _intake.post}[given.child]
    part(given.database, quick=given.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
