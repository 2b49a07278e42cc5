"""The work queue: acceptor, dispatcher, department and supervisor at their desks."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.casework import Casework
from tests.journeys.rooms import as_role, check_focus, fits, room, shoot

ROW = "[role=grid] [role=row]"


def report(address: str, browser: Any, text: str, **given: Any) -> str:
    """A citizen's report by the public door; its case number."""
    context = browser.new_context(base_url=address)
    body = {"external_id": uuid.uuid4().hex, "title": "", "text": text, **given}
    answer = context.request.post("/api/v1/public/reports", data=body)
    assert answer.ok, answer.text()
    number = str(answer.json()["number"])
    context.close()
    return number


def line(page: Any, number: str) -> Any:
    return page.locator(f'{ROW}[data-number="{number}"]')


def find(page: Any, words: str) -> None:
    """By the keyboard: / words Enter."""
    page.locator(ROW).first.wait_for()
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("text="))


def ready(page: Any) -> None:
    """The preview offers its moves."""
    page.locator(".preview .moves button").first.wait_for()


def press_move(page: Any, name: str) -> None:
    """Press the digit that stands at this move."""
    ready(page)
    button = page.locator(".preview .moves button", has_text=re.compile(rf"^\d{name}$"))
    page.keyboard.press(button.locator("kbd").inner_text())
    page.locator(".preview form").wait_for()


def test_an_acceptor_works_by_keyboard_alone(browser: Any, demo: str) -> None:
    word = uuid.uuid4().hex[:6]
    number = report(demo, browser, f"嗯 x{word} 这件事说不清楚，请受理员看看")
    with room(browser, demo) as page:
        as_role(page, "acceptor", "/cases/")
        page.wait_for_url(re.compile("mine=true"))
        find(page, f"x{word}")
        line(page, number).wait_for()
        page.wait_for_function(f"() => document.activeElement?.dataset?.number === '{number}'")
        press_move(page, "不予立案")
        page.wait_for_function("() => document.activeElement?.tagName === 'SELECT'")  # of templates
        page.keyboard.press("ArrowDown")
        reason = page.locator(".preview textarea")
        reason.wait_for()
        # A template fills the reason.
        page.wait_for_function("() => document.querySelector('.preview textarea').value.length > 0")
        page.keyboard.press("Control+Enter")
        page.get_by_text(re.compile(rf"{number} 已不予立案")).wait_for(state="attached")
        page.keyboard.press("?")
        page.get_by_role("dialog").wait_for()
        shoot(page, "desk-keys-zh-1440")
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        page.keyboard.press("g")
        page.keyboard.press("a")
        page.wait_for_url(re.compile("working=true"))
        page.locator(ROW).nth(1).wait_for()
        page.wait_for_function("() => document.activeElement?.getAttribute('role') === 'row'")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("x")
        page.locator(f"{ROW}[aria-selected=true]").wait_for()  # one, not more
        opened = page.evaluate("document.activeElement.dataset.number")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(rf"/cases/{opened}/"))
        page.go_back()
        page.wait_for_url(re.compile("working=true"))


def test_many_are_rejected_at_once_and_who_cannot_be_says_why(browser: Any, demo: str) -> None:
    word = uuid.uuid4().hex[:6]
    numbers = [report(demo, browser, f"嗯 y{word} 说不清楚 {n}") for n in range(3)]
    with room(browser, demo) as page:
        as_role(page, "acceptor", f"/cases/?text=y{word}")
        page.locator(ROW).nth(2).wait_for()
        for number in numbers:
            line(page, number).get_by_role("checkbox").check()
        other = browser.new_context(base_url=demo)
        tab = other.new_page()
        as_role(tab, "acceptor")
        token = next(c["value"] for c in other.cookies() if c["name"] == "csrftoken")
        moved = other.request.post(
            f"/api/v1/cases/{numbers[0]}/moves/reject",
            data={"reason": "同事已处理"},
            headers={"X-CSRFToken": token, "Referer": demo},
        )
        assert moved.ok, moved.text()
        other.close()
        page.get_by_role("toolbar").get_by_role("button", name="批量办理").click()
        page.locator(".bulk button", has_text="不予立案").click()
        page.locator(".bulk textarea").fill("不在受理范围，已告知")
        page.locator(".bulk form button[type=submit]").click()
        page.get_by_text("2 件已办理").first.wait_for()
        assert page.locator(".bulk .answer li").count() == 1
        assert numbers[0] in page.locator(".bulk .answer li").inner_text()
        check_axe(page)
        shoot(page, "desk-bulk-zh-1440")


def test_a_dispatcher_sends_a_case_to_a_department_which_responds(browser: Any, demo: str) -> None:
    word = uuid.uuid4().hex[:6]
    number = report(demo, browser, f"z{word} 说不清楚的事情，在小区门口")
    with room(browser, demo, lang="en", dark=True) as page:
        as_role(page, "acceptor", f"/cases/?text=z{word}")
        press_move(page, "File")
        box = page.get_by_role("combobox", name="Filing condition")
        box.press_sequentially("cover")
        page.locator(".el-select-dropdown__item:visible").first.click()
        place = page.locator(".preview select").last
        if place.count():
            place.select_option(index=3)
        page.locator(".preview form button[type=submit]").click()
        page.get_by_text(re.compile(f"{number}: file done")).wait_for(state="attached")
    with room(browser, demo, lang="en", dark=True) as page:
        as_role(page, "dispatcher", f"/cases/?text=z{word}")
        ready(page)
        press_move(page, "Dispatch")
        page.locator(".preview form select").first.select_option("urban")
        shoot(page, "desk-dispatch-en-1440-dark")
        page.locator(".preview form button[type=submit]").click()
        page.get_by_text(re.compile(f"{number}: dispatch done")).wait_for(state="attached")
    with room(browser, demo, lang="en") as page:
        as_role(page, "handler", f"/cases/?text=z{word}")
        line(page, number).wait_for()
        check_axe(page)


def test_a_dispatcher_corrects_the_class_without_leaving_the_list(browser: Any, demo: str) -> None:
    work = Casework(browser, demo)
    number = work.dispatched(lead="urban")
    with room(browser, demo) as page:
        as_role(page, "dispatcher", f"/cases/?number={number}")
        ready(page)
        page.keyboard.press("c")
        page.get_by_role("combobox", name="正确的类别是").fill("路灯")
        page.locator("[data-correct]").get_by_role("option").first.click()
        page.locator("[data-correct] textarea").fill("实为路灯问题")
        check_axe(page)
        shoot(page, "desk-correct-zh-1440")
        page.keyboard.press("Control+Enter")
        page.get_by_text(f"{number} 已更正").wait_for(state="attached")
        line(page, number).get_by_text("路灯").first.wait_for()
    work.close()


@pytest.mark.parametrize(("role", "lang"), [("acceptor", "zh"), ("district", "en")])
def test_the_queue_on_a_phone(browser: Any, demo: str, role: str, lang: str) -> None:
    with room(browser, demo, width=360, lang=lang) as page:
        as_role(page, role, "/cases/?working=true")
        page.locator(ROW).first.wait_for()
        fits(page)
        check_axe(page)
        shoot(page, f"desk-{role}-{lang}-360")
        page.locator(ROW).first.locator(".matter").click()
        page.wait_for_url(re.compile(r"/cases/\d+"))


def test_a_figure_of_the_overview_lands_on_exactly_its_cases(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "district", "/cases/?state=handling&order=received")
        page.locator(ROW).first.wait_for()
        asked = page.request.get("/api/v1/cases/count?state=handling").json()["n"]
        page.get_by_text(f"共 {asked} 件").first.wait_for()
        check_focus(page, 30)
        check_axe(page)
        page.locator("[data-queue=late]").click()
        page.wait_for_url(re.compile("alert=late"))
        page.go_back()
        page.wait_for_url(re.compile("state=handling"))


def test_a_phone_is_searched_for_a_purpose(browser: Any, demo: str) -> None:
    phone = f"139{uuid.uuid4().int % 10**8:08d}"
    number = report(demo, browser, "电话里说不清楚", reporter={"phone": phone})
    with room(browser, demo) as page:
        as_role(page, "acceptor", "/cases/")
        page.locator("#desk-search").fill(phone)
        page.locator("#desk-search").press("Enter")
        page.get_by_label("查找用途").fill("来电人询问进度")
        page.get_by_role("button", name="查找并登记").click()
        page.get_by_role("dialog").get_by_text(number).wait_for()
        assert phone not in page.url
        check_axe(page)
