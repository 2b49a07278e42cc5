"""Where a benchmark runs: an empty database of its own, or one kept from the last run."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from tests.postgres import running

from cityloop.config.paths import data_folder

REPO = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgresql")
Env = dict[str, str]


def cache() -> Path:
    """Kept between runs: may be deleted at any time."""
    folder = data_folder() / "bench"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def database(kind: str) -> Iterator[str]:
    """A server for the whole run: its address, "" for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    with running(cache() / "postgres") as url:
        if url is None:
            raise SystemExit("no PostgreSQL can be had here; use --database sqlite")
        yield url


@contextmanager
def fresh(url: str) -> Iterator[Env]:
    """Environment of an empty database, gone afterwards."""
    name = f"bench_{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="cityloop-bench-") as folder:
        if url:
            _create(url, name)
        try:
            yield _env(folder, _named(url, name))
        finally:
            if url:
                _drop(url, name)


def kept(url: str, name: str) -> tuple[Env, Path]:
    """Environment of a database that stays, and the file that says it is complete."""
    folder = cache() / f"{name}-{'postgresql' if url else 'sqlite'}"
    done = folder / "complete.json"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if url:
            _drop(url, name)
            _create(url, name)
    return _env(str(folder), _named(url, name)), done


def _env(folder: str, url: str) -> Env:
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CITYLOOP_DATA"}}
    env |= {
        "CITYLOOP_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "cityloop.config.settings",
        "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}",
    }
    return env | ({"DATABASE_URL": url} if url else {})


def _named(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}" if url else ""


def _create(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


def _drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """Processor seconds of its web process until now (0 where /proc does not tell)."""
        try:
            parts = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served() -> Iterator[Server]:
    """The real server (pages, API, worker) over the present environment's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "cityloop.config.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        _wait_for_worker()
        yield Server(port, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not come up")


WORKING = """
import sys, time
import django
django.setup()
from django.utils import timezone
from cityloop.city.jobs.models import Lease
end = time.monotonic() + 60
while not Lease.objects.filter(until__gt=timezone.now()).exists():
    if time.monotonic() > end:
        sys.exit(1)
    time.sleep(0.2)
"""


def _wait_for_worker() -> None:
    """Until the worker beside it works: its start takes seconds of a processor.

    Asked from a process of its own: who drives a browser has a running event loop, in which
    Django's tables cannot be read, and may not have set Django up at all.
    """
    env = {"DJANGO_SETTINGS_MODULE": "cityloop.config.settings", **os.environ}
    if subprocess.run([sys.executable, "-c", WORKING], check=False, env=env).returncode:
        raise RuntimeError("the worker did not begin to work")
