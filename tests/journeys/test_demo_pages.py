"""A citizen's report goes through every desk to its closing, by clicks on the pages alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.business.cases.stories import jpeg

WORDS = "小区东门口的路灯坏了三天，晚上一片漆黑，老人出门看不见路"


@pytest.fixture
def open_page(browser: Any, demo: str) -> Iterator[Callable[..., Any]]:
    """Opens a fresh window; errors of scripts and refused resources fail the test."""
    contexts, troubles = [], []

    def open_page(**given: Any) -> Any:
        given.setdefault("viewport", {"width": 1280, "height": 900})
        context = browser.new_context(base_url=demo, locale="zh-CN", **given)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: "Content Security Policy" in said.text and troubles.append(said.text),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def enter(page: Any, username: str, to: str = "") -> None:
    page.goto(f"/login/?next={to}" if to else "/login/")
    page.click(f"button[value={username}]")
    page.wait_for_url(re.compile(r"^(?!.*/login/).*$"))


def make(page: Any, username: str, number: str, move: str, **fields: str) -> None:
    """One move by one role, from the case's page."""
    enter(page, username, f"/cases/{number}/")
    page.click(f"button[data-move={move}]")
    for name, value in fields.items():
        page.fill(f".move-form [name={name}]", value)
    photo = page.locator(".move-form [name=photo]")
    if move == "finish" and photo.count():
        photo.set_input_files({"name": "after.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    state = page.get_attribute("#state", "data-state")
    page.click(".move-form button.main")
    page.wait_for_function(
        "before => document.querySelector('#state')?.dataset.state !== before", arg=state
    )


def figure(page: Any, measure: str) -> int:
    page.wait_for_selector(f"a[data-measure={measure}] b")
    return int(page.inner_text(f"a[data-measure={measure}] b"))


def test_one_click_shows_live_figures(open_page: Callable[..., Any]) -> None:
    page = open_page()

    enter(page, "try_district")

    assert figure(page, "reported") > 0
    page.wait_for_selector("#map svg .community")
    page.wait_for_function("() => document.querySelector('#live-state').textContent.includes('●')")
    assert page.locator("#departments tbody tr").count() > 3


def test_a_report_goes_through_every_desk_to_the_citizens_answer(
    open_page: Callable[..., Any],
) -> None:
    watching = open_page()
    enter(watching, "try_district")
    closed_before = figure(watching, "closed")

    citizen = open_page(viewport={"width": 360, "height": 780})
    citizen.goto("/report/")
    citizen.fill("#words", WORDS)
    citizen.wait_for_selector("#map svg .community")
    citizen.click("#map", position={"x": 168, "y": 140})
    citizen.click("#send")
    citizen.wait_for_selector("#number")
    number = citizen.inner_text("#number")
    citizen.click("#follow-link")
    citizen.wait_for_selector("#state")
    assert "[object" not in citizen.inner_text("main")

    desk = open_page()
    enter(desk, "try_acceptor", f"/cases/{number}/")
    desk.wait_for_selector("#state")
    if desk.get_attribute("#state", "data-state") == "reported":
        make(desk, "try_acceptor", number, "file")
    if desk.get_attribute("#state", "data-state") == "filed":
        enter(desk, "try_dispatcher", f"/cases/{number}/")
        desk.click("button[data-move=dispatch]")
        desk.select_option(".move-form [name=lead]", "municipal")
        desk.click(".move-form button.main")
        desk.wait_for_selector("#state[data-state=dispatched]")
    make(desk, "try_handler", number, "accept")
    make(desk, "try_handler", number, "finish", text="已更换灯具，恢复照明。")
    make(desk, "try_worker", number, "pass")
    make(desk, "try_acceptor", number, "close")

    citizen.reload()
    citizen.click("button[data-say=good]")
    citizen.wait_for_selector("#state[data-state=evaluated]")

    watching.wait_for_function(
        "n => Number(document.querySelector('a[data-measure=closed] b').textContent) > n",
        arg=closed_before,
        timeout=20_000,
    )


def test_pages_fit_a_narrow_screen(open_page: Callable[..., Any]) -> None:
    page = open_page(viewport={"width": 360, "height": 780})
    enter(page, "try_district")
    for path in ("/", "/cases/", "/report/", "/follow/"):
        page.goto(path)
        page.wait_for_load_state("networkidle") if path != "/" else page.wait_for_selector(
            "#today a"
        )
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_the_page_speaks_english_when_asked(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto("/login/")

    page.click("button[value=en]")

    assert page.inner_text("h1") == "Log in"
    assert page.get_attribute("html", "lang") == "en"
