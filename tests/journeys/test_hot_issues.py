"""Hot issues: an alarm told, a repeat attached, an issue read, confirmed and solved once."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import PATIENCE_S, as_role, check_touch, fits, room, shoot

# Without a graphics card the map says so; that is not an error of the page.
FORGIVE = "WebGL|GL Driver"
WORD = uuid.uuid4().hex[:6]
SAID = [
    "蓝鲸烘焙坊 {w} 排烟管正对住户窗口，油烟呛人无法开窗",
    "投诉蓝鲸烘焙坊 {w} 油烟直排，楼上住户没法开窗",
    "蓝鲸烘焙坊 {w} 每天清晨油烟扰民，排烟管对着窗口",
    "蓝鲸烘焙坊 {w} 油烟问题反映多次，排烟管还没有移走",
    "蓝鲸烘焙坊 {w} 排烟管油烟直对住户窗口，一周了没人管",
    "又是蓝鲸烘焙坊 {w}，油烟直排熏得住户不敢开窗",
]


@pytest.fixture(scope="module")
def numbers(browser: Any, demo: str) -> list[str]:
    """Six citizens report the same smoke; their case numbers once the issue is there."""
    context = browser.new_context(base_url=demo)
    found = []
    for text in SAID:
        words = text.format(w=f"x{WORD}")
        body = {"external_id": uuid.uuid4().hex, "title": words[:24], "text": words}
        answer = context.request.post("/api/v1/public/reports", data=body)
        assert answer.ok, answer.text()
        found.append(str(answer.json()["number"]))
    context.close()
    return found


def wait_for_issue(page: Any, numbers: list[str]) -> int:
    """The worker groups within seconds; the id of the issue that has all these cases."""
    end, found = time.monotonic() + PATIENCE_S, set()
    while time.monotonic() < end:
        told = [page.request.get(f"/api/v1/issues/alike/{n}").json()["issue"] for n in numbers]
        found = {issue and issue["id"] for issue in told}
        if len(found) == 1 and None not in found:
            return int(found.pop())
        page.wait_for_timeout(500)
    raise AssertionError(f"not one issue of all: {found}")


def wait_until_told(page: Any, issue: int) -> None:
    """The worker follows the trace within seconds."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        told = page.request.get("/api/v1/notices/mine").json()["items"]
        if any(one["link"] == f"/issues/{issue}/" for one in told):
            return
        page.wait_for_timeout(500)
    raise AssertionError("nobody was told of the alarm")


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (390, "en")])
def test_the_desk_reads_the_hottest_issues(
    browser: Any, demo: str, numbers: list[str], width: int, lang: str
) -> None:
    with room(browser, demo, width=width, lang=lang, forgive=FORGIVE) as page:
        as_role(page, "acceptor", "/cases/")
        issue = wait_for_issue(page, numbers)
        page.goto("/issues/")
        page.locator(f'[data-issue="{issue}"]').wait_for()
        fits(page)
        check_axe(page)
        shoot(page, f"hot-{width}-{lang}", full=width < 600)
        page.locator(f'[data-issue="{issue}"] h2 a').click()
        page.locator("[data-report]").nth(3).wait_for()
        assert page.locator("[data-report]").count() == len(SAID)
        fits(page)
        check_axe(page)
        shoot(page, f"hot-issue-{width}-{lang}", full=width < 600)
        if width < 600:
            check_touch(page)


@pytest.mark.parametrize(("width", "lang"), [(1440, "en"), (390, "zh")])
def test_an_alarm_is_told_with_its_reason_and_leads_to_the_issue(
    browser: Any, demo: str, numbers: list[str], width: int, lang: str
) -> None:
    who = "dispatcher" if width > 600 else "subdistrict"
    with room(browser, demo, width=width, lang=lang, forgive=FORGIVE) as page:
        as_role(page, who, "/help/guide/")
        issue = wait_for_issue(page, numbers)
        wait_until_told(page, issue)
        page.reload()
        bell = page.locator("[data-bell]")
        bell.locator(".count").wait_for()
        bell.click()
        notice = page.locator(
            '[data-notice="issue.alarm"]', has=page.locator(f'a[href="/issues/{issue}/"]')
        )
        notice.wait_for()
        said = notice.inner_text()
        assert ("more than in the 7 before" if lang == "en" else "比前 7 天多") in said
        fits(page)
        check_axe(page, within=[".told"])
        shoot(page, f"bell-{width}-{lang}")
        notice.locator("a").click()
        page.locator(f'[data-issue="{issue}"]').wait_for()
        bell.locator(".count").wait_for(state="detached")


def test_a_repeat_is_attached_and_the_cause_solved_once(
    browser: Any, demo: str, numbers: list[str]
) -> None:
    with room(browser, demo, forgive=FORGIVE) as page:
        as_role(page, "acceptor", "/cases/")
        issue = wait_for_issue(page, numbers)
        page.goto(f"/cases/{numbers[1]}/")
        page.locator("[data-alike]").first.wait_for()
        shoot(page, "hot-alike-1440-zh")
        page.locator(f'[data-alike="{numbers[0]}"] [data-attach]').click()
        page.locator('[data-case][data-state="merged"]').wait_for()

        page.goto(f"/issues/{issue}/")
        page.locator('[data-act="confirm"]').click()
        page.locator('[data-state="confirmed"]').wait_for()
        page.locator('[data-act="solve"]').click()
        page.locator("dialog [data-go]").click()
        page.locator("[data-said]", has_text="并入").wait_for()
        link = page.locator(".top a.chip.done")
        link.wait_for()
        number = re.sub(r"\D", "", link.inner_text())
        assert page.request.get(f"/api/v1/cases/{number}").json()["report_count"] >= 4
