"""The page of one case, supervision, approvals and the case file, each by the people who use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.business.cases.stories import jpeg
from tests.journeys.axe import check_axe
from tests.journeys.casework import Casework
from tests.journeys.rooms import (
    HOSTILE,
    answered,
    as_role,
    assert_inert,
    check_focus,
    check_touch,
    fits,
    holds,
    is_shown_as_text,
    room,
    shoot,
)

PICTURE = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": jpeg("green")}
# SwiftShader logs what it does; nothing of the page's own.
MAP = "GL Driver|WebGL|GPU stall"


@pytest.fixture(scope="module")
def work(browser: Any, demo: str) -> Iterator[Casework]:
    found = Casework(browser, demo)
    yield found
    found.close()


def open_case(page: Any, role: str, number: str, part: str = "") -> None:
    as_role(page, role, f"/cases/{number}/{part}")
    page.wait_for_selector("[data-file]" if part else "[data-case]")


def state(page: Any) -> str:
    return str(page.get_attribute("[data-case]", "data-state"))


def make(page: Any, move: str, **words: str) -> None:
    """One move by its button, its words typed into the form's own fields."""
    before = page.get_attribute("[data-case]", "data-version")
    page.click(f"[data-move={move}]")
    for label, text in words.items():
        page.locator("dialog[open]").get_by_label(re.compile(label)).first.fill(text)
    page.click("dialog[open] [data-go]")
    page.wait_for_function(
        "v => document.querySelector('[data-case]')?.dataset.version !== v", arg=before
    )
    page.wait_for_selector("[data-said]")


def test_a_department_responds_feeds_back_and_reports_the_result_with_photos(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.dispatched()
    with room(browser, demo, forgive=MAP) as page:
        open_case(page, "handler", number)
        page.locator("[data-words]", has_text="已经三天").wait_for()
        assert page.locator("[data-words]").inner_text().count("\n") == 1
        assert "  已经三天" in page.locator("[data-words]").inner_text()
        assert page.locator("[data-move=finish]").count() == 0

        page.keyboard.press("1")
        page.click("dialog[open] [data-go]")
        page.wait_for_selector("[data-state=handling]")
        make(page, "feed_back", 办理进展="已联系清运车辆，下午四点到场")
        page.click("[data-move=finish]")
        page.click("dialog[open] [data-go]")
        page.locator("dialog[open]", has_text="请填写：处置后照片").wait_for()
        page.locator("dialog[open] input[type=file]").set_input_files([PICTURE])
        page.locator("dialog[open] textarea").first.fill("已清运完毕，路面已冲洗")
        page.click("dialog[open] [data-go]")
        page.wait_for_selector("[data-state=verifying]")

        page.click("#photos .shot")
        page.wait_for_selector("dialog.light[open] img")
        page.keyboard.press("Escape")
        page.locator("#tasks", has_text="已清运完毕").wait_for()
        shoot(page, "case_department_done", full=True)


def test_a_supervisor_urges_and_sees_who_answered(browser: Any, demo: str, work: Casework) -> None:
    number, other = work.handling(), work.handling()
    with room(browser, demo, forgive=MAP) as page:
        as_role(page, "district", "/supervision/?what=open")
        page.wait_for_selector(f"[data-case='{number}']")
        for one in (number, other):
            page.check(f"[data-case='{one}'] input[type=checkbox]")
        page.click("[data-urge-many]")
        page.fill("dialog[open] textarea", "今日必须办结")
        page.click("dialog[open] [data-go]")
        page.wait_for_selector("[data-said]")
        work.move("handler", number, "feed_back", text="今晚八点前完成")
        page.goto("/supervision/?what=urged")
        page.wait_for_selector(f"[data-case='{other}']")
        page.click("#answers .tools button:nth-of-type(2)")
        page.wait_for_function(
            "() => document.querySelector('#answers').innerText.includes('今晚八点前完成')",
            timeout=90_000,  # an answer is counted by the worker; the page looks every half minute
        )
        answers = page.inner_text("#answers")
        assert "今日必须办结" in answers and "已答复" in answers
        check_axe(page)
        check_focus(page)
        shoot(page, "supervision_zh", full=True)


@pytest.mark.parametrize(
    ("who", "width", "lang"), [("analyst", 1440, "zh"), ("district", 360, "en")]
)
def test_what_changed_is_said_in_a_few_sentences_and_opens_its_cases(
    browser: Any, demo: str, work: Casework, who: str, width: int, lang: str
) -> None:
    work.report()
    with room(browser, demo, width=width, lang=lang, dark=lang == "en") as page:
        as_role(page, who, "/changes/")
        page.wait_for_selector("[data-changes] [data-brief]")
        page.click(".spans a:last-child")
        page.wait_for_selector("[data-span=week]")
        fits(page)
        check_axe(page)
        shoot(page, f"changes_{lang}_{width}", full=True)
        total = page.inner_text("[data-total]").replace(",", "")
        page.click("[data-total]")
        page.wait_for_url(re.compile(r"/cases/\?since="))
        counted = page.locator(".counted", has_text=total)
        counted.wait_for()


def test_two_levels_approve_more_time_and_see_its_effect_before(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.handling()
    before = work.ask("handler", f"cases/{number}")["handle_due_at"]
    with room(browser, demo, forgive=MAP) as page:
        open_case(page, "handler", number)
        make(page, "ask_extension", 理由="大型机械明日才能进场")
    for role, action in (("dispatcher", "first"), ("district", "granted")):
        with room(browser, demo, forgive=MAP) as page:
            as_role(page, role, "/approvals/")
            card = page.locator(".request", has_text=number)
            card.wait_for()
            assert "由" in card.locator("[data-effect]").inner_text()
            assert "大型机械" in card.inner_text()
            assert card.locator("[data-grant]").is_disabled()
            card.locator("textarea").fill("情况属实，同意")
            if action == "granted":
                check_axe(page)
                shoot(page, "approvals_zh", full=True)
            card.locator("[data-grant]").click()
            page.wait_for_selector("[data-said]")

    after = work.ask("handler", f"cases/{number}")
    assert after["handle_due_at"] > before and after["extensions"] == 1


def test_a_correction_sends_the_case_on_under_its_number_and_says_so(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.dispatched(lead="urban")
    with room(browser, demo, forgive=MAP) as page:
        open_case(page, "dispatcher", number)
        page.wait_for_selector("#why .labels")
        page.keyboard.press("c")
        page.get_by_role("combobox", name="正确的类别是").fill("路灯")
        page.get_by_role("option").first.click()
        page.wait_for_selector("dialog[open] .goes, dialog[open] [aria-live]")
        page.locator("dialog[open]").get_by_label("正确的部门是").select_option("municipal")
        page.locator("dialog[open] textarea").fill("实为路灯问题")
        page.click("dialog[open] button[type=submit]")
        page.wait_for_selector("[data-said]")
        page.wait_for_function(
            "() => document.querySelector('#why .chip.near') !== null"  # 曾派错
            " && ['由人工认定', '改派'].every("
            "(words) => document.querySelector('#why').innerText.includes(words))"
        )
        assert work.lead(number) == "municipal"
        assert page.get_attribute("[data-case]", "data-case") == number
        shoot(page, "case_corrected", full=True)


def test_the_trace_is_proven_here_and_a_changed_row_is_found(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.handling()
    work.signed(number)
    with room(browser, demo, forgive=MAP) as page:
        open_case(page, "dispatcher", number)
        page.wait_for_selector("#trace li")
        page.click("[data-verify]")
        page.wait_for_selector("[data-outcome]")
        assert page.get_attribute("[data-outcome]", "data-value") == "good"
        assert "签名有效" in page.inner_text("[data-outcome]")

        def forge(route: Any) -> None:
            rows = route.fetch().json()
            rows[1]["data"]["department"] = 424242
            route.fulfill(json=rows)

        page.route(re.compile(r"/cases/\d+/trace"), forge)
        page.reload()
        page.wait_for_selector("#trace li")
        page.click("[data-verify]")
        page.wait_for_selector("[data-outcome][data-value=bad]")
        assert page.locator("#trace li.otherContent").count() == 1


def test_the_case_file_prints_and_its_code_proves_the_paper(
    browser: Any, demo: str, work: Casework, tmp_path: Any
) -> None:
    number = work.handling()
    work.photo("handler", number)
    work.signed(number)
    for lang in ("zh", "en"):
        with room(browser, demo, lang=lang, forgive=MAP) as page:
            open_case(page, "acceptor", number, "file/")
            page.wait_for_selector("[data-ready=yes]")
            answered(page)
            printed = page.pdf(format="A4", prefer_css_page_size=True)
            assert printed.startswith(b"%PDF") and len(printed) > 20_000
            assert printed.count(b"/Type /Page\n") in range(1, 7)
            assert page.locator(".code svg path").count() == 1
            assert "138****0000" in page.inner_text("[data-file]")
            shoot(page, f"case_file_{lang}", full=True)
            if lang == "zh":
                check_axe(page)
                head = work.ask("acceptor", f"cases/{number}/proofs")
                root = head["checkpoint"].split("\n")[2].replace("+", "-").replace("/", "_")
                for asked, verdict in ((root, "good"), ("A" * 43 + "=", "bad")):
                    page.goto(f"/cases/{number}/file/?size={head['size']}&root={asked}")
                    page.wait_for_selector("[data-paper]")
                    assert page.get_attribute("[data-paper]", "data-value") == verdict


def test_what_was_typed_survives_and_the_keyboard_alone_is_enough(
    browser: Any, demo: str, work: Casework
) -> None:
    number = work.handling()
    with room(browser, demo, forgive=MAP) as page:
        open_case(page, "handler", number)
        page.wait_for_selector("#trace li")
        page.keyboard.press("1")
        page.locator("dialog[open] textarea").first.fill("写到一半")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")
        page.reload()
        page.wait_for_selector("#trace li")
        page.keyboard.press("1")
        holds(page, "dialog[open] textarea", "写到一半")
        page.keyboard.press("Escape")
        check_focus(page)
        check_axe(page)


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
def test_a_phone_is_wide_enough(
    browser: Any, demo: str, work: Casework, lang: str, dark: bool
) -> None:
    number = work.handling()
    with room(browser, demo, width=360, lang=lang, dark=dark, forgive=MAP) as page:
        open_case(page, "handler", number)
        page.wait_for_selector("#trace li")
        fits(page)
        check_touch(page)
        check_axe(page)
        shoot(page, f"case_360_{lang}", full=True)
        page.click("[data-move=finish]")
        page.wait_for_selector("dialog[open] form")
        fits(page)
        shoot(page, f"case_form_360_{lang}")
    with room(browser, demo, width=360, lang=lang, dark=dark, forgive=MAP) as page:
        as_role(page, "district", "/supervision/")
        page.wait_for_selector("[data-supervision]")
        fits(page)
        check_touch(page)
        shoot(page, f"supervision_360_{lang}", full=True)
        page.goto("/approvals/")
        page.wait_for_selector("[data-approvals]")
        fits(page)


def test_hostile_words_in_every_field_stay_words(browser: Any, demo: str, work: Casework) -> None:
    ugly = [text for text in HOSTILE.values() if "\u202e" not in text and "\u0001" not in text]
    text = "\n".join(ugly)[:4000]
    short = HOSTILE["event attribute"]
    number = work.handling(title=short, text=text, address=HOSTILE["script"])
    work.move("handler", number, "feed_back", text=text[:1500])
    work.move("district", number, "urge", reason=text[:1500])
    work.move("dispatcher", number, "comment", text=text[:1500])
    work.move("handler", number, "ask_extension", reason=text[:1500])
    work.photo("handler", number)
    with room(browser, demo, forgive=MAP) as page:
        open_case(page, "dispatcher", number)
        page.wait_for_selector("#trace li")
        page.wait_for_selector("#approvals")
        page.locator("#reports", has_text=HOSTILE["vue template"]).wait_for()
        assert is_shown_as_text(page, HOSTILE["vue template"], "#reports")
        assert is_shown_as_text(page, short, "h1")
        assert_inert(page)
        fits(page)
        page.goto("/approvals/")
        page.wait_for_selector(".request")
        assert_inert(page)
        page.goto(f"/cases/{number}/file/")
        page.wait_for_selector("[data-ready=yes]")
        assert_inert(page)
    with room(browser, demo, forgive=MAP) as page:
        as_role(page, "district", "/supervision/?what=urged")
        page.wait_for_selector(f"[data-case='{number}']")
        assert_inert(page)
        fits(page)
