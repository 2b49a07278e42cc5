"""A real server and a real browser; skips, visibly, where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[2]
READY_S = 150
BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")  # its event loop must be gone before other tests ask the database
def browser() -> Iterator[Any]:
    """Headless Chromium of the system."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next((p for p in map(shutil.which, BROWSERS) if p), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")  # its server and worker must not run beside all other tests
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a small demo district of its own, without the simulator."""
    folder, port = tmp_path_factory.mktemp("demo"), _free_port()
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CITYLOOP_DATA"}}
    env |= {"CITYLOOP_DATA": str(folder), "PYTHONPATH": str(REPO / "src")}
    command = [sys.executable, "-m", "cityloop.config.cli", "demo", "--size", "community"]
    command += ["--days", "2", "--no-simulator", "--port", str(port)]
    log = (folder / "log.txt").open("w")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server, folder / "log.txt")
        yield address
    finally:
        server.terminate()
        server.wait(40)
        log.close()


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/login/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the demo did not come up:\n{log.read_text()[-2000:]}")
