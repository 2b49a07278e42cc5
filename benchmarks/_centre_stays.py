"""The centre left open: many events one after the other, then a page put aside."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Page

from benchmarks._lines import show

EVENTS, ROUNDS = 2_400, 4
GOAL_GROWTH = 0.05
# Before any script: what is set going and not ended again.
COUNTED = """window.going = new Set();
for (const [set, clear] of [['setInterval', 'clearInterval'], ['setTimeout', 'clearTimeout']]) {
  const begin = window[set], end = window[clear];
  window[set] = (act, ...more) => {
    const id = begin((...given) => { if (set === 'setTimeout') going.delete(id); act(...given); },
      ...more);
    going.add(id);
    return id;
  };
  window[clear] = id => { going.delete(id); end(id); };
}"""
ASIDE = """hidden => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SHOWN = "text => [...document.querySelectorAll('.centre [role=log] a')].some(a => a.title === text)"


def stays(page: Page, root: str, token: str, *, events: int = EVENTS) -> bool:
    """A page of the centre that is open and ready; `page` began with COUNTED.

    The first of four rounds of events fills what is kept on purpose (forty lines of the feed, the
    browser's own pools); growth is that of the other three.
    """
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable")
    numbers = _numbers(root, token)
    seen = []
    for turn in range(ROUNDS):
        for n in range(events // ROUNDS):
            _comment(root, token, numbers[n % len(numbers)], f"{turn}.{n}")
        _arrived(page, root, token, numbers[0], f"end of round {turn}")
        seen.append(_weighed(page, line))
    first, last = seen[0], seen[-1]
    growth = last["heap_mb"] / first["heap_mb"] - 1
    same = {key: [round(one[key]) for one in seen] for key in ("nodes", "listeners", "going")}
    show("centre.stays.heap", last["heap_mb"], "MB", round(first["heap_mb"] * (1 + GOAL_GROWTH), 2),
         first["heap_mb"], below=True, events=events, growth=growth, rounds=same)  # fmt: skip
    good = growth <= GOAL_GROWTH and last["nodes"] <= 1.02 * first["nodes"]
    good &= last["listeners"] <= first["listeners"] and last["going"] <= first["going"] + 2
    return good & _put_aside(page, root, token, numbers)


def _put_aside(page: Page, root: str, token: str, numbers: list[str]) -> bool:
    """Hidden, it asks nothing, and hears; shown again, it has this moment at once."""
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/overview/" in r.url else None)
    page.evaluate(ASIDE, True)
    for number in numbers[:20]:
        _comment(root, token, number, "aside")
    _arrived(page, root, token, numbers[21], "aside")
    page.wait_for_timeout(3_000)
    hidden = len(asked)
    with page.expect_request(lambda r: "/overview/centre" in r.url, timeout=5_000):
        page.evaluate(ASIDE, False)
    show("centre.stays.asked_while_hidden", hidden + 1e-9, "requests", 0.5, 1, below=True)
    return hidden == 0


def _arrived(page: Page, root: str, token: str, number: str, text: str) -> None:
    _comment(root, token, number, text)
    page.wait_for_function(SHOWN, arg=number, timeout=60_000)


def _weighed(page: Page, line: Any) -> dict[str, float]:
    """What the page holds, after it has come to rest and its rubbish is gone."""
    page.wait_for_function(
        "() => document.querySelector('.canvas').libreMap.loaded()", timeout=60_000
    )
    page.wait_for_timeout(2_500)  # the figures that the last event stirred
    line.send("HeapProfiler.enable")
    line.send("HeapProfiler.collectGarbage")
    told = {m["name"]: m["value"] for m in line.send("Performance.getMetrics")["metrics"]}
    return {
        "heap_mb": told["JSHeapUsedSize"] / 1e6, "nodes": told["Nodes"],
        "listeners": told["JSEventListeners"], "going": page.evaluate("going.size"),
    }  # fmt: skip


def _numbers(root: str, token: str) -> list[str]:
    found = _called(f"{root}/api/v1/cases?limit=200", token)
    return [row["number"] for row in found["items"]]


def _comment(root: str, token: str, number: str, text: str) -> None:
    _called(f"{root}/api/v1/cases/{number}/moves/comment", token, {"text": text})


def _called(address: str, token: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        address,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())
