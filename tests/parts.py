"""Parts of the whole run: how each is run, and what of its failures is said again at the end.

Who reads a long log sees its tail: there each failing test stands with the beginning of its reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

REPO = Path(__file__).resolve().parents[1]
MOST_LINES, MOST_TESTS, WIDEST = 15, 12, 200
Env = dict[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """How a part ended."""

    name: str
    ok: bool
    reasons: str = ""


def side_by_side(commands: dict[str, list[str]], env: Env) -> list[Part]:
    """One command a core, begun in their order; what each says comes in one piece."""

    def run(name: str) -> Part:
        code, said = _in_one_piece(name, commands[name], env)
        return Part(name, code == 0, _shortened(said.splitlines()[-MOST_LINES:]))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run, commands))


def tests(
    name: str, arguments: list[str], env: Env, *, aside: bool = False, yields: bool = False
) -> Part:
    """A run of pytest.

    Args:
        aside: what it says comes in one piece, at its end; another run is seen meanwhile.
        yields: it lets others have the processor first.
    """
    report = Path(env["CITYLOOP_DATA"]) / f"{name.replace(' ', '-')}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=15"]
    command += [f"--junitxml={report}", *arguments]
    if yields and shutil.which("nice"):
        command = ["nice", "-n", "5", *command]
    code = _in_one_piece(name, command, env)[0] if aside else _seen(name, command, env)
    return Part(name, code == 0, "" if code == 0 else _failing(report, code))


def _seen(name: str, command: list[str], env: Env) -> int:
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=REPO, env=env, check=False).returncode
    print(_ended(name, code, started), flush=True)
    return code


def _in_one_piece(name: str, command: list[str], env: Env) -> tuple[int, str]:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=REPO, env=env, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    ended = _ended(name, done.returncode, started)
    print(f"\n=== {name}\n{done.stdout.rstrip()}\n{ended}", flush=True)
    return done.returncode, done.stdout


def summed_up(parts: list[Part], seconds: float) -> str:
    """The last lines of the output: each failing part with its reasons."""
    failed = [part for part in parts if not part.ok]
    again = "".join(f"\n=== {part.name}: FAILED\n{part.reasons}\n" for part in failed)
    names = ", ".join(part.name for part in failed) or "nothing"
    return f"{again}\nAll in {seconds:.0f} s. Failed: {names}"


def _ended(name: str, code: int, started: float) -> str:
    return f"--- {name}: {'FAILED' if code else 'ok'} in {time.monotonic() - started:.0f} s"


def _failing(report: Path, code: int) -> str:
    """The failing tests of a JUnit file, each with the first lines of its message."""
    if not report.is_file():
        return f"pytest ended with code {code} before it could report"
    found = []
    for case in ElementTree.parse(report).iter("testcase"):
        for fault in (*case.findall("failure"), *case.findall("error")):
            name = f"{case.get('classname', '').replace('.', '/')}::{case.get('name')}"
            found.append(f"{name}\n{_shortened((fault.get('message') or '').splitlines())}")
    if len(found) > MOST_TESTS:
        found[MOST_TESTS:] = [f"... and {len(found) - MOST_TESTS} more tests failed"]
    return "\n".join(found) or f"pytest ended with code {code}; no test failed"


def _shortened(lines: list[str]) -> str:
    return "\n".join(f"    {line[:WIDEST]}" for line in lines[:MOST_LINES])
