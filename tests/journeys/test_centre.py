"""The operations centre: figures that open their cases, areas, the live feed, the map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import as_role, check_focus, check_touch, fits, room, shoot

READY, FIGURE = ".centre[data-ready]", ".centre a.figure"
WEBGL = ["--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle",
         "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
         "--ignore-gpu-blocklist"]  # fmt: skip
# Without a graphics card the map says so; that is not an error of the page.
FORGIVE = "WebGL|GL Driver"


def listed(page: Any, href: str) -> int:
    """How many cases the list behind a figure has."""
    question = href.partition("?")[2]
    answer = page.request.get(f"/api/v1/cases?{question}&order=received&limit=200")
    assert answer.status == 200, answer.text()
    return len(answer.json()["items"])


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (360, "en")])
def test_a_director_reads_the_figures_and_opens_their_cases(
    browser: Any, demo: str, width: int, lang: str
) -> None:
    with room(browser, demo, width=width, lang=lang, forgive=FORGIVE) as page:
        as_role(page, "district", "/centre/")
        page.wait_for_selector(READY)
        fits(page)
        check_axe(page)
        shoot(page, f"centre-{width}-{lang}", full=width < 600)
        if unlike_their_lists(page):  # a clock may have rung between a figure and its list
            page.reload()
            page.wait_for_selector(READY)
            assert not unlike_their_lists(page), "a figure and its list differ"
        if width < 600:
            check_touch_of_buttons(page)
            return
        check_focus(page, most=30)
        page.locator(FIGURE).first.click()
        page.wait_for_url(re.compile(r"/cases/\?area=\d+&since="))


def unlike_their_lists(page: Any) -> list[tuple[str, str]]:
    """Figures that are not as long as the list behind them."""
    shown = page.locator(FIGURE).evaluate_all(
        "all => all.map(a => [a.textContent.trim().replace(/,/g, ''), a.getAttribute('href')])"
    )
    assert len(shown) > 25
    return [(n, href) for n, href in shown[:24] if listed(page, href) != int(n)]


def check_touch_of_buttons(page: Any) -> None:
    """Buttons fit a thumb. Figures are links in running text, and their rows are far apart."""
    page.evaluate(
        "document.querySelectorAll('.centre a').forEach(a => a.setAttribute('inert', ''))"
    )
    check_touch(page)


def test_an_area_is_entered_by_its_row_and_left_by_the_path(browser: Any, demo: str) -> None:
    with room(browser, demo, forgive=FORGIVE) as page:
        as_role(page, "district", "/centre/")
        page.wait_for_selector(READY)
        whole = page.locator("h1").inner_text()
        page.locator(".strip .enter").first.click()
        page.wait_for_url(re.compile(r"area=\d+"))
        page.wait_for_function("old => document.querySelector('h1').innerText !== old", arg=whole)
        page.locator("header nav button").first.click()
        page.wait_for_function("old => document.querySelector('h1').innerText === old", arg=whole)


def test_what_happens_shows_within_the_second_and_can_be_held(browser: Any, demo: str) -> None:
    with room(browser, demo, forgive=FORGIVE) as page:
        as_role(page, "operator", "/centre/")
        page.wait_for_selector(READY)
        first = report(page, 1)
        line = page.locator(f'[role=log] a[title="{first}"]').first
        line.wait_for()
        page.get_by_role("button", name="暂停").click()
        second = report(page, 2)
        page.get_by_role("button", name=re.compile(r"继续 · \d+ 条新动态")).wait_for()
        assert page.locator(f'[role=log] a[title="{second}"]').count() == 0
        page.get_by_role("button", name=re.compile("继续")).click()
        page.locator(f'[role=log] a[title="{second}"]').first.wait_for()


def report(page: Any, n: int) -> str:
    """A report by telephone; its case number."""
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    answer = page.request.post(
        "/api/v1/reports",
        data={"channel": "hotline", "external_id": f"centre-{n}", "text": "小区门口路灯不亮"},
        headers={"X-CSRFToken": token},
    )
    assert answer.status == 201, answer.text()
    return str(answer.json()["number"])


def check_map_stays_where_it_was_led(page: Any) -> None:
    """Figures come anew all day; the map is where its reader has moved it."""
    page.evaluate("""() => { const map = document.querySelector('.canvas').libreMap;
      window.led = map.getZoom() + 0.3; window.turns = 0;
      map.on('movestart', () => { window.turns += 1; }); map.jumpTo({zoom: window.led}); }""")
    before = page.locator(".state time").get_attribute("title")
    page.wait_for_function(
        "old => document.querySelector('.state time').title !== old", arg=before, timeout=60_000
    )
    assert page.evaluate("window.turns") == 1, "new figures have moved the map"


@pytest.fixture(scope="module")
def drawing(browser: Any) -> Iterator[Any]:
    """A browser that draws maps on the processor."""
    opened = browser.browser_type.launch(executable_path=browser_path(browser), args=WEBGL)
    yield opened
    opened.close()


def browser_path(browser: Any) -> str:
    import shutil

    from tests.journeys.conftest import BROWSERS

    return next(p for p in map(shutil.which, BROWSERS) if p)


def test_the_map_shows_load_by_area_and_leads_into_it(drawing: Any, demo: str) -> None:
    small = {"width": 1200, "height": 700}
    with room(drawing, demo, viewport=small, forgive="GL Driver") as page:
        as_role(page, "district", "/centre/")
        page.wait_for_selector(".canvas[data-idle]", timeout=120_000)
        page.wait_for_selector(READY)
        page.locator("input[name=dots][value=all]").check(force=True)
        coloured = page.evaluate(
            """() => { const map = document.querySelector('.canvas').libreMap;
              const cells = map.queryRenderedFeatures({layers: ['shade-cell', 'shade-community']});
              return [cells.length, cells.filter(c => c.state.tone > 0).length]; }"""
        )
        assert coloured[0] > 3 and coloured[1] > 0, coloured
        shown = page.locator(".legend li").all_inner_texts()
        assert shown[0] == "0" and len(shown) >= 2
        shoot(page, "centre-map")
        check_map_stays_where_it_was_led(page)
        page.locator("input[name=dots][value=none]").check(force=True)
        box = page.locator(".maplibregl-canvas").bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.52)
        page.wait_for_url(re.compile(r"area=\d+"))
