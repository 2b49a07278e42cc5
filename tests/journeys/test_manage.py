"""Administration: from an empty database to a first case, by three administrators; each part of it
seen by those whose work it is."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.conftest import serving
from tests.journeys.rooms import answered, fits, room, shoot
from tests.made import CLI, begin_empty, own_env
from tests.world import COMMUNITIES, areas_geojson

OWN = "纸鸢过河 kite 7"
ROLES = {
    "wg001": ("王建国", "网格员", COMMUNITIES[0], ""),
    "sl001": ("李秀英", "受理员", "", ""),
    "pq001": ("张志强", "派遣员", "", ""),
    "cz001": ("刘丽华", "处置人", "", "urban"),
    "qd001": ("陈海燕", "区级督办", "990100", ""),
}
PARTS = {
    "sysadmin": ["departments", "users", "requests", "here", "areas", "division", "duty",
                 "shifts", "models", "catalogue", "rules", "calendar", "webhooks", "retention",
                 "setup", "account"],
    "secadmin": ["users", "requests", "tokens", "retention", "sessions", "seen"],
    "auditadmin": ["audit", "sessions", "seen", "tokens", "retention"],
}  # fmt: skip


@dataclass
class Place:
    """A fresh installation: its address, its folder, and the passwords handed out."""

    address: str
    folder: Path
    passwords: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server on an empty database: migrated, nothing in it."""
    folder = tmp_path_factory.mktemp("fresh")
    begin_empty(folder)
    asked = [*CLI, "setup", "code"]
    code = subprocess.run(asked, env=own_env(folder), check=True, capture_output=True)
    with serving(folder, "serve") as address:
        yield Place(address, folder, {"code": code.stdout.decode().strip()})


def enter(page: Any, place: Place, who: str) -> None:
    """Log in; with a one-time password, set an own one first."""
    page.goto("/login/")
    page.fill("[name=username]", who)
    page.fill("[name=password]", place.passwords[who])
    page.click("button.main")
    if place.passwords[who] == OWN:
        return
    page.wait_for_url("**/manage/account/")
    fields = page.locator("input[type=password]")
    for n, value in enumerate((place.passwords[who], OWN, OWN)):
        fields.nth(n).fill(value)
    page.click("form button[type=submit]")
    page.wait_for_url(lambda url: "/manage/account/" not in url)
    place.passwords[who] = OWN


def visit(page: Any, part: str) -> None:
    """A part of administration, its answers come."""
    page.goto(f"/manage/{part}/")
    page.wait_for_selector("#main h1")
    answered(page)


def hand_in(page: Any, n: int, name: str, body: bytes, kind: str = "text/csv") -> None:
    """A file for the n-th file field of the page, looked at, then taken."""
    page.locator("input[type=file]").nth(n).set_input_files(
        {"name": name, "mimeType": kind, "buffer": body}
    )


def table(columns: list[str], rows: list[list[str]]) -> bytes:
    lines = [",".join(columns), *(",".join(row) for row in rows)]
    return "\n".join(lines).encode("utf-8-sig")


def test_an_empty_installation_comes_to_its_first_case(browser: Any, place: Place) -> None:
    _three_administrators(browser, place)
    with room(browser, place.address) as page:
        enter(page, place, "sysadmin")
        visit(page, "setup")
        _profile_and_areas(page)
        _staff(page, place)
    with room(browser, place.address) as page:
        enter(page, place, "secadmin")
        visit(page, "requests")
        page.get_by_label("全部").first.check()
        page.get_by_role("button", name="授予").first.click()
        page.locator("dialog").get_by_role("button", name="授予", exact=True).click()
        page.get_by_text("已授予 5 项").wait_for()
    with room(browser, place.address) as page:
        enter(page, place, "sysadmin")
        _duty_on_the_map(page)
        _shift(page)
        answer = page.request.post(
            "/api/v1/public/reports",
            data={"text": "井盖破损", "address": "永宁社区", "lon": 116.902, "lat": 39.102},
            headers={"X-CSRFToken": _csrf(page)},
        )
        assert answer.ok, answer.text()
        visit(page, "setup")
        page.locator(".steps button.done").nth(6).wait_for()
        page.get_by_role("button", name="还缺什么").click()
        page.get_by_text("个网格没有责任人").wait_for()
        shoot(page, "manage-setup-1440-zh")


def _three_administrators(browser: Any, place: Place) -> None:
    with room(browser, place.address, forgive="403|status of 403") as page:
        visit(page, "setup")
        page.get_by_label("启用码").fill("not the code")
        page.get_by_role("button", name="建立三位管理员").click()
        page.get_by_text("启用码不正确").wait_for()
        check_axe(page)
        page.get_by_label("启用码").fill(place.passwords["code"])
        page.get_by_role("button", name="建立三位管理员").click()
        page.get_by_text("一次性密码").first.wait_for()
        for row in page.locator(".once tr").all():
            name, secret = row.locator("th").inner_text(), row.locator("code").inner_text()
            place.passwords[name] = secret
        assert {"sysadmin", "secadmin", "auditadmin"} < place.passwords.keys()
        again = page.request.get("/manage/setup/", max_redirects=0)
        assert again.status == 302, "the door is shut once there are administrators"


def _profile_and_areas(page: Any) -> None:
    page.get_by_role("button", name="城市方案").click()
    page.get_by_role("button", name="载入现用方案").click()
    page.get_by_text("条规则").wait_for()
    page.get_by_role("button", name="区域与网格").click()
    broken = areas_geojson().replace('"level": "cell"', '"level": "hamlet"', 1).encode()
    hand_in(page, 0, "areas.geojson", broken, "application/json")
    page.get_by_text("hamlet").wait_for()
    assert page.get_by_role("button", name="确认写入").is_disabled()
    hand_in(page, 0, "areas.geojson", areas_geojson().encode(), "application/json")
    page.locator("svg.map g.cell").nth(3).wait_for()
    assert page.locator("svg.map g.cell").count() == 4
    page.get_by_role("button", name="确认写入").click()
    page.get_by_text("已写入").wait_for()


def _staff(page: Any, place: Place) -> None:
    page.get_by_role("button", name="部门与人员").click()
    rows = [[name, *row] for name, row in ROLES.items()]
    rows.append(["xx001", "无名", "城管队长", "", ""])
    columns = ["用户名", "姓名", "角色", "区域编码", "部门编码"]
    hand_in(page, 1, "staff.csv", table(columns, rows))
    page.get_by_text("1 行无法使用").wait_for()
    page.get_by_role("button", name="确认写入").click()
    page.get_by_text("已写入").wait_for()
    for row in page.locator(".once tr").all():
        place.passwords[row.locator("th").inner_text()] = row.locator("code").inner_text()
    assert ROLES.keys() <= place.passwords.keys()


def _pick(page: Any, label: str, text: str) -> None:
    """One of a searched list."""
    box = page.locator("dialog").get_by_label(label, exact=True).first
    box.fill(text)
    page.locator("dialog .el-select-dropdown__item", has_text=text).first.click()


def _duty_on_the_map(page: Any) -> None:
    visit(page, "duty")
    page.get_by_role("button", name="新增责任网格").click()
    _pick(page, "社区", COMMUNITIES[0])
    page.locator("dialog").get_by_label("编码").fill("G1")
    page.locator("dialog").get_by_label("名称").fill("一号责任网格")
    cells = page.locator("dialog g[role=checkbox]")
    cells.nth(0).wait_for()
    cells.nth(0).click()
    cells.nth(1).focus()
    page.keyboard.press("Space")
    page.locator("dialog g[aria-checked=true]").nth(1).wait_for()
    assert page.locator("dialog g[aria-checked=true]").count() == 2
    page.locator("dialog").get_by_role("button", name="保存").click()
    page.locator("dialog").get_by_text("已保存").wait_for()
    _pick(page, "增加网格员", "王建国")
    page.locator("dialog").get_by_role("button", name="指派").click()
    page.locator("dialog .worker", has_text="王建国").wait_for()
    check_axe(page)
    shoot(page, "manage-duty-1440-zh")
    page.keyboard.press("Escape")
    page.get_by_text("4 个网格中 2 个有责任人").wait_for()


def _shift(page: Any) -> None:
    visit(page, "shifts")
    page.get_by_role("button", name="排班", exact=True).click()
    _pick(page, "人员", "王建国")
    for box in page.locator("dialog input[type=checkbox]").all():
        box.check()
    page.locator("dialog").get_by_role("button", name="保存").click()
    page.locator("td button.span").nth(6).wait_for()
    assert page.locator("td button.span").count() == 7


def _csrf(page: Any) -> str:
    return next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")


@pytest.mark.parametrize("who", sorted(PARTS))
def test_each_administrator_sees_the_own_parts_without_a_fault(
    browser: Any, place: Place, who: str
) -> None:
    if who not in place.passwords:
        pytest.skip("the first test of this file makes the administrators")
    with room(browser, place.address) as page:
        enter(page, place, who)
        for part in PARTS[who]:
            visit(page, part)
            check_axe(page)
            assert not page.locator("#main .problem").count(), page.locator("#main").inner_text()
            shoot(page, f"manage-{part}-1440-zh")
    with room(browser, place.address, width=360, lang="en", dark=True) as page:
        enter(page, place, who)
        for part in PARTS[who][:3]:
            visit(page, part)
            fits(page)
            check_axe(page)
            shoot(page, f"manage-{part}-360-en")


def test_the_auditor_finds_who_granted_and_proves_it(browser: Any, place: Place) -> None:
    if "auditadmin" not in place.passwords:
        pytest.skip("the first test of this file makes the administrators")
    with room(browser, place.address) as page:
        enter(page, place, "auditadmin")
        visit(page, "audit")
        page.locator("[data-ledger]").click()
        page.locator("[data-ledger-found][data-value=true]").wait_for()
        page.get_by_role("button", name="授权", exact=True).click()
        row = page.locator("tbody tr", has_text="授予角色").first
        row.wait_for()
        assert "安全管理员" in row.inner_text()
        row.get_by_role("button").click()
        page.get_by_role("button", name="取得证明").click()
        page.get_by_text("离线核验").wait_for()
        shoot(page, "manage-audit-proof-1440-zh")
        page.get_by_role("button", name="关闭").first.click()
        with page.expect_download() as download:
            page.get_by_role("button", name="导出 CSV").click()
        text = Path(download.value.path()).read_text("utf-8-sig")
        kinds = {row["kind"] for row in csv.DictReader(text.splitlines())}
        assert kinds <= {"role.granted", "role.asked", "role.ended", "role.refused"}
        visit(page, "seen")
        page.get_by_label("电话号码").fill("13800009999")
        page.get_by_label("查询用途").fill("核查泄露投诉")
        page.locator("[data-ask]").click()
        page.locator("[data-seen]").wait_for()
        check_axe(page)


def test_a_stale_password_is_asked_for_before_a_role_is_granted(browser: Any, place: Place) -> None:
    """The row of the log-in is aged in the database: nobody waits ten minutes in a test."""
    if "secadmin" not in place.passwords:
        pytest.skip("the first test of this file makes the administrators")
    import sqlite3

    with room(browser, place.address, forgive="403") as page:
        enter(page, place, "secadmin")
        visit(page, "users")
        with sqlite3.connect(place.folder / "cityloop.sqlite3", timeout=20) as db:
            db.execute("UPDATE accounts_loginsession SET confirmed_at = '2020-01-01 00:00:00'")
        page.locator("tbody tr", has_text="李秀英").get_by_role("button").click()
        page.locator("dialog select").first.select_option("analyst")
        page.locator("dialog").get_by_role("button", name="授予角色").click()
        page.get_by_label("当前密码").fill(OWN)
        page.get_by_role("button", name="确定").click()
        page.locator("dialog td", has_text="分析员").wait_for()
