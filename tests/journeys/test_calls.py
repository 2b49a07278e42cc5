"""The hotline: several matters in one call, the same caller again, another one about the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.casework import Casework
from tests.journeys.rooms import as_role, check_focus, check_touch, fits, holds, room, shoot

PHONE = "13800002468"
LAMP = "小区东门口的路灯坏了三天，晚上一片漆黑，老人出门看不见路。"
WASTE = "另外楼下垃圾桶满了没人清运，味道很大，苍蝇到处飞。"
NOISE = "还有工地半夜一点还在施工，机器噪音大，孩子没法睡觉。"
FOCUSED = "id => document.activeElement?.id.startsWith(id)"


@pytest.fixture(scope="module")
def work(browser: Any, demo: str) -> Iterator[Casework]:
    found = Casework(browser, demo)
    yield found
    found.close()


def somewhere(work: Casework) -> str:
    """The name of the community that `Casework.report` reports from."""
    areas = work.ask("operator", "places/areas?level=community&limit=1")["items"]
    return str(areas[0]["name_zh"])


def ring(page: Any, words: str) -> None:
    """The number, Enter, what is said: by keyboard alone."""
    page.wait_for_function(FOCUSED, arg="phone")
    page.keyboard.type(PHONE)
    page.keyboard.press("Enter")
    page.wait_for_function(FOCUSED, arg="words-")
    page.keyboard.insert_text(words)


def numbers(page: Any) -> list[str]:
    page.locator("[data-number]").first.wait_for()
    return [str(e.get_attribute("data-number")) for e in page.locator("[data-number]").all()]


def test_three_matters_in_one_call_then_the_same_caller_again_by_keyboard_alone(
    browser: Any, demo: str, work: Casework
) -> None:
    place = somewhere(work)
    with room(browser, demo) as page:
        as_role(page, "operator", "/calls/")
        check_focus(page)
        page.locator("#phone").focus()
        ring(page, f"我在{place}。{LAMP}{WASTE}{NOISE}")
        page.locator("[data-split]").focus()
        check_axe(page)
        shoot(page, "calls-several-1440-zh", full=True)
        page.keyboard.press("Enter")
        cards = page.locator(".matter")
        cards.nth(2).wait_for()
        assert cards.count() == 3
        page.locator(".matter fieldset").nth(2).wait_for()
        check_axe(page)
        shoot(page, "calls-split-1440-zh", full=True)
        page.keyboard.press("Control+Enter")
        found = numbers(page)
        assert len(set(found)) == 3
        page.wait_for_function(FOCUSED, arg="next")
        assert "2 小时" in page.inner_text(".read")
        check_axe(page)
        shoot(page, "calls-done-1440-zh", full=True)
        page.emulate_media(media="print")
        page.locator(".slip .qr path").nth(2).wait_for()
        assert page.locator(".slip").is_visible()
        page.emulate_media(media="screen")

        page.locator("#next").focus()  # what is hidden on paper loses it
        page.keyboard.press("Enter")
        ring(page, "又打来了")
        page.locator(f"[data-earlier='{found[0]}'] button").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(FOCUSED, arg="say-")
        page.keyboard.insert_text("都三天了还没人来，再不来我就去投诉")
        shoot(page, "calls-again-1440-zh", full=True)
        page.keyboard.press("Control+Enter")
        page.locator(".told", has_text=found[0]).wait_for()
    said = work.ask("dispatcher", f"cases/{found[0]}/trace")
    rows = said if isinstance(said, list) else said["items"]
    assert any(r["kind"] == "case.said" for r in rows)


@pytest.mark.parametrize(("width", "lang", "dark"), [(360, "zh", False), (1440, "en", True)])
def test_another_caller_about_an_open_case_gets_a_number_and_joins_it(
    browser: Any, demo: str, work: Casework, width: int, lang: str, dark: bool
) -> None:
    heap = f"文化墙前人行道上堆放建筑垃圾，挡住第{width}号门"
    known = work.handling(title=heap, text=heap)
    with room(browser, demo, width=width, lang=lang, dark=dark) as page:
        as_role(page, "operator", f"/calls/#phone={PHONE}")
        page.wait_for_function(FOCUSED, arg="words-")
        assert page.input_value("#phone") == PHONE
        assert "#" not in page.url, "the number stays in no history"
        page.locator("textarea").first.fill(f"{somewhere(work)}里，{heap}")
        page.locator(f"[data-alike='{known}'] button").click()
        fits(page)
        check_axe(page)
        if width < 600:
            check_touch(page)
        shoot(page, f"calls-alike-{width}-{lang}", full=True)
        page.click("#take")
        [own] = numbers(page)
        assert own != known
        shoot(page, f"calls-joined-{width}-{lang}", full=True)
    assert work.ask("dispatcher", f"cases/{own}")["merged_into"] == known


def test_a_call_that_rings_meanwhile_takes_nothing_away(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "operator", "/calls/")
        page.wait_for_function(FOCUSED, arg="phone")
        page.locator("textarea").first.fill("写到一半")
        page.evaluate("() => { location.hash = '#phone=13900001357' }")
        page.locator(".waiting", has_text="13900001357").wait_for()
        holds(page, "textarea", "写到一半")
        page.locator(".waiting button").click()
        holds(page, "#phone", "13900001357")
        assert page.locator("textarea").first.input_value() == ""
        page.keyboard.press("Control+Enter")
        page.locator(".matter .problem").wait_for()
        assert re.search("写下来", page.inner_text(".matter .problem"))
