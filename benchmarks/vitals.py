"""What a slow phone gets: bytes, first paint, largest paint, blocked time, shifts, by page.

./run bench vitals              portal, follow, worker's app; phone of 360 px
./run bench vitals --runs 5

Chromium slowed to a quarter of this machine's speed and to a slow 4G line (1.6 Mbit/s down,
0.75 up, 150 ms), as Lighthouse does for its mobile figures; cold cache each run; medians. What is
transferred counts compressed, headers included. The limits printed beside are those of the web
vitals ("good": largest paint 2.5 s, shift 0.1), and 200 kB for the portal's first view.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks._demo import Demo, demo
from benchmarks._lines import show

PHONE = {"width": 360, "height": 740}
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
SETTLED_MS = 1_000
WATCH = """
window.__seen = {lcp: 0, cls: 0, blocked: 0};
const on = (type, then) => new PerformanceObserver(list => list.getEntries().forEach(then))
  .observe({type, buffered: true});
on('largest-contentful-paint', e => { window.__seen.lcp = e.startTime; });
on('layout-shift', e => { if (!e.hadRecentInput) window.__seen.cls += e.value; });
on('longtask', e => { window.__seen.blocked += Math.max(0, e.duration - 50); });
"""
ASK = """() => ({...window.__seen,
  fcp: (performance.getEntriesByName('first-contentful-paint')[0] || {startTime: 0}).startTime})"""
# address, role, what the page is for: a network that rests does not say that it is there yet
PAGES = {
    "portal": ("/", "", "main"),
    "report": ("/report/", "", "main form"),
    "worker": ("/worker/", "worker", ".home a.patrol"),
}
LIMITS = {"portal": 200, "report": 260, "worker": 400}


def main() -> int:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(prog="./run bench vitals")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no Chromium here: apt install chromium")
    failed = 0
    small = ("--size", "community", "--days", "2", "--no-simulator")
    with demo(*small) as here, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, role, content) in PAGES.items():
            runs = [_once(browser, here, path, role, content) for _ in range(given.runs)]
            failed += _tell(name, runs)
        browser.close()
    return int(failed > 0)


def _once(browser: Browser, here: Demo, path: str, role: str, content: str) -> dict[str, float]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True)
    page = context.new_page()
    if role:
        _enter(page, here, role)
        page.goto("about:blank")
    line = context.new_cdp_session(page)
    received = _counted(line)
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", SLOW)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(here.address + path, wait_until="networkidle", timeout=120_000)
    page.locator(content).first.wait_for(timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    seen: dict[str, float] = page.evaluate(ASK)
    context.close()
    return {**seen, "kb": sum(received) / 1000}


def _counted(line: CDPSession) -> list[float]:
    received: list[float] = []
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))
    return received


def _enter(page: Page, here: Demo, role: str) -> None:
    """Log in by the demonstration's door whose account is of this role."""
    page.goto(f"{here.address}/login/")
    page.locator(f'button[name="username"][value*="{role}"]').first.click()
    page.wait_for_load_state()


def _tell(name: str, runs: list[dict[str, Any]]) -> int:
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    most = LIMITS[name]
    show(f"vitals.{name}.transferred", middle["kb"], "kB", most, most, below=True)
    show(f"vitals.{name}.largest_paint", middle["lcp"], "ms", 2500, middle["fcp"], below=True,
         first_paint_ms=middle["fcp"], blocked_ms=middle["blocked"])  # fmt: skip
    show(f"vitals.{name}.shift", middle["cls"] + 1e-6, "layout shift", 0.1, 0.1, below=True)
    return int(middle["kb"] > most or middle["lcp"] > 2500 or middle["cls"] > 0.1)
