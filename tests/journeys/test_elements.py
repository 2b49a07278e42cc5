"""A register: a file with a bad row is tried and taken, an element is found, its history read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import as_role, fits, room, shoot

LAMP = "/elements/?kind=component.lamp"


def _middle(page: Any) -> tuple[float, float]:
    """A point of the district: the middle of its tiles' bounds."""
    west, south, east, north = page.request.get("/api/v1/places/tiles").json()["bounds"]
    return (west + east) / 2, (south + north) / 2


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (360, "en")])
def test_a_file_with_a_bad_row_an_element_and_its_history(
    browser: Any, demo: str, width: int, lang: str
) -> None:
    words = {
        "zh": ("登记方案中的类别", "导入", "确认写入", "已写入。", "修改", "保存", "第 2 版"),
        "en": ("Declare the kinds of the profile", "Import", "Take it", "Taken.", "Change", "Save",
               "Version 2"),
    }[lang]  # fmt: skip
    declare, take_in, take, taken, change, save, second = words
    code = f"JOURNEY-{width}"
    with room(browser, demo, width=width, lang=lang) as page:
        as_role(page, "system", LAMP)
        page.wait_for_selector(".registers .frame, .registers .card")
        if page.get_by_role("button", name=declare).count():
            page.get_by_role("button", name=declare).click()
            page.wait_for_selector(".frame")
            page.goto(LAMP)
        lon, lat = _middle(page)
        rows = f"code,name,lon,lat,height_m\n{code},校门口路灯,{lon},{lat},8\n"
        text = f"{rows}BAD-{width},路灯,{lat},{lon},8\n".encode()
        page.get_by_role("button", name=take_in, exact=True).click()
        file = {"name": "lamps.csv", "mimeType": "text/csv", "buffer": text}
        page.set_input_files(".sheet input[type=file]", file)
        refused = page.locator(".refused tbody tr")
        refused.wait_for()
        assert refused.count() == 1
        assert f"BAD-{width}" in refused.inner_text()
        shoot(page, f"elements-import-{width}-{lang}")
        check_axe(page)
        page.get_by_role("button", name=take).click()
        page.get_by_text(taken).wait_for()
        page.keyboard.press("Escape")

        page.get_by_role("searchbox").fill(code)
        found = page.locator("tbody .name", has_text="校门口路灯")
        found.wait_for()
        found.click()
        page.locator(".detail code", has_text=code).wait_for()
        page.get_by_role("button", name=change, exact=True).click()
        page.locator("#element input").nth(0).fill("校门口东侧路灯")
        page.get_by_role("button", name=save).click()
        page.locator(".past", has_text=second).wait_for()
        page.locator(".past", has_text=second).filter(has_text="校门口东侧路灯").wait_for()
        fits(page)
        check_axe(page)
        shoot(page, f"elements-history-{width}-{lang}")


def test_a_kind_with_own_fields_is_declared_and_its_element_checked(
    browser: Any, demo: str
) -> None:
    with room(browser, demo) as page:
        as_role(page, "system", LAMP)
        page.wait_for_selector(".registers .frame, .registers .card")
        if page.get_by_role("button", name="登记方案中的类别").count():
            page.get_by_role("button", name="登记方案中的类别").click()
            page.wait_for_selector(".frame")
        page.get_by_role("button", name="新增类别").click()
        form = page.locator("dialog.sheet")
        form.get_by_label("编码").fill("component.flagpole")
        form.get_by_label("中文名称").fill("旗杆")
        form.get_by_label("英文名称").fill("Flagpole")
        form.get_by_label("巡检周期").fill("90")
        form.get_by_role("button", name="增加字段").click()
        row = form.locator("tbody tr")
        assert form.get_by_role("button", name="保存").is_disabled()  # a field without a name
        row.get_by_label("字段名").fill("height_m")
        row.get_by_label("中文名称").fill("高度（米）")
        row.get_by_label("类型").select_option("number")
        row.get_by_label("最大").fill("60")
        check_axe(page)
        shoot(page, "elements-kind-1440-zh")
        form.get_by_role("button", name="保存").click()
        page.get_by_text("类别已保存").wait_for()
        page.get_by_role("button", name="新增要素").click()
        lon, lat = _middle(page)
        form.get_by_label("编码").fill("F1")
        form.get_by_label("高度（米）").fill("99")
        form.get_by_role("textbox", name="经度").fill(str(lon))
        form.get_by_role("textbox", name="纬度").fill(str(lat))
        form.get_by_role("button", name="保存").click()
        form.get_by_text("不得大于 60").wait_for()
        form.get_by_label("高度（米）").fill("12")
        form.get_by_role("button", name="保存").click()
        page.get_by_text("已新增，编码 F1").wait_for()
        page.goto("/elements/due/")
        page.get_by_role("combobox", name="类别").first.wait_for()
        page.locator("option", has_text="旗杆").first.wait_for(state="attached")


def test_what_is_due_is_listed_and_fits(browser: Any, demo: str) -> None:
    with room(browser, demo, width=360) as page:
        as_role(page, "dispatcher", "/elements/due/")
        page.wait_for_selector(".plans h2")
        fits(page)
        check_axe(page)
