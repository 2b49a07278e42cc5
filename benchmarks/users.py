"""Fifty people at their desks, each with the live feed open, while the simulator goes on.

./run bench users                          50 people, 10 minutes
./run bench users --people 20 --minutes 2

Every person logs in by a role of the demonstration, then again and again: the list, a case of it,
its trace, sometimes the overview; a rest of one to three seconds between. Counted: answers that
are no answer (5xx, refused, broken, time-out), events of the feed, memory of the web process. The
growth is the middle of the last fifth of the run over that of the second fifth: the first fifth
fills caches and pools.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from benchmarks._demo import Demo, demo
from benchmarks._lines import p99, show

REST_S = (1.0, 3.0)
LISTS = ("limit=50", "alert=late&limit=50", "alert=near&limit=50", "state=done&limit=50")


@dataclass
class Seen:
    """What all of them saw."""

    took_s: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    events: int = 0
    memory_mb: list[float] = field(default_factory=list)


def main() -> int:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(prog="./run bench users")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    with demo("--size", "street", "--days", "5") as here:
        seen = asyncio.run(_all(here, given.people, given.minutes * 60))
    return _tell(seen, given.people, given.minutes)


async def _all(here: Demo, people: int, seconds: float) -> Seen:
    seen = Seen()
    until = time.monotonic() + seconds
    doors = re.findall(r'name="username" value="([^"]+)"', httpx.get(f"{here.address}/login/").text)
    if not doors:
        raise RuntimeError("the demonstration offers no role to log in by")
    work = [_person(here, doors[n % len(doors)], n, until, seen) for n in range(people)]
    await asyncio.gather(_watch(here, until, seen), *work)
    return seen


async def _watch(here: Demo, until: float, seen: Seen) -> None:
    while time.monotonic() < until:
        seen.memory_mb.append(here.rss_mb())
        await asyncio.sleep(5)


async def _person(here: Demo, door: str, number: int, until: float, seen: Seen) -> None:
    """One person's day; a mistake of the server is counted and the day goes on."""
    dice = random.Random(number)
    async with httpx.AsyncClient(base_url=here.address, timeout=30) as client:
        await client.get("/login/")
        data = {"username": door, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = await client.post("/login/as/", data=data, headers={"Referer": here.address})
        if answer.status_code != 302:
            seen.errors[f"log-in {answer.status_code}"] += 1
            return
        feed = asyncio.create_task(_feed(client, until, seen))
        while time.monotonic() < until:
            await _round(client, dice, seen)
            await asyncio.sleep(dice.uniform(*REST_S))
        feed.cancel()


async def _round(client: httpx.AsyncClient, dice: random.Random, seen: Seen) -> None:
    listed = await _get(client, f"/api/v1/cases?{dice.choice(LISTS)}", seen)
    if dice.random() < 0.3:
        await _get(client, "/api/v1/overview", seen)
    rows = listed.json()["items"] if listed is not None else []
    if rows:
        number = dice.choice(rows)["number"]
        await _get(client, f"/api/v1/cases/{number}", seen)
        await _get(client, f"/api/v1/cases/{number}/trace", seen)


async def _get(client: httpx.AsyncClient, path: str, seen: Seen) -> httpx.Response | None:
    began = time.perf_counter()
    kind = path.partition("?")[0].split("/")[3]
    try:
        answer = await client.get(path)
    except httpx.HTTPError as error:
        seen.errors[f"{kind} {type(error).__name__}"] += 1
        return None
    seen.took_s.append(time.perf_counter() - began)
    if answer.status_code == 200:
        return answer
    # 403: this role has no such list; 404: the case has left what the person may see.
    book = seen.refused if answer.status_code in {403, 404} else seen.errors
    book[f"{kind} {answer.status_code}"] += 1
    return None


async def _feed(client: httpx.AsyncClient, until: float, seen: Seen) -> None:
    try:
        async with client.stream("GET", "/api/v1/live", timeout=None) as stream:
            if stream.status_code != 200:
                seen.errors[f"feed {stream.status_code}"] += 1
                return
            async for line in stream.aiter_lines():
                seen.events += line == "event: case"
        if time.monotonic() < until:
            seen.errors["feed ended"] += 1
    except httpx.HTTPError as error:
        seen.errors[f"feed {type(error).__name__}"] += 1


def _tell(seen: Seen, people: int, minutes: float) -> int:
    errors, fifth = sum(seen.errors.values()), max(1, len(seen.memory_mb) // 5)
    early = statistics.median(seen.memory_mb[fifth : 2 * fifth])
    last = statistics.median(seen.memory_mb[-fifth:])
    asked: dict[str, object] = {"people": people, "minutes": minutes, "requests": len(seen.took_s)}
    answered = len(seen.took_s) - sum(n for kind, n in seen.errors.items() if kind[-3:].isdigit())
    asked |= {"errors": dict(seen.errors), "refused_by_role": dict(seen.refused)}
    whole = answered + errors
    show("users.answered", answered, "answers", whole, whole, events=seen.events, **asked)
    show("users.memory", last, "MB at the end", round(1.05 * early, 1), early, below=True,
         growth=last / early - 1)  # fmt: skip
    show("users.p99", p99(seen.took_s) * 1e3, "ms", 1000, statistics.median(seen.took_s) * 1e3,
         below=True)  # fmt: skip
    return int(errors > 0 or last > 1.05 * early)
