"""Clients that report and move without pause, and write down what they were told."""

from __future__ import annotations

import itertools
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.world import centre

REPORTERS, MOVERS = 4, 2
PAUSE_S = 0.003


@dataclass
class Log:
    """An independent witness: what was sent, and what was acknowledged."""

    sent: set[str] = field(default_factory=set)
    acked: dict[str, str] = field(default_factory=dict)
    comments: dict[str, bool] = field(default_factory=dict)  # text -> acknowledged?
    answers: dict[int, int] = field(default_factory=dict)  # status -> how often
    repeats: int = 0
    cut_off: int = 0
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"sent": sorted(self.sent), "acked": self.acked, "comments": self.comments}


class Storm:
    """Threads around an HTTP client each."""

    def __init__(self, base: str, tokens: dict[str, str]) -> None:
        self.base, self.tokens, self.log = base, tokens, Log()
        self._stop = threading.Event()
        self._serial = itertools.count(1)
        self._lock = threading.Lock()
        works = [self._report] * REPORTERS + [self._move] * MOVERS
        self._threads = [
            threading.Thread(target=self._keep_on, args=(work, n)) for n, work in enumerate(works)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _keep_on(self, work: Any, seed: int) -> None:
        dice = random.Random(seed)
        # One client for good: making one reads the certificates of the machine, 50 ms of a core
        # that the server needs to come back.
        with httpx.Client(base_url=self.base, timeout=10, verify=False) as client:
            while not self._stop.is_set():
                try:
                    work(client, dice)
                    time.sleep(PAUSE_S)
                except httpx.HTTPError:
                    with self._lock:
                        self.log.cut_off += 1
                    self._stop.wait(0.2)

    def _post(self, client: httpx.Client, path: str, who: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        answer = client.post(path, json=body, headers=headers)
        with self._lock:
            self.log.answers[answer.status_code] = self.log.answers.get(answer.status_code, 0) + 1
            if answer.status_code >= 500:
                self.log.faults.append(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _report(self, client: httpx.Client, dice: random.Random) -> None:
        """A new report, or one sent before: acknowledged or cut off, with the same content."""
        with self._lock:
            again = sorted(self.log.sent)[-200:] if dice.random() < 0.25 else []
        name = dice.choice(again) if again else f"S{next(self._serial)}"
        with self._lock:
            self.log.sent.add(name)
            self.log.repeats += bool(again)
        lon, lat = centre(int(name[1:]) % 4)
        body = {
            "channel": "storm",
            "external_id": name,
            "title": "路边堆着一大堆建筑垃圾没人管",
            "text": f"第{name}件：堆了三天了，请尽快清理。",
            "lon": lon,
            "lat": lat,
            "class_key": "E0111" if int(name[1:]) % 3 else "",
            "reporter": {"name": "赵合成", "phone": "13800000000"},
        }
        answer = self._post(client, "/api/v1/reports", "dispatcher", body)
        if answer.status_code in {200, 201}:
            with self._lock:
                told = answer.json()["number"]
                if self.log.acked.setdefault(name, told) != told:
                    self.log.faults.append(f"{name} was {self.log.acked[name]}, now {told}")

    def _move(self, client: httpx.Client, dice: random.Random) -> None:
        with self._lock:
            numbers = list(self.log.acked.values())[-60:]
        if len(numbers) < 2:
            return
        one, other = dice.sample(numbers, 2)
        name, who, given = dice.choice(self._choices(other))
        if name == "comment":
            given = {"text": f"备注 {dice.random()}"}
            with self._lock:
                self.log.comments[given["text"]] = False
        answer = self._post(client, f"/api/v1/cases/{one}/moves/{name}", who, given)
        if name == "comment" and answer.status_code == 200:
            with self._lock:
                self.log.comments[given["text"]] = True

    @staticmethod
    def _choices(other: str) -> list[tuple[str, str, dict[str, Any]]]:
        lon, lat = centre(1)
        return [
            ("comment", "dispatcher", {}),
            ("comment", "dispatcher", {}),
            ("reroute", "dispatcher", {"lead": "urban", "reason": "归口"}),
            ("reroute", "dispatcher", {"lead": "urban", "co": ["sanitation"], "reason": "协办"}),
            ("relocate", "dispatcher", {"lon": lon, "lat": lat}),
            ("merge", "dispatcher", {"target": other, "reason": "同一件事"}),
            ("accept", "handler", {}),
            ("feed_back", "handler", {"text": "正在清运"}),
            ("return", "handler", {"reason": "不属于本部门"}),
        ]
