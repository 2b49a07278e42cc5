"""The rooms in a real browser: the operations centre over a large district. One JSON object a line.

./run bench web                      first view, frames, live updates; about four minutes
./run bench web --quick              one run of each
./run bench web --shots FOLDER       keep pictures of what was measured
./run bench web --stay               also the page left open: memory over many events, put aside

A synthetic district of 28,000 cells with 50,000 buildings, 20,000 open cases among 146,400, made
once and kept under the data folder (bench/). Chromium draws with SwiftShader, on the processor:
a graphics card would make frames cheap, so frames are given as processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys

from benchmarks._places import REPO, kept


def main() -> int:
    """Make the district in a process of its own, then measure."""
    parser = argparse.ArgumentParser(prog="./run bench web")
    parser.add_argument("--quick", action="store_true", help="one run of each")
    parser.add_argument("--shots", default="", help="a folder for pictures")
    parser.add_argument("--stay", action="store_true", help="a page left open, too")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        return _child(given.child)
    env, done = kept("", "centre_28000")
    if not done.exists():
        command = [sys.executable, "-m", "benchmarks.web", "--child", str(done)]
        if subprocess.run(command, cwd=REPO, env=env, check=False).returncode:
            return 1
    os.environ.update(env)  # the server that is measured reads them
    from benchmarks import _centre

    return _centre.measure(
        json.loads(done.read_text()), quick=given.quick, shots=given.shots, stay=given.stay
    )


def _child(done: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    from benchmarks import _wide_city

    _wide_city.make(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
