"""The demo's doors: one click in, in either language, to the room of that role."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.rooms import room

HOMES = {"try_district": "/centre/", "try_acceptor": "/cases/", "try_worker": "/worker/"}


@pytest.mark.parametrize("username", sorted(HOMES))
def test_one_click_leads_to_the_room_of_the_role(browser: Any, demo: str, username: str) -> None:
    with room(browser, demo) as page:
        page.goto("/login/")
        page.click(f"button[value={username}]", no_wait_after=True)
        page.wait_for_url(lambda url: not url.endswith("/login/"), wait_until="commit")
        # Which room; its page may already have written its filter behind the address.
        assert page.url.split("?")[0] == f"{demo}{HOMES[username]}"


def test_the_log_in_speaks_english_when_asked(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        page.goto("/login/")
        page.click("button[value=en]")
        assert page.inner_text("h1") == "Log in"
        assert page.get_attribute("html", "lang") == "en"
