"""A real server and a real browser; skips, visibly, where there is none."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.made import CLI, DISTRICT, begin_in_district, own_env

READY_S = 150
BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="package")  # its event loop must be gone before other tests ask the database
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
    folder = tmp_path_factory.mktemp("demo")
    begin_in_district(folder)
    with serving(folder, "demo", *DISTRICT) as address:
        yield address


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """The address of a server on this data folder: `cityloop WORDS`."""
    path, port = folder / "log.txt", _free_port()
    with path.open("w") as log:
        command = [*CLI, *words, "--port", str(port)]
        server = subprocess.Popen(command, env=own_env(folder), stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}", server, path)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(40)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + READY_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/login/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the demo did not come up:\n{log.read_text()[-2000:]}")
