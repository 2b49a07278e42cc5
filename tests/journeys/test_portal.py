"""Citizens: report without an account, follow, contest, rate; in large type; without scripts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.business.cases.stories import jpeg
from tests.journeys.axe import check_axe
from tests.journeys.casework import Casework
from tests.journeys.hostile import HOSTILE, assert_inert, is_shown_as_text
from tests.journeys.rooms import REPO, answered, check_focus, check_touch, fits, holds, room, shoot

WORDS = "小区东门口的路灯坏了三天，晚上一片漆黑，老人出门看不见路"
PHOTO = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
FIRST_VIEW_BYTES = 200_000
PAGES = ("/", "/report/", "/follow/", "/around/", "/figures/")
# The smallest type of what is drawn, px.
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')].filter(e =>
  e.checkVisibility() && !e.closest('.only-read,.skip,svg') &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
# A microphone that hears one sentence.
EAR = """window.SpeechRecognition = class { stop() {} start() { queueMicrotask(() => {
  const said = Object.assign([{transcript: '路灯不亮'}], {isFinal: true});
  this.onresult({results: [said], resultIndex: 0}); this.onend(); }) } };"""
MAP = "GL Driver|WebGL|GPU stall"  # SwiftShader logs what it does; nothing of the page's own
VOICE = """window.__said = []; Object.defineProperty(window, 'speechSynthesis', {value: {
  speak: u => { window.__said.push(u.text) }, cancel() {} }});"""


@pytest.fixture(autouse=True)
def _built() -> None:
    built = Path(os.environ.get("CITYLOOP_FRONT") or REPO / "frontend" / "dist") / "portal.html"
    if not built.is_file():
        pytest.skip("the portal is not built: ./run front")


@pytest.fixture(scope="module")
def staff(browser: Any, demo: str) -> Iterator[Casework]:
    work = Casework(browser, demo)
    yield work
    work.close()


def middle(staff: Casework) -> dict[str, float]:
    """A place in the demo, as a phone gives it."""
    west, south, east, north = staff.ask("operator", "public/site")["bounds"]
    return {"longitude": (west + east) / 2, "latitude": (south + north) / 2}


def close_case(staff: Casework, number: str) -> None:
    """Everybody of the staff does their part until the citizen is asked."""
    for _ in range(12):
        state = staff.ask("dispatcher", f"cases/{number}")["state"]
        if state == "closed":
            return
        if state == "reported":
            condition = staff.ask("acceptor", "catalogue/classes/E0111")["items"][0]["id"]
            staff.move("acceptor", number, "file", condition_id=condition)
        elif state == "filed":
            staff.move("dispatcher", number, "dispatch", lead="municipal")
        elif state == "dispatched":
            lead = staff.lead(number)
            if lead != "municipal":
                staff.move("dispatcher", number, "reroute", lead="municipal", reason="职责在此")
            staff.move("handler", number, "accept")
        elif state == "handling":
            staff.photo("handler", number)
            staff.move("handler", number, "finish", text="已更换灯具，恢复照明。")
        elif state == "verifying":
            staff.move("worker", number, "pass")
        elif state == "verified":
            staff.move("acceptor", number, "close", closing="路灯已亮")
    raise AssertionError(f"{number} did not close")


def test_report_follow_contest_and_rate_on_a_phone(
    browser: Any, demo: str, staff: Casework
) -> None:
    given = {"geolocation": middle(staff), "permissions": ["geolocation"]}
    with room(browser, demo, width=360, **given) as page:
        page.add_init_script(EAR)
        page.goto("/")
        page.click("a.first")
        page.get_by_role("button", name="说话输入").click()
        holds(page, "#words", "路灯不亮")
        page.fill("#words", WORDS)
        page.get_by_role("button", name="用我现在的位置").click()
        page.get_by_text("位于").wait_for()
        page.set_input_files("#photo", PHOTO)
        page.wait_for_selector(".grid img")
        fits(page)
        check_touch(page)
        shoot(page, "portal-report-360-zh", full=True)
        page.click("#send")
        number = page.locator("#number").inner_text()
        assert "2 小时" in page.inner_text(".next")
        assert "24 小时" in page.inner_text(".next")
        page.click("summary")
        page.wait_for_selector(".qr path")
        check_axe(page)
        fits(page)
        shoot(page, "portal-receipt-360-zh", full=True)
        page.click(".next .btn")
        page.wait_for_selector("#state")
        page.locator("figure img").wait_for()

        close_case(staff, number)
        page.reload()
        page.wait_for_selector("#answer")
        check_axe(page)
        check_touch(page)
        shoot(page, "portal-answer-360-zh", full=True)
        page.locator("input[name=solved]").nth(1).check()
        page.click("#answer button")
        page.wait_for_selector("#state[data-state=handling]")

        close_case(staff, number)
        page.reload()
        page.wait_for_selector("#answer")
        for question in ("solved", "responded", "satisfied"):
            page.locator(f"input[name={question}]").first.check()
        page.click("#answer button")
        page.wait_for_selector("#state[data-state=evaluated]")
        said = page.inner_text(".steps")
        for words in (
            "已收到您的反映",
            "回应：开始办理",
            "已更换灯具",
            "退回重新办理",
            "您评价了结果",
        ):
            assert words in said
        assert page.locator("figure").nth(1).locator("img").count() == 2
        page.goto("/")
        page.locator("main", has_text=WORDS[:10]).wait_for()


def test_large_type_reads_itself_and_goes_all_the_way_by_keyboard(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360) as page:
        page.add_init_script(VOICE)
        page.goto("/")
        page.get_by_role("button", name="大字版").click()
        for screen in range(6):
            if screen == 0:
                assert page.get_attribute(".helps a", "href") == "tel:12345"
                check_focus(page)
            assert page.evaluate(SMALLEST) >= 22
            check_axe(page, aaa_contrast=True)
            fits(page)
            check_touch(page)
            page.get_by_role("button", name="读给我听").click()
            assert len(page.evaluate("window.__said.splice(0)")) > 2
            page.get_by_role("button", name="停止朗读").click()
            shoot(page, f"portal-elder-{screen}-360-zh", full=True)
            if screen == 0:
                page.focus("a.first")
                page.keyboard.press("Enter")
                page.wait_for_selector("#words")
            elif screen < 5:
                if screen == 1:
                    page.focus("#words")
                    page.keyboard.type(WORDS)
                page.get_by_role("button", name="下一步").focus()
                page.keyboard.press("Enter")
                page.get_by_text(f"第 {screen + 1} 步").wait_for()
        page.locator("#send").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#number")
        check_axe(page, aaa_contrast=True)
        shoot(page, "portal-elder-receipt-360-zh", full=True)
        page.click(".next .btn")
        page.wait_for_selector("#state")
        assert page.evaluate(SMALLEST) >= 22
        check_axe(page, aaa_contrast=True)
        fits(page)
        shoot(page, "portal-elder-follow-360-zh", full=True)


def pick_on_the_map(page: Any) -> None:
    """From the whole city no place is taken: the first press leads near, the second takes it."""
    page.get_by_role("button", name="Choose on the map").click()
    page.locator(".pick [data-idle]").wait_for()
    page.evaluate("document.querySelector('.pick .canvas').libreMap.jumpTo({zoom: 11})")
    page.get_by_role("button", name="Zoom in here").click()
    page.get_by_role("button", name="Use this spot").click()
    page.locator(".place [role=status]", has_text="✓ in ").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_every_page_in_english_on_a_desk(
    browser: Any, demo: str, staff: Casework, dark: bool
) -> None:
    given = {"geolocation": middle(staff), "permissions": ["geolocation"]}
    with room(browser, demo, lang="en", dark=dark, forgive=MAP, **given) as page:
        for path in PAGES:
            page.goto(path)
            answered(page)
            if path == "/report/" and not dark:
                pick_on_the_map(page)
            if path == "/around/":
                page.get_by_role("button", name="Use my location").click()
                page.get_by_text("Reports nearby").wait_for()
            assert not re.search("[\u4e00-\u9fff]{2,}", page.inner_text("h1"))
            check_axe(page)
            fits(page)
            check_focus(page)
            name = path.strip("/") or "home"
            shoot(page, f"portal-{name}-1440-en{'-dark' if dark else ''}", full=True)


def test_large_type_in_the_dark_is_as_strong(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360, dark=True) as page:
        page.context.add_cookies([{"name": "cityloop_elder", "value": "1", "url": demo}])
        for path in ("/", "/report/", "/figures/"):
            page.goto(path)
            answered(page)
            check_axe(page, aaa_contrast=True)


def test_without_scripts_a_report_goes_in_and_is_followed(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360, java_script_enabled=False) as page:
        page.goto("/")
        assert page.get_attribute("a[href^=tel]", "href") == "tel:12345"
        assert page.get_attribute("html", "data-elder") is None
        page.click("#plain-type")
        assert page.get_attribute("html", "data-elder") == "1"
        shoot(page, "portal-plain-large-360-zh")
        page.click("main a[href='/report/']")
        page.fill("#plain-text", HOSTILE["script"] + WORDS)
        page.fill("#plain-address", "和平路")
        page.set_input_files("#plain-photo", PHOTO)
        page.click("#plain-report button")
        number = page.inner_text("#plain-number")
        assert HOSTILE["script"] in page.inner_text("main")
        page.goto("/follow/")
        page.fill("#plain-key", number)
        page.click("main form.card button")
        assert number in page.inner_text("main")
        assert WORDS not in page.inner_text("main")


def test_what_was_typed_before_the_scripts_came_is_not_lost(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360) as page:
        held: list[Any] = []

        def hold(route: Any) -> None:
            held.append(route)

        page.route(re.compile(r"/portal-.*\.js"), hold)
        page.goto("/report/", wait_until="commit")
        page.fill("#plain-text", WORDS)
        for route in held:
            route.continue_()
        holds(page, "#words", WORDS)


def test_an_answer_lost_on_the_way_costs_no_report(browser: Any, demo: str) -> None:
    def deaf(route: Any) -> None:
        route.fetch()
        route.abort()

    with room(browser, demo, width=360, forgive="ERR_FAILED") as page:
        page.goto("/report/")
        page.fill("#words", WORDS)
        page.route("**/api/v1/public/reports", deaf)
        page.click("#send")
        page.wait_for_selector("#problem")
        page.locator("#problem", has_text="已保存在手机上").wait_for()
        page.unroute("**/api/v1/public/reports")
        page.reload()
        holds(page, "#words", WORDS)
        page.fill("#words", WORDS + "，还有台阶也看不见")
        page.click("#send")
        page.wait_for_url(re.compile(r"/follow/[\w-]{22}/\?again=1"))
        page.wait_for_selector("#state")
        assert WORDS in page.inner_text(".own")


def test_hostile_words_stay_words(browser: Any, demo: str) -> None:
    names = ("script", "closing tags", "event attribute", "vue template", "translation")
    hostile = " ".join(HOSTILE[name] for name in names)
    with room(browser, demo) as page:
        page.goto("/report/")
        page.fill("#words", hostile)
        page.fill("#address", hostile[:200])
        page.click("#send")
        page.click(".next .btn")
        page.wait_for_selector("#state")
        page.click("details >> nth=0")
        page.fill("#more-words", hostile)
        page.get_by_role("button", name="发送").click()
        page.get_by_text("您补充说").wait_for()
        assert is_shown_as_text(page, hostile, ".own")
        assert is_shown_as_text(page, hostile, ".steps")
        assert_inert(page)


@pytest.mark.parametrize(("width", "lang"), [(360, "zh"), (1440, "en")])
def test_the_log_in_has_the_look_of_the_rooms(
    browser: Any, demo: str, width: int, lang: str
) -> None:
    with room(browser, demo, width=width, lang=lang) as page:
        page.goto("/login/")
        check_axe(page)
        check_focus(page)
        check_touch(page)
        fits(page)
        shoot(page, f"login-{width}-{lang}", full=True)
        page.fill("[name=username]", HOSTILE["closing tags"])
        page.fill("[name=password]", "wrong")
        page.click("button.main")
        page.wait_for_selector(".problem")
        assert_inert(page)


@pytest.mark.parametrize("path", ["/", "/report/"])
def test_the_first_view_is_light(browser: Any, demo: str, path: str) -> None:
    with room(browser, demo, width=360) as page:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        came: list[float] = []
        fonts: list[str] = []
        line.on("Network.loadingFinished", lambda e: came.append(e["encodedDataLength"]))
        page.on("request", lambda r: r.resource_type == "font" and fonts.append(r.url))
        page.goto(path)
        answered(page)
        assert fonts == []
        assert 20_000 < sum(came) < FIRST_VIEW_BYTES, f"{sum(came):.0f} bytes came"
        print(f"first view of {path}: {sum(came) / 1000:.1f} kB in {len(came)} answers")
