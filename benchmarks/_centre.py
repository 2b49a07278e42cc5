"""The operations centre in Chromium: how soon it is useful, what a frame costs, how live it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks._centre_stays import COUNTED, stays
from benchmarks._lines import show
from benchmarks._places import Server, served

DESK, SMALL = {"width": 1440, "height": 900}, {"width": 800, "height": 500}
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
         "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]  # fmt: skip
# A new window of the browser prepares pages of its own (search in tabs): 0.6 CPU-s that nobody
# waits for who opens an address in a window that stands.
WINDOW_MS = 2_000
GOAL_VIEW_MS, GOAL_LIVE_MS, GOAL_MAP_KB = 2500, 1000, 300
# CPU-ms a frame of the measured prototype: 800 x 500 without antialiasing, and 1440 x 900.
PROTOTYPE_FRAME = {"800x500": 616, "1440x900": 1516}
FRAMES, REPORTS = 20, 30
# Figures are in the page, the map has drawn its outlines and the open cases are on them.
USEFUL = """() => {
  const map = document.querySelector('.canvas')?.libreMap;
  return document.querySelector('.centre[data-figures]') && map?.areTilesLoaded()
    && document.querySelector('.centre .legend ul li');
}"""
SPIN = """async frames => {
  const map = document.querySelector('.canvas').libreMap, at = map.getCenter();
  for (let n = 0; n < frames; n++) {
    map.jumpTo({center: [at.lng + 0.0005 * Math.sin(n), at.lat + 0.0005 * Math.cos(n)]});
    await new Promise(done => map.once('render', done));
  }
}"""
WATCH = """() => {
  window.seen = {};
  const look = () => document.querySelectorAll('.centre [role=log] a').forEach(a => {
    const number = a.getAttribute('title');
    window.seen[number] ??= Date.now();
  });
  const all = {subtree: true, childList: true};
  new MutationObserver(look).observe(document.querySelector('.centre'), all);
}"""


def measure(kept: dict[str, Any], *, quick: bool, shots: str, stay: bool = False) -> int:
    """Print the figures; 1 when a goal was missed. stay: also what a page left open comes to."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no Chromium here: apt install chromium")
    runs, good = (1 if quick else 5), True
    # The district is kept from one run to the next, the tables may have grown since.
    migrate = [sys.executable, "-m", "cityloop.config.cli", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, check=True)
    with served() as server, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        good &= _first_view(browser, server, kept, runs, shots)
        good &= _answers(server, kept)
        for size in (SMALL, DESK):
            good &= _frames(browser, server, kept, size, shots)
        good &= _live(browser, server, kept, 5 if quick else REPORTS)
        if stay:
            page = _opened(_entered(browser, server, kept, DESK), COUNTED)[0]
            good &= stays(page, f"http://127.0.0.1:{server.port}", kept["token"])
        browser.close()
    return 0 if good else 1


def _entered(browser: Browser, server: Server, kept: dict[str, Any], size: Any) -> BrowserContext:
    """A window of somebody who has logged in."""
    address = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(viewport=size, base_url=address, locale="zh-CN")
    shown = context.request.get("/login/").text()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    assert token, "the log-in page has no form"
    form = {"username": kept["user"], "password": kept["password"],
            "csrfmiddlewaretoken": token[1], "next": "/centre/"}  # fmt: skip
    answer = context.request.post(
        "/login/", form=form, headers={"Referer": f"{address}/login/"}, max_redirects=0
    )
    assert answer.status == 302, f"nobody was let in: {answer.status}"
    return context


def _opened(context: BrowserContext, before: str = "") -> tuple[Page, float, float, float]:
    """The centre; milliseconds until it was useful; those that its main thread, and that the whole
    browser worked."""
    page = context.new_page()
    if before:
        page.add_init_script(before)
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(WINDOW_MS)
    burnt, began = _cpu_s(), time.perf_counter()
    page.goto("/centre/", wait_until="commit")
    page.wait_for_function(USEFUL, timeout=120_000, polling=50)
    took, burnt = (time.perf_counter() - began) * 1e3, (_cpu_s() - burnt) * 1e3
    told = session.send("Performance.getMetrics")["metrics"]
    return page, took, next(m["value"] for m in told if m["name"] == "TaskDuration") * 1e3, burnt


def _first_view(
    browser: Browser, server: Server, kept: dict[str, Any], runs: int, shots: str
) -> bool:
    """Cold: nothing in the browser. Warm: the second time of the day. Tiles are in the store."""
    cold, warm, cpu, thread, served_ms = [], [], [], [], []
    for n in range(runs + 1):
        context = _entered(browser, server, kept, DESK)
        answered = server.cpu_s()
        page, first, worked, spent = _opened(context)
        answered = (server.cpu_s() - answered) * 1e3
        if shots and n == 1:
            page.screenshot(path=str(Path(shots) / "centre-28000.png"), timeout=60_000)
        page.close()
        again = _opened(context)[1]
        if n or not runs:  # the first makes the tiles
            cold.append(first)
            warm.append(again)
            cpu.append(spent)
            thread.append(worked)
            served_ms.append(answered)
        context.close()
    for name, took in (("cold", cold), ("warm", warm)):
        show(f"centre.first_view.{name}", statistics.median(took), "ms", GOAL_VIEW_MS,
             statistics.median(cpu), below=True, worst=max(took), best=min(took), runs=len(took),
             browser_cpu_ms=statistics.median(cpu), main_thread_ms=statistics.median(thread),
             server_cpu_ms=statistics.median(served_ms), load=os.getloadavg()[0])  # fmt: skip
    return statistics.median(cold) <= GOAL_VIEW_MS


def _answers(server: Server, kept: dict[str, Any]) -> bool:
    """What the page asks for: size and processor time of each answer."""
    good = True
    for name, path in (("map", "overview/map"), ("now", "overview/centre"),
                       ("period", "overview/period")):  # fmt: skip
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}/api/v1/{path}",
            headers={"Authorization": f"Bearer {kept['token']}", "Accept-Encoding": "gzip"},
        )
        taken, size = [], 0
        for _ in range(5):
            time.sleep(0.3)  # beyond the quarter of a second for which an answer is kept
            began = time.perf_counter()
            with urllib.request.urlopen(request) as answer:
                size = len(answer.read())
            taken.append((time.perf_counter() - began) * 1e3)
        goal = GOAL_MAP_KB if name == "map" else 50
        show(f"centre.answer.{name}", size / 1e3, "kB", goal, goal, below=True,
             ms=statistics.median(taken), first_ms=taken[0])  # fmt: skip
        good &= size / 1e3 <= goal
    return good


def _frames(browser: Browser, server: Server, kept: dict[str, Any], size: Any, shots: str) -> bool:
    """Processor time of a frame while the map is moved, cells and cases on it."""
    name = f"{size['width']}x{size['height']}"
    context = _entered(browser, server, kept, size)
    page = _opened(context)[0]
    # The map alone in the window, at a zoom where every cell is drawn; all cases as dots.
    page.evaluate("document.querySelector('.centre .middle').style.cssText = "
                  "'position: fixed; inset: 0; z-index: 9'")  # fmt: skip
    page.locator(".layers input[name=dots][value=all]").check(force=True)
    page.evaluate("""async () => { const map = document.querySelector('.canvas').libreMap;
      map.resize(); map.jumpTo({zoom: 14}); await new Promise(done => map.once('idle', done)); }""")
    if shots:
        page.screenshot(path=str(Path(shots) / f"centre-map-{name}.png"), timeout=60_000)
    page.evaluate(SPIN, 3)
    burnt = _cpu_s()
    page.evaluate(SPIN, FRAMES)
    each = (_cpu_s() - burnt) * 1e3 / FRAMES
    context.close()
    show(f"centre.frame.{name}", each, "CPU-ms", PROTOTYPE_FRAME[name], PROTOTYPE_FRAME[name],
         below=True, frames=FRAMES)  # fmt: skip
    return each <= PROTOTYPE_FRAME[name]


def _live(browser: Browser, server: Server, kept: dict[str, Any], count: int) -> bool:
    """From the answer to a report (it is committed then) to its line on another's screen."""
    context = _entered(browser, server, kept, DESK)
    page = _opened(context)[0]
    page.evaluate(WATCH)
    sent: dict[str, float] = {}
    for n in range(count):
        number = _report(server, kept["token"], n)
        sent[number] = time.time() * 1e3
        page.wait_for_timeout(150 + 37 * (n % 5))
    page.wait_for_function(
        "numbers => numbers.every(n => window.seen[n])", arg=list(sent), timeout=30_000
    )
    seen = page.evaluate("window.seen")
    took = sorted(max(0.0, seen[number] - at) for number, at in sent.items())
    context.close()
    p95 = took[min(len(took) - 1, round(0.95 * len(took)))]
    show("centre.live.commit_to_screen", p95, "ms", GOAL_LIVE_MS, statistics.median(took),
         below=True, p50=statistics.median(took), worst=took[-1], reports=count)  # fmt: skip
    return p95 <= GOAL_LIVE_MS


def _report(server: Server, token: str, n: int) -> str:
    given = {"channel": "bench", "external_id": f"{time.time_ns()}-{n}", "title": "合成上报",
             "text": "路灯不亮", "lon": 116.78, "lat": 39.11, "crs": "wgs84"}  # fmt: skip
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/v1/reports",
        data=json.dumps(given).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return str(json.loads(answer.read())["number"])


def _cpu_s() -> float:
    """Processor seconds of all processes below this one but the server: the browser's."""
    tick, total = os.sysconf("SC_CLK_TCK"), 0.0
    parents, spent, names = {}, {}, {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        name, _, rest = text.partition("(")[2].rpartition(")")
        fields = rest.split()
        pid = int(folder.name)
        parents[pid], names[pid] = int(fields[1]), name
        spent[pid] = (int(fields[11]) + int(fields[12])) / tick
    for pid in parents:
        if "chrom" in names[pid] and _is_below(pid, os.getpid(), parents):
            total += spent[pid]
    return total


def _is_below(pid: int, top: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid == top:
            return True
        pid = parents[pid]
    return False
