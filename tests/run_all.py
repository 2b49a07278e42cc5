"""Everything that must hold, in order: style, types, arrows, tests on SQLite and PostgreSQL.

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
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def strict_places() -> list[str]:
    """Kernel, engines, the viewer, the verifier, and the domain of every app."""
    root = Path("src/cityloop")
    found = [root / "kernel", root / "engines", root / "city" / "viewer.py", root / "verify.py"]
    for pattern in ("*/*/domain.py", "*/*/domain"):
        found += sorted(p.relative_to(REPO) for p in (REPO / root).glob(pattern))
    return [str(p) for p in found]


CHECKS = {
    "ruff (lint)": [str(BIN / "ruff"), "check", "src", "tests", "benchmarks"],
    "ruff (format)": [str(BIN / "ruff"), "format", "--check", "src", "tests", "benchmarks"],
    "mypy (strict)": [sys.executable, "-m", "mypy", *strict_places()],
    "import-linter": [str(BIN / "lint-imports")],
    "migrations": [sys.executable, "-m", "cityloop.config.cli", "makemigrations", "--check"],
    "repository": [sys.executable, "tests/repository.py"],
    "front end (types)": [sys.executable, "frontend/build.py", "--check"],
    "front end (tests)": [sys.executable, "frontend/build.py", "--test", "--passWithNoTests"],
}


def step(name: str, command: list[str], env: dict[str, str]) -> bool:
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=REPO, env=env, check=False)
    took = time.monotonic() - started
    print(f"--- {name}: {'ok' if done.returncode == 0 else 'FAILED'} in {took:.0f} s", flush=True)
    return done.returncode == 0


def pytest(*arguments: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--durations=15",
        *arguments,
    ]


def run_checks(env: dict[str, str]) -> list[str]:
    return [name for name, command in CHECKS.items() if not step(name, command, env)]


# What is decided above the database runs once, on SQLite: the matrix of roles, guides, practice,
# the making of demonstration districts.
ON_BOTH = [
    *("city", "business", "ai", "web/test_bad_input.py", "web/test_api_refusals.py"),
    *(f"hub/{room}" for room in ("federation", "live", "ogc", "openfigures", "overview", "usage")),
    "journeys/test_real_files_to_closing.py",
]


def run_tests(env: dict[str, str]) -> list[str]:
    """Everything on SQLite, what touches a database again on PostgreSQL, then the kills on both."""
    failed = []
    # Files whole, in the order of tests/conftest.py (the longest first), not by their number.
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    workers.append("--no-loadscope-reorder")
    command = pytest("tests", "--ignore", "tests/reliability", *workers)
    if not step("tests on SQLite", command, env):
        failed.append("tests on SQLite")
    from tests.postgres import running

    with running() as url:
        if url is None:
            print("\n=== tests on PostgreSQL: NOT RUN, no PostgreSQL could be had", flush=True)
            return [*failed, "tests on PostgreSQL (no server)"]
        places = [f"tests/{name}" for name in ON_BOTH if (REPO / "tests" / name).exists()]
        again = pytest("--again", *places, *workers)
        if not step("tests on PostgreSQL", again, {**env, "DATABASE_URL": url}):
            failed.append("tests on PostgreSQL")
    # By themselves: they kill servers of their own, one on SQLite, one on a PostgreSQL of its own.
    if not step("kills under load", pytest("tests/reliability", *workers[:2]), env):
        failed.append("kills under load")
    return failed


SYSTEM_PARTS = {
    "chromium": "chromium",
    "fc-list :lang=zh": "fonts-noto-cjk",
    "mosquitto -h": "mosquitto",
}


def install_system_parts(env: dict[str, str]) -> None:
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
    sys.path.insert(0, str(REPO))
    given = sys.argv[1:]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cityloop-test-") as folder:
        os.environ["CITYLOOP_DATA"] = folder
        env = {**os.environ, "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
        if given[:2] == ["--only", "check"]:
            failed = run_checks(env)
        elif given:
            failed = [] if step("tests", pytest(*given), env) else ["tests"]
        else:
            install_system_parts(env)
            failed = run_checks(env) + run_tests(env)
    print(f"\nAll in {time.monotonic() - started:.0f} s. Failed: {', '.join(failed) or 'nothing'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
