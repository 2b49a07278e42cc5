"""Typing where it is: a citizen on a phone, an acceptor at the centre's map."""

from __future__ import annotations

import json
import os
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import REPO, answered, as_role, check_touch, fits, room, shoot

INDEXED_S = 60


@pytest.fixture(autouse=True)
def _built() -> None:
    built = Path(os.environ.get("CITYLOOP_FRONT") or REPO / "frontend" / "dist") / "portal.html"
    if not built.is_file():
        pytest.skip("the portal is not built: ./run front")


@pytest.fixture(scope="module")
def compound(demo: str) -> str:
    """A compound that the index knows; the worker enters the names when the demo has come up."""
    end = time.monotonic() + INDEXED_S
    while time.monotonic() < end:
        asked = urllib.parse.quote("小区")
        with urllib.request.urlopen(f"{demo}/api/v1/places/search?q={asked}&limit=20") as answer:
            items = json.load(answer)["items"]
        names = [i["name_zh"] for i in items if i["kind"] == "compound" and i["lon"]]
        if names:
            return str(names[0])
        time.sleep(0.5)
    pytest.fail("the names of the demo were not indexed")


def test_a_citizen_types_a_beginning_and_chooses_by_keyboard(
    browser: Any, demo: str, compound: str
) -> None:
    for lang, width in (("zh", 360), ("en", 1440)):
        with room(browser, demo, width=width, lang=lang) as page:
            page.goto("/report/")
            page.fill("#address", compound[:2])
            page.wait_for_selector("#address-list li")
            shoot(page, f"place-search-{width}-{lang}")
            check_axe(page)
            fits(page)
            if width == 360:
                check_touch(page)
            with page.expect_response("**/places/search?*"):  # of all that is typed
                page.fill("#address", compound)
            answered(page)
            page.locator("#address-list li .name", has_text=compound).first.wait_for()
            page.keyboard.press("ArrowDown")
            page.wait_for_selector("#address[aria-activedescendant='address-0']")
            page.keyboard.press("Enter")
            page.wait_for_selector(".place .hint:has-text('✓')")
            assert compound in page.input_value("#address")


def test_the_centre_goes_to_a_place_that_is_typed(browser: Any, demo: str, compound: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "district", "/centre/")
        page.fill("#centre-place", compound)
        page.locator("#centre-place-list li").first.click()
        page.wait_for_selector(".maplibregl-marker")
        shoot(page, "place-search-centre-zh")
