"""Everything that must hold: style, types, arrows; tests on SQLite, on PostgreSQL; kills.

./run test              all of it
./run test tests/kernel ...   only these tests, on SQLite
./run check             style, types and arrows alone
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.made import MADE, MAKING
from tests.parts import REPO, Env, Part, side_by_side, summed_up, tests

BIN = Path(sys.executable).parent


def strict_places() -> list[str]:
    """Kernel, engines, the viewer, the verifier, and the domain of every app."""
    root = Path("src/cityloop")
    found = [root / "kernel", root / "engines", root / "city" / "viewer.py", root / "verify.py"]
    for pattern in ("*/*/domain.py", "*/*/domain"):
        found += sorted(p.relative_to(REPO) for p in (REPO / root).glob(pattern))
    return [str(p) for p in found]


# The longest first: they run side by side, one on each core.
CHECKS = {
    "mypy (strict)": [sys.executable, "-m", "mypy", *strict_places()],
    "front end (types)": [sys.executable, "frontend/build.py", "--check"],
    "front end (tests)": [sys.executable, "frontend/build.py", "--test", "--passWithNoTests"],
    "migrations": [sys.executable, "-m", "cityloop.config.cli", "makemigrations", "--check"],
    "ruff (lint)": [str(BIN / "ruff"), "check", "src", "tests", "benchmarks"],
    "ruff (format)": [str(BIN / "ruff"), "format", "--check", "src", "tests", "benchmarks"],
    "import-linter": [str(BIN / "lint-imports")],
    "repository": [sys.executable, "tests/repository.py"],
}
# What the tests of a whole run begin with.
NEEDED = {"what tests copy": MAKING, "front end (build)": [sys.executable, "frontend/build.py"]}


# What is decided above the database runs once, on SQLite: the matrix of roles, guides, practice,
# the making of demonstration districts.
ON_BOTH = [
    *("city", "business", "ai", "web/test_bad_input.py", "web/test_api_refusals.py"),
    *(f"hub/{room}" for room in ("federation", "live", "ogc", "openfigures", "overview", "usage")),
]


def run_tests(env: Env) -> list[Part]:
    """Journeys, which mostly wait, beside everything on SQLite and, again, on PostgreSQL; kills."""
    # Files whole, in the order of tests/conftest.py (the longest first), not by their number.
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    workers.append("--no-loadscope-reorder")
    with ThreadPoolExecutor(1) as beside:
        journeys = beside.submit(tests, "journeys", ["tests/journeys"], env, aside=True)
        elsewhere = [f"--ignore=tests/{name}" for name in ("journeys", "reliability")]
        # What only reckons lets the journeys go first: their pages wait for answers.
        done = [tests("tests on SQLite", ["tests", *elsewhere, *workers], env, yields=True)]
        done.append(again_on_postgres(env, workers))
        done.append(journeys.result())
    # By themselves: they kill servers of their own, one on SQLite, one on a PostgreSQL of its own.
    done.append(tests("kills under load", ["tests/reliability", *workers[:2]], env))
    return done


def again_on_postgres(env: Env, workers: list[str]) -> Part:
    """What touches a database."""
    from tests.postgres import running

    name = "tests on PostgreSQL"
    with running() as url:
        if url is None:
            return Part(name, False, "    not run: no PostgreSQL could be had")
        places = [f"tests/{place}" for place in ON_BOTH if (REPO / "tests" / place).exists()]
        return tests(
            name, ["--again", *places, *workers], {**env, "DATABASE_URL": url}, yields=True
        )


SYSTEM_PARTS = {
    "chromium": "chromium",
    "fc-list :lang=zh": "fonts-noto-cjk",
    "mosquitto -h": "mosquitto",
}


def install_system_parts(env: Env) -> None:
    """A browser, Chinese fonts, a message broker; says clearly what could not be had."""
    wanted = [package for probe, package in SYSTEM_PARTS.items() if not _answers(probe)]
    if not wanted:
        return
    quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
    if shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "fontconfig", *wanted]):
            subprocess.run(["apt-get", *command], env=quiet, check=False, stdout=subprocess.DEVNULL)
    for probe, package in SYSTEM_PARTS.items():
        if not _answers(probe):
            print(f"!!! no {package} here: its tests skip. Install it: apt install {package}")


def _answers(probe: str) -> bool:
    words = probe.split()
    if shutil.which(words[0]) is None:
        return False
    if len(words) == 1:
        return True
    found = subprocess.run(words, capture_output=True, check=False)
    return bool(found.stdout.strip())


def main() -> int:
    given = sys.argv[1:]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cityloop-test-") as folder:
        os.environ["CITYLOOP_DATA"] = folder
        env = {**os.environ, "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
        if given[:2] == ["--only", "check"]:
            done = side_by_side(CHECKS, env)
        elif given:
            done = [tests("tests", given, env)]
        else:
            install_system_parts(env)
            env |= {"CITYLOOP_SCREENS": "0"}
            done = side_by_side(NEEDED | CHECKS, env | {MADE: folder})
            done += run_tests(env | {MADE: folder} if done[0].ok else env)
    print(summed_up(done, time.monotonic() - started))
    return 0 if all(part.ok for part in done) else 1


if __name__ == "__main__":
    sys.exit(main())
