"""`cityloop worker` on a machine that was not set up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def test_worker_without_database_says_so_once_and_ends(tmp_path):
    env = {**os.environ, "CITYLOOP_DATA": str(tmp_path), "PYTHONPATH": str(REPO / "src")}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "cityloop.config.cli", "worker"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "has not been set up" in done.stderr
    assert "Traceback" not in done.stderr
