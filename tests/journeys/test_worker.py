"""A grid worker's day on a phone, from log-in to going home; and a day whose network fails."""

from __future__ import annotations

import io
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.journeys.axe import check_axe
from tests.journeys.conftest import ARGUMENTS, BROWSERS
from tests.journeys.rooms import (
    PATIENCE_S,
    as_role,
    at,
    check_focus,
    check_touch,
    fits,
    holds,
    room,
    settle,
    shoot,
)
from tests.journeys.wire import Wire

LOOK = {"permissions": ["geolocation"], "is_mobile": True}
# The position is known: no three dots any more.
PLACED = "() => !/…/.test(document.querySelector('.line [role=status]').textContent)"
# What the phone heard of the last walk has arrived.
TRACKED = """() => {
  window.looking ??= setInterval(async () => {
    const own = await (await fetch('/api/v1/worker/today')).json();
    const way = await fetch(`/api/v1/worker/patrols/${own.patrol.client_id}/track`);
    window.points = way.ok ? (await way.json()).points.length : 0;
  }, 500);
  return window.points > 0;
}"""
WORDS = {"zh": "路口井盖缺失，有人绕行", "en": "Manhole cover missing, people walk around it"}


def picture(n: int = 0) -> dict[str, Any]:
    """A photo as a phone takes it: larger than what is kept."""
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize((1800, 1350))
    Image.merge("RGB", (image, image.rotate(90 + n), image.rotate(180))).save(out, "JPEG")
    return {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def call(page: Any, path: str, body: dict[str, Any] | None = None) -> Any:
    """The API, as whoever is logged in in this window."""
    requests = page.context.request
    if body is None:
        answer = requests.get(f"/api/v1{path}", max_retries=1)
    else:
        token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
        headers = {"X-CSRFToken": token}
        answer = requests.post(f"/api/v1{path}", data=body, headers=headers, max_retries=1)
    assert answer.ok, (path, answer.status, answer.text())
    return answer.json()


def stand_in_own_cell(page: Any) -> dict[str, Any]:
    """The phone stands in the middle of the worker's first cell; the day as the server tells it."""
    day = call(page, "/worker/today")
    ring = day["cells"][0]["outline"]["coordinates"][0]
    lon, lat = (sum(point[k] for point in ring) / len(ring) for k in (0, 1))
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 8})
    day["here"] = {"lon": lon, "lat": lat}
    return dict(day)


def walk(page: Any, here: dict[str, float]) -> None:
    """Some steps on."""
    place = {"longitude": here["lon"] + 5e-5, "latitude": here["lat"], "accuracy": 8}
    page.context.set_geolocation(place)


def to_check(browser: Any, address: str, here: dict[str, float]) -> str:
    """A matter that the acceptor sends the worker to look at; its number."""
    with room(browser, address) as desk:
        as_role(desk, "acceptor")
        said = {"channel": "hotline", "title": "嗯", "text": "嗯嗯", **here}
        number = call(desk, "/reports", said)["number"]
        call(desk, f"/cases/{number}/moves/ask_check", {})
    return str(number)


def check_page(page: Any, name: str) -> None:
    """Fits, can be hit by a thumb, read by a machine, walked by keyboard."""
    settle(page)
    fits(page)
    check_touch(page)
    check_axe(page)
    shoot(page, f"worker/{name}")


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
def test_a_day_from_log_in_to_going_home(browser: Any, demo: str, lang: str, dark: bool) -> None:
    with room(browser, demo, width=360, lang=lang, dark=dark, **LOOK) as page:
        as_role(page, "worker")
        day = stand_in_own_cell(page)
        number = to_check(browser, demo, day["here"])
        page.goto("/worker/")
        page.wait_for_selector(f"[data-number='{number}']")
        check_page(page, f"home-{lang}")
        check_focus(page)

        page.goto("/worker/patrol")
        if not dark:
            page.get_by_role("button", name="轨迹采集告知").click()
            page.click("[name=agree]")
            page.locator("[name=agree]").wait_for(state="detached")
        page.click("[name=start]")
        page.locator("[name=end]").wait_for()
        walk(page, day["here"])  # where the phone stood before is not kept
        page.click("[name=tick]")
        page.wait_for_selector(".cells .chip.done")
        page.locator("summary").first.click()
        check_page(page, f"patrol-{lang}")

        page.goto("/worker/")
        page.click(f"[data-number='{number}']")
        page.click("[name=no]")
        page.click(".quick button")
        page.set_input_files("[name=camera]", picture())
        page.wait_for_selector(".row img")
        check_page(page, f"task-{lang}")
        page.click(".send")
        page.wait_for_url("**/worker/outbox")

        page.goto("/worker/report")
        page.set_input_files("[name=camera]", picture())
        page.fill("#words", WORDS[lang])
        page.click(".picker [name=offer]")
        page.click("[aria-expanded=false]")
        page.wait_for_selector(".cross")
        check_page(page, f"report-{lang}")
        check_focus(page)
        page.click(".foot .btn")
        page.wait_for_url("**/worker/outbox")
        everything_delivered(page)
        check_page(page, f"outbox-{lang}")

        page.goto("/worker/patrol")
        page.click("[name=end]")
        page.wait_for_selector("[name=start]")
        if not dark:
            page.wait_for_function(TRACKED)
            page.get_by_role("button", name="我的轨迹").click()
            page.get_by_text(re.compile(r"公里，[1-9]\d* 个点")).wait_for()
        page.goto("/worker/me")
        page.wait_for_selector(".rates")
        check_page(page, f"me-{lang}")
        if not dark:
            page.check("[name=large]")
            page.check("[name=sun]")
            page.goto("/worker/")
            page.wait_for_selector(".patrol")
            check_page(page, f"home-large-sun-{lang}")
        after = call(page, "/worker/today")
        assert number not in [task["number"] for task in after["tasks"]]
        # Who agreed to a track on an earlier day may have been seen in another cell by it.
        by_hand = [v for v in after["patrol"]["visits"] if v["by"] == "hand"]
        assert len(by_hand) == 1, after["patrol"]["visits"]
        page.goto("/worker/me")
        if not dark:
            page.click("[name=withdraw]")
            page.click("dialog.ask .btn.main")
            page.locator("[name=withdraw]").wait_for(state="detached")
        page.click("[name=leave]")
        page.wait_for_url("**/login/**")


def one_due(page: Any, browser: Any, address: str, here: dict[str, float]) -> str:
    """A lamp beside the worker that is due today; its code."""
    code = "JOURNEY-LAMP"
    with room(browser, address) as desk:
        as_role(desk, "system")
        plans = desk.context.request.get("/api/v1/elements/kinds").json()
        if "component.lamp" not in {kind["code"] for kind in plans}:
            call(desk, "/elements/kinds/profile", {})
        lamp = {"code": code, "name": "校门口路灯", **here, "properties": {}}
        call(desk, "/elements/of/component.lamp", lamp)
        token = next(c["value"] for c in desk.context.cookies() if c["name"] == "csrftoken")
        daily = {"kind": "component.lamp", "area_code": "", "every_days": 1}
        done = desk.context.request.put("/api/v1/elements/inspections/plans", data=daily,
                                        headers={"X-CSRFToken": token})  # fmt: skip
        assert done.ok, done.text()
    return code


def test_a_component_is_looked_at_without_network_and_its_defect_becomes_a_case(
    browser: Any, demo: str
) -> None:
    with room(browser, demo, width=360, **LOOK) as page:
        as_role(page, "worker")
        day = stand_in_own_cell(page)
        code = one_due(page, browser, demo, day["here"])
        page.goto("/worker/")
        page.locator("[data-inspections]").click()
        page.locator(f"[data-element='{code}']").wait_for()
        page.locator(f".due li:first-child [data-element='{code}']").wait_for()  # the nearest
        check_page(page, "inspections-zh")
        page.context.set_offline(True)
        page.locator(f"[data-element='{code}']").click()
        page.locator("[name=check]", has_text="灯杆倾斜").click()
        page.set_input_files("[name=camera]", picture())
        page.wait_for_selector(".row img")
        check_page(page, "inspection-zh")
        check_focus(page)
        page.click("[name=send]")
        page.wait_for_url("**/worker/inspections")
        # Gone from the list as soon as what waits to go out has been read.
        page.locator(f"[data-element='{code}']").wait_for(state="detached")
        page.context.set_offline(False)
        page.goto("/worker/outbox")
        everything_delivered(page)
        said = page.locator(".acts li", has_text="校门口路灯").first.inner_text()
        assert "灯杆倾斜" in said and "案卷" in said, said
    with room(browser, demo, width=360, lang="en", dark=True, **LOOK) as page:
        as_role(page, "worker")
        stand_in_own_cell(page)
        page.goto("/worker/inspections")
        page.locator(".due a").first.click()
        page.click("[name=gone]")
        check_page(page, "inspection-gone-en")
        page.click("[name=gone]")
        page.click("[name=send]")
        page.wait_for_url("**/worker/inspections")


def test_handled_on_the_spot_goes_to_the_desk_alone(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360, **LOOK) as page:
        as_role(page, "worker")
        stand_in_own_cell(page)
        page.goto("/worker/report")
        page.fill("#words", "共享单车倒在盲道上")
        page.click(".picker [name=offer]")
        page.check("[name=settled]")
        page.click(".foot .btn")
        page.locator(".foot .problem", has_text="做了什么").wait_for()
        page.fill("#did", "已扶起摆放整齐")
        page.set_input_files("[name=camera]", picture())
        page.wait_for_selector(".row img")
        page.wait_for_function(PLACED)
        page.click(".foot .btn")
        page.wait_for_url("**/worker/outbox")
        everything_delivered(page)
        number = re.search(r"\d{15}", page.inner_text(".acts li"))
        assert number, page.inner_text(".acts")
        case = call(page, f"/cases/{number[0]}")
        assert (case["state"], case["tasks"], len(case["photos"])) == ("verified", [], 1)


def in_outbox(page: Any, *, waiting: int, all_told: int) -> None:
    """Until so many lie in the outbox, and so many of them wait."""
    page.wait_for_function(
        """([waiting, all]) => document.querySelectorAll('.acts > li').length === all
          && document.querySelectorAll('[data-state=waiting]').length === waiting""",
        arg=[waiting, all_told],
    )


def everything_delivered(page: Any, count: int | None = None) -> None:
    """Until nothing waits any more."""
    page.wait_for_function(
        """count => {
          const rows = [...document.querySelectorAll('.acts > li')];
          return rows.length > 0 && (count === null || rows.length === count)
            && rows.every(row => row.dataset.state === 'delivered');
        }""",
        arg=count,
    )


@contextmanager
def phone(browser: Any, folder: Path, address: str) -> Iterator[Any]:
    """A browser of its own that keeps what it knows in a folder."""
    found = next(path for path in BROWSERS if Path(path).exists())
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=found, args=ARGUMENTS, base_url=address, viewport=at(360),
        locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True, is_mobile=True,
        permissions=["geolocation", "background-sync"],
    )  # fmt: skip
    from playwright.sync_api import Error

    context.set_default_timeout(1000 * PATIENCE_S)
    try:
        yield context
    finally:
        with suppress(Error):  # killed meanwhile
            context.close()


def kill(folder: Path) -> None:
    """The browser of this folder dies at once, as when a battery does."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if f"--user-data-dir={folder}" in words and not any(w.startswith("--type=") for w in words):
            os.kill(int(entry.name), signal.SIGKILL)


def write_report(page: Any, n: int, mark: str) -> None:
    page.click(".big, .more")
    page.fill("#words", f"{mark} 第{n}件：楼道堆放杂物")
    page.set_input_files("[name=camera]", picture(n))
    page.wait_for_selector(".row img")
    page.wait_for_function(PLACED)
    page.click(".foot .btn")
    page.wait_for_url("**/worker/outbox")


def test_ten_reports_survive_a_cut_wire_and_a_killed_browser(
    browser: Any, demo: str, tmp_path: Path
) -> None:
    folder, mark = tmp_path / "phone", "断网"
    with Wire(demo) as wire:
        with phone(browser, folder, wire.address) as context:
            page = context.new_page()
            as_role(page, "worker")
            stand_in_own_cell(page)
            page.goto("/worker/")
            page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
            page.wait_for_function("() => navigator.serviceWorker.controller !== null")
            page.reload()
            page.wait_for_selector(".patrol")
            for n in (1, 2, 3, 4):
                write_report(page, n, mark)
            everything_delivered(page, 4)
            wire.turn("deaf")  # the fifth arrives, but the phone does not hear of it
            write_report(page, 5, mark)
            page.wait_for_selector("[data-state=waiting]")
            end = time.monotonic() + PATIENCE_S
            while not wire.swallowed and time.monotonic() < end:
                page.wait_for_timeout(100)
            assert wire.swallowed, "no answer was lost: no proof"
            wire.turn("cut")
            for n in (6, 7, 8, 9, 10):
                write_report(page, n, mark)
            in_outbox(page, waiting=6, all_told=10)
            shoot(page, "worker/outbox-cut-zh")
            kill(folder)
        with phone(browser, folder, wire.address) as context:
            page = context.pages[0] if context.pages else context.new_page()
            page.goto("/worker/outbox")
            in_outbox(page, waiting=6, all_told=10)
            wire.turn("open")
            as_role(page, "worker", "/worker/outbox")  # cookies die with a killed browser
            everything_delivered(page, 10)
    with room(browser, demo) as desk:
        as_role(desk, "acceptor")
        cases = call(desk, f"/cases?channel=grid&order=received&limit=200&text={mark}")["items"]
        assert sorted(re.findall(r"第(\d+)件", "".join(c["title"] for c in cases))) == sorted(
            str(n) for n in range(1, 11)
        )
        for row in cases:
            case = call(desk, f"/cases/{row['number']}")
            assert (len(case["reports"]), len(case["photos"])) == (1, 1), row["number"]
            assert max(case["photos"][0]["width"], case["photos"][0]["height"]) == 1600


# The browser itself promised to send when the network is back.
SYNC_WANTED = """() => navigator.serviceWorker.ready.then(own => own.sync.getTags())
  .then(tags => tags.includes('outbox'))"""


def test_what_waits_goes_out_by_itself_with_the_page_closed(browser: Any, demo: str) -> None:
    mark = "关页"
    given = {**LOOK, "permissions": ["geolocation", "background-sync"]}
    with room(browser, demo, width=360, **given) as page, room(browser, demo) as desk:
        as_role(page, "worker")
        stand_in_own_cell(page)
        page.goto("/worker/")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        page.context.set_offline(True)
        write_report(page, 1, mark)
        in_outbox(page, waiting=1, all_told=1)
        page.wait_for_function(SYNC_WANTED)
        page.context.new_page()  # the browser stays, the app does not
        page.close()
        page.context.set_offline(False)
        as_role(desk, "acceptor")
        end, found = time.monotonic() + PATIENCE_S, []
        while not found and time.monotonic() < end:
            desk.wait_for_timeout(250)
            asked = f"/cases?channel=grid&order=received&text={mark}"
            found = call(desk, asked)["items"]
        assert len(found) == 1, found


def test_what_waits_goes_out_under_its_own_log_in_alone(browser: Any, demo: str) -> None:
    mark = "换人"
    given = {**LOOK, "forgive": "Failed to load resource"}
    with Wire(demo) as wire, room(browser, wire.address, width=360, **given) as page:
        as_role(page, "worker")
        stand_in_own_cell(page)
        page.goto("/worker/")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        wire.turn("cut")
        write_report(page, 1, mark)
        page.wait_for_selector("[data-state=waiting]")
        wire.turn("open")
        page.context.clear_cookies()
        page.click(".head .btn")
        page.wait_for_selector("[name=log-in]")  # the session is gone, the report is not
        in_outbox(page, waiting=1, all_told=1)

        as_role(page, "community", "/worker/outbox")
        page.wait_for_selector("[role=note].card")
        assert page.locator("[data-state]").count() == 0
        assert mark not in page.inner_text("main")

        as_role(page, "worker", "/worker/outbox")
        everything_delivered(page, 1)


def test_a_report_sent_back_comes_back_into_the_form(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360, forgive="Failed to load resource", **LOOK) as page:
        as_role(page, "worker")
        stand_in_own_cell(page)
        page.goto("/worker/")
        body = '{"code": "report.empty", "message": "缺少内容，请补充"}'
        page.context.route(
            "**/api/v1/worker/reports",
            lambda route: route.fulfill(status=400, body=body, content_type="application/json"),
        )
        write_report(page, 1, "退回")
        page.wait_for_selector("[data-state=refused]")
        page.locator(".acts .problem", has_text="缺少内容").wait_for()
        check_page(page, "outbox-refused-zh")
        page.context.unroute("**/api/v1/worker/reports")
        page.click(".acts .btn.main")
        page.wait_for_url("**/worker/report")
        holds(page, "#words", "退回")
        page.wait_for_selector(".row img")
        page.click(".foot .btn")
        page.wait_for_url("**/worker/outbox")
        everything_delivered(page, 1)
