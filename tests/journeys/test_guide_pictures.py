"""The pictures of the guides, as each post sees its room; then `cityloop docs screenshots`."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.journeys.rooms import answered, as_role, room, shoot

pytestmark = pytest.mark.skipif(
    "CITYLOOP_PICTURES" not in os.environ,
    reason="takes pictures for the guides; set CITYLOOP_PICTURES=1 to renew them",
)
DESK, PHONE = 1200, 360
MAP = ".the-map .canvas"
SAID = "小区东门口的路灯坏了三天，晚上看不见路。另外楼下垃圾桶满了没人清运，味道很大。"
# name, role ("" = nobody logged in), address, width, what must be there
SHOTS = (
    ("desk", "acceptor", "/cases/", DESK, "input[type=search]"),
    ("case", "acceptor", "case", DESK, "h1"),
    ("calls", "operator", "/calls/", DESK, "#phone"),
    ("centre", "district", "/centre/", DESK, ".centre[data-ready]"),
    ("supervision", "district", "/supervision/", DESK, "h1"),
    ("manage", "system", "/manage/", DESK, "h1"),
    ("elements", "district", "/elements/?kind=component.lamp", DESK, ".middle tbody tr"),
    ("models", "system", "/manage/models/", DESK, "[data-model]"),
    ("worker", "worker", "/worker/", PHONE, "#main h1, #main h2"),
    ("report", "", "/report/", PHONE, "h1"),
)


def some_case(page: Any) -> str:
    """The address of the first open case."""
    found = page.context.request.get("/api/v1/cases?limit=1").json()["items"]
    return f"/cases/{found[0]['number']}/"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pictures_of_the_guides(browser: Any, demo: str, lang: str) -> None:
    for name, role, address, width, there in SHOTS:
        with room(browser, demo, width=width, lang=lang) as page:
            if role:
                as_role(page, role)
                page.context.request.get("/api/v1/me")
            page.goto(some_case(page) if address == "case" else address)
            page.wait_for_selector(there)
            answered(page)
            if page.locator(MAP).count():
                page.locator(f"{MAP}[data-idle]").first.wait_for()
            decline = page.locator(".invite .btn.plain")
            if decline.count():
                decline.click()
            if name == "desk":  # a demo without simulator leaves nothing in the own queue
                page.keyboard.press("g")
                page.keyboard.press("a")
                page.wait_for_selector("[role=row]")
            if name == "calls":
                page.locator("textarea").fill(SAID)
                page.locator("[data-split]").wait_for()
            shoot(page, f"guide-{name}" + ("-en" if lang == "en" else ""))
