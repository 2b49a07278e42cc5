"""Help in place: tours, exercises, usage figures, guides; by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import Any

from tests.journeys.axe import check_axe
from tests.journeys.rooms import (
    HOSTILE,
    answered,
    as_role,
    assert_inert,
    check_focus,
    check_touch,
    fits,
    room,
    shoot,
)


def begin_exercise(page: Any, role: str) -> None:
    page.click(f"[data-start={role}]")
    page.wait_for_selector(".matter")


def pick(page: Any, move: str) -> None:
    page.check(f".answer input[name=move][value={move}]")


def test_a_new_acceptor_takes_the_tour_once_and_again_from_the_menu(
    browser: Any, demo: str
) -> None:
    with room(browser, demo) as page:
        as_role(page, "acceptor", "/help/guide/")
        page.click(".invite .btn.main")
        page.wait_for_selector(".tour .words")
        check_axe(page)
        shoot(page, "help-tour-1440")
        page.wait_for_function("() => document.activeElement.id === 'tour-title'")
        # The tour covers nothing that work needs: what is behind it answers.
        page.click("nav .section >> nth=1")
        page.wait_for_url("**/help/practice/")
        assert page.locator(".tour .words").is_visible()
        page.keyboard.press("Escape")
        page.wait_for_selector(".tour", state="detached")

        page.reload()
        page.wait_for_selector(".help-menu .opener")
        answered(page)
        assert page.locator(".invite").count() == 0
        page.focus(".help-menu .opener")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".tour .words")
        for _ in range(12):
            if not page.locator(".tour .go .main").count():
                break
            page.click(".tour .go .main")
        page.wait_for_selector(".tour", state="detached")
        page.wait_for_function("() => document.activeElement.className.includes('opener')")


def test_an_exercise_refuses_as_the_platform_does_and_says_what_is_better(
    browser: Any, demo: str
) -> None:
    with room(browser, demo) as page:
        as_role(page, "acceptor", "/help/practice/")
        begin_exercise(page, "acceptor")
        assert "虚构" in page.inner_text(".band")
        pick(page, "reject")
        page.click(".answer [type=submit]")
        page.locator(".notice", has_text="理由").wait_for()
        for number in range(5):
            pick(page, "reject")
            page.fill("#reason", HOSTILE["event attribute"])
            page.click(".answer [type=submit]")
            page.wait_for_selector(".verdict")
            assert page.get_attribute(".matter", "data-mark") in {"good", "fair", "wrong"}
            if number == 0:
                check_axe(page)
                shoot(page, "help-verdict-1440")
            if number < 4:
                page.click("[data-next]")
                page.wait_for_selector(".answer")
        page.wait_for_selector(".over")
        page.locator(".list .mark svg").nth(4).wait_for()
        assert page.locator(".list .mark svg").count() == 5
        assert_inert(page)
        page.click(".over a")
        page.wait_for_selector("table.plain tbody tr")
        check_axe(page)
        shoot(page, "help-practice-1440")


def test_a_grid_worker_practises_on_a_phone_in_english(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360, lang="en") as page:
        as_role(page, "worker", "/help/practice/")
        page.wait_for_selector("[data-start=grid_worker]")
        fits(page)
        check_axe(page)
        begin_exercise(page, "grid_worker")
        fits(page)
        check_touch(page, least=36)
        check_axe(page)
        shoot(page, "help-run-360-en")
        assert re.search(r"1 of 4", page.inner_text(".matter"))
        assert not re.search(r"[\u4e00-\u9fff]", page.inner_text(".answer"))


def test_the_record_is_shown_by_consent_and_taken_back(browser: Any, demo: str) -> None:
    with room(browser, demo) as page, room(browser, demo) as superior:
        as_role(page, "handler", "/help/practice/")
        begin_exercise(page, "handler")
        page.goto("/help/practice/")
        with page.expect_response("**/practice/consent"):
            page.check(".agree input")
        as_role(superior, "lead", "/help/practice/")
        superior.wait_for_selector("details")
        name = page.inner_text(".me b")
        superior.locator("#main", has_text=name).wait_for()
        with page.expect_response("**/practice/consent"):
            page.uncheck(".agree input")
        superior.reload()
        superior.wait_for_selector("#main h2")
        answered(superior)
        assert name not in superior.inner_text("#main")


def test_usage_shows_counts_to_those_who_answer_for_it(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "district", "/help/usage/")
        page.wait_for_selector(".tiles .figure")
        page.select_option(".card .period select", "2")
        answered(page)
        check_axe(page)
        shoot(page, "help-usage-1440")
        check_focus(page, most=40)
        page.locator(".own tbody tr").nth(5).wait_for()
    with room(browser, demo, width=360, lang="en", dark=True) as page:
        as_role(page, "worker", "/help/usage/")
        page.wait_for_selector(".own table")
        assert page.locator(".tiles").count() == 0
        fits(page)
        check_axe(page)
        shoot(page, "help-usage-360-en-dark", full=True)


def test_the_guide_of_the_own_post_opens_in_both_languages(browser: Any, demo: str) -> None:
    for lang, width in (("zh", 1440), ("en", 360)):
        with room(browser, demo, lang=lang, width=width) as page:
            as_role(page, "dispatcher", "/help/guide/")
            page.wait_for_selector("article h1")
            answered(page)
            assert ("派遣" in page.inner_text("article h1")) == (lang == "zh")
            fits(page)
            check_axe(page)
            shoot(page, f"help-guide-{width}-{lang}")
