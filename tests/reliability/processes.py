"""The real server, `cityloop web` and `cityloop worker`: started, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

REPO = Path(__file__).resolve().parents[2]
READY_S = 60.0


class Server:
    """Two processes, each the head of a group of its own, in one data folder."""

    def __init__(self, folder: Path, database: str, hook_port: int) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.env = {
            **os.environ,
            "CITYLOOP_DATA": str(folder),
            "CITYLOOP_OUTBOUND_NETWORKS": "127.0.0.0/8",
            "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}",
            "DATABASE_URL": database,
            "CITYLOOP_LOG": "ERROR",
        }
        self.env.pop("DJANGO_SETTINGS_MODULE", None)
        self.hook = f"http://127.0.0.1:{hook_port}/hook"
        self.output = folder / "server.log"
        self._running: list[subprocess.Popen[bytes]] = []
        # One for good: making one reads the certificates of the machine, 50 ms of a core at each
        # question, and it is asked twenty times a second whether the server is back.
        self._asking = httpx.Client(base_url=self.base, timeout=5, verify=False)

    def cityloop(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        return self._run([sys.executable, "-m", "cityloop.config.cli", *words], check=check)

    def city(self, *words: str) -> Any:
        """One step of tests/reliability/city.py; its answer."""
        done = self._run([sys.executable, "-m", "tests.reliability.city", *words], check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def _run(self, command: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, cwd=REPO, env=self.env, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self) -> float:
        """Start both; returns the seconds until the first answer."""
        started = time.monotonic()
        with self.output.open("ab") as out:
            for words in (["web", "--port", str(self.port)], ["worker"]):
                command = [sys.executable, "-m", "cityloop.config.cli", *words]
                self._running.append(
                    subprocess.Popen(
                        command,
                        cwd=REPO,
                        env=self.env,
                        stdout=out,
                        stderr=out,
                        stdin=subprocess.DEVNULL,
                        start_new_session=True,
                    )
                )
        while not self._answers():
            dead = [p.args for p in self._running if p.poll() is not None]
            assert not dead, f"{dead} ended by itself:\n{self.output.read_text()[-3000:]}"
            assert time.monotonic() - started < READY_S, self.output.read_text()[-3000:]
            time.sleep(0.05)
        return time.monotonic() - started

    def _answers(self) -> bool:
        try:
            return self._asking.get("/api/v1/me").status_code < 500
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """SIGKILL to both groups at once: no chance to tidy anything up."""
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in self._running:
            process.wait()
        self._running.clear()

    def stop(self) -> list[int]:
        """SIGTERM, as an operator stops it; returns the exit codes."""
        for process in self._running:
            process.terminate()
        codes = [process.wait(40) for process in self._running]
        self._running.clear()
        return codes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
