"""What the platform suggests to people at work: replies, hints, alarms. Nothing goes by itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.business.cases.stories import jpeg
from tests.journeys.axe import check_axe
from tests.journeys.casework import Casework
from tests.journeys.rooms import as_role, check_touch, fits, room, shoot

MAP = "GL Driver|WebGL|GPU stall"  # SwiftShader logs what it does; nothing of the page's own
PICTURE = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": jpeg("green")}
MATTER = "万和路人行道上堆放装修垃圾和碎砖，挡住盲道，已经五天没有人清运"
REPLY = (
    "您好！经现场核实，人行道上的装修垃圾和碎砖为沿街店铺装修所留，挡住盲道的情况属实。"
    "已组织车辆清运碎砖并冲洗路面，责令店主张建国今后袋装投放。有疑问请致电010-65120000。"
)


@pytest.fixture(scope="module")
def work(browser: Any, demo: str) -> Iterator[Casework]:
    found = Casework(browser, demo)
    yield found
    found.close()


@pytest.fixture(scope="module")
def solved(work: Casework) -> str:
    """A closed case whose reporter was told what was found and done."""
    number = work.handling(title=MATTER[:24], text=MATTER)
    work.photo("handler", number)
    work.move("handler", number, "finish", text=REPLY)
    work.move("district", number, "pass")
    work.move("acceptor", number, "close", closing="现场核实，垃圾已清运。")
    return number


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (390, "en")])
def test_a_department_mends_a_draft_and_sends_it(
    browser: Any, demo: str, work: Casework, solved: str, width: int, lang: str
) -> None:
    number = work.handling(title=MATTER[:24], text=MATTER)
    with room(browser, demo, width=width, lang=lang, forgive=MAP) as page:
        as_role(page, "handler", f"/cases/{number}/")
        page.click("[data-move=finish]")
        form = page.locator("dialog[open] form")
        box = form.locator("textarea").first
        box.fill("已转相关部门处理，请耐心等待。")
        form.locator("[data-finding=mere_formula]").wait_for()
        form.locator("[data-draft]").click()
        form.locator("[data-use=replace]").click()
        assert "责令店主＿＿今后袋装投放" in box.input_value()
        assert form.locator(f"[data-source='{solved}']").count() == 1
        form.locator("[data-finding=gap]").first.wait_for()
        fits(page)
        check_axe(page, within=["dialog[open]"])
        if width < 600:
            check_touch(page)
        shoot(page, f"reply-{width}-{lang}")

        form.locator("input[type=file]").set_input_files([PICTURE])
        form.locator("[data-go]").click()
        form.locator("[role=alert]").first.wait_for()  # a draft with gaps is not sent
        assert page.get_attribute("[data-case]", "data-state") == "handling"
        own = re.sub("＿＿", "本街道", box.input_value()) + "已于5月6日办结。"
        box.fill(own)
        form.locator("[data-fine]").wait_for()
        form.locator("[data-go]").click()
        page.locator("[data-case][data-state=verifying]").wait_for()
    task = work.ask("acceptor", f"cases/{number}")["tasks"][-1]
    assert task["result"] == own


def test_the_desk_closes_with_a_reply_that_was_looked_over(
    browser: Any, demo: str, work: Casework, solved: str
) -> None:
    """The acceptor answers from the queue, where most cases are closed."""
    word = uuid.uuid4().hex[:6]
    number = work.handling(title=f"x{word} {MATTER[:20]}", text=MATTER)
    work.photo("handler", number)
    work.move("handler", number, "finish", text=REPLY)
    work.move("district", number, "pass")
    with room(browser, demo, forgive=MAP) as page:
        as_role(page, "acceptor", f"/cases/?text=x{word}")
        page.locator(f"[data-number='{number}']").click()
        page.locator(".preview .moves button", has_text="结案").first.click()
        form = page.locator(".preview form")
        box = form.locator("textarea").first
        box.fill("不要重复投诉，尽快处理。")
        form.locator("[data-finding=blames]").wait_for()
        form.locator("[data-draft]").click()
        form.locator("[data-use=replace]").click()
        form.locator(f"[data-source='{solved}']").wait_for()
        check_axe(page, within=[".preview"])
        shoot(page, "reply-desk-1440-zh")
        form.locator("button[type=submit]").click()
        assert "＿＿" in form.locator(".wrong").inner_text()
        box.fill(f"{REPLY}已于5月6日办结。")
        form.locator("[data-finding=personal_data]").wait_for()
        box.fill(f"{REPLY}已于5月6日办结。".replace("张建国", ""))
        form.locator("[data-fine]").wait_for()
        form.locator("button[type=submit]").click()
        form.wait_for(state="detached")
    case = work.ask("acceptor", f"cases/{number}")
    assert case["state"] == "closed" and case["closing_note"].startswith("您好！经现场核实")


PARTS = "一、修树剪下来的树枝堆在人行道上三天没拉。二、防汛墙闸门锈死关不上。"
BOTH = "安全岛上的反光柱全部撞没了，阅报栏还放着三年前的报纸"


def test_words_of_danger_are_decided_on_with_one_click(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.report(title="楼道电动车着火", text="三楼楼道里电动车着火了，有老人被困。")
    with room(browser, demo, forgive=MAP) as page:
        as_role(page, "acceptor", f"/cases/{number}/")
        hint = page.locator("[data-hint=urgency]")
        hint.wait_for()
        assert "着火" in hint.inner_text() and "被困" in hint.inner_text()
        check_axe(page, within=["#hints"])
        shoot(page, "hints-urgency-1440-zh")
        hint.locator("[data-raise]").click()
        page.locator("[data-said]").wait_for()
        hint.wait_for(state="detached")
    assert work.ask("acceptor", f"cases/{number}")["urgency"] == "emergency"


def test_two_matters_open_the_split_form_ready_and_two_departments_get_it(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.report(title="两件事", text=PARTS, class_key="")
    parts = work.ask("acceptor", f"cases/{number}/hints")["parts"]
    work.move("acceptor", number, "file", condition_id=parts[0]["condition_id"])
    with room(browser, demo, width=390, lang="en", dark=True, forgive=MAP) as page:
        as_role(page, "dispatcher", f"/cases/{number}/")
        hint = page.locator("[data-hint=parts]")
        hint.wait_for()
        fits(page)
        check_touch(page)
        shoot(page, "hints-parts-390-en")
        hint.locator("[data-split]").click()
        page.locator("dialog[open] [data-go]").click()
        page.locator("[data-case][data-state=split]").wait_for()
    children = work.ask("dispatcher", f"cases/{number}")["children"]
    assert len(children) == 2


def test_a_second_department_is_added_with_its_reasons(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.report(title="", text=BOTH, class_key="C0219")  # sent on by the duty list
    before = len(work.ask("dispatcher", f"cases/{number}")["tasks"])
    with room(browser, demo, forgive=MAP) as page:
        as_role(page, "dispatcher", f"/cases/{number}/")
        hint = page.locator("[data-hint=co]")
        hint.wait_for()
        check_axe(page, within=["#hints"])
        shoot(page, "hints-co-1440-zh")
        hint.locator("[data-co]").click()
        page.locator("[data-said]").wait_for()
        hint.wait_for(state="detached")
    tasks = work.ask("dispatcher", f"cases/{number}")["tasks"]
    assert {t["part"] for t in tasks} == {"lead", "co"} and len(tasks) > before
