"""A community is divided, mended and published; a model's card is read, the model watched."""

from __future__ import annotations

from typing import Any

import shapely

from tests.journeys.axe import check_axe
from tests.journeys.rooms import as_role, fits, room, shoot

IDLE = ".the-map .canvas[data-idle]"


LIBRE = "document.querySelector('.the-map .canvas').libreMap"


def _drawn(page: Any) -> list[int]:
    """The numbers of the cells the map has drawn, once it has come to rest."""
    found = page.evaluate(
        f"""async () => {{
          const map = {LIBRE};
          if (!map.loaded()) await new Promise(done => map.once('idle', done));
          const seen = map.queryRenderedFeatures({{layers: ['division-cell-fill']}});
          return seen.map(one => one.properties.number);
        }}"""
    )
    return sorted(set(found))


def _rows(page: Any) -> int:
    return int(page.locator("table.cells tbody tr").count())


def _draft(page: Any) -> Any:
    number = page.url.partition("draft=")[2]
    return page.request.get(f"/api/v1/places/division/drafts/{number}").json()


def _beside(draft: Any) -> tuple[int, int, Any]:
    """Two neighbours, and the middle of the longest border between any two."""
    shapes = {c["number"]: shapely.geometry.shape(c["geometry"]) for c in draft["cells"]}
    borders = (
        (shapes[a].boundary.intersection(shapes[b].buffer(1e-6)), a, b)
        for a in shapes for b in shapes if a < b
    )  # fmt: skip
    border, a, b = max(borders, key=lambda found: found[0].length)
    return a, b, shapely.line_merge(border).interpolate(0.5, normalized=True)


def _draw_around(page: Any, spot: Any, half: float) -> None:
    """Press four points on the map around a place."""
    corners = shapely.get_coordinates(spot.buffer(half, cap_style="square"))[:4].tolist()
    for at in corners:
        xy = page.evaluate(
            f"""at => {{
              const map = {LIBRE}, box = map.getCanvas().getBoundingClientRect();
              const p = map.project(at);
              return [box.x + p.x, box.y + p.y];
            }}""",
            at,
        )
        page.mouse.click(*xy)


def _undo(page: Any) -> None:
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销上一步").wait_for()


def test_a_division_is_mended_published_and_shared_out(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "system", "/manage/division/")
        page.get_by_role("combobox", name="社区").click()
        page.locator(".el-select-dropdown__item").first.click()
        page.get_by_role("button", name="用引擎划分").click()
        # The first division of an installation may wait for the engine's machine code.
        page.locator("table.cells tbody tr").first.wait_for(timeout=120_000)
        cells = _rows(page)
        assert cells > 2
        page.wait_for_selector(IDLE)
        draft = _draft(page)
        a, b, spot = _beside(draft)

        # Two neighbours merge: the cell is too heavy, and it is said at once.
        for number in (a, b):
            page.get_by_role("checkbox", name=f"网格 {number}", exact=True).check()
        page.get_by_role("button", name="合并").click()
        page.get_by_text(f"已合并网格 {a}、{b}").wait_for()
        assert _rows(page) == cells - 1
        assert page.locator(".found li", has_text="高于").count()
        assert _drawn(page) == sorted(c["number"] for c in draft["cells"] if c["number"] != b)
        _undo(page)
        assert _rows(page) == cells

        # A piece in the middle of one cell given to another breaks a rule: no publishing.
        page.get_by_role("button", name="改画边界").click()
        page.get_by_label("归入").select_option(str(a))
        middle = shapely.geometry.shape(
            next(c["geometry"] for c in draft["cells"] if c["number"] == b)
        ).representative_point()
        _draw_around(page, middle, 1e-4)
        page.get_by_text("已有 4 点").wait_for()
        page.get_by_role("button", name="完成").click()
        page.get_by_text("修正后方可发布").wait_for()
        assert page.get_by_role("button", name="发布").is_disabled()
        check_axe(page)
        shoot(page, "division-broken-1440-zh")
        _undo(page)

        # A border moves; a building goes over to the neighbour.
        page.get_by_role("button", name="改画边界").click()
        page.get_by_label("归入").select_option(str(a))
        _draw_around(page, spot, 2e-4)
        page.get_by_text("已有 4 点").wait_for()
        page.get_by_role("button", name="完成").click()
        page.get_by_text(f"所画范围已归入网格 {a}").wait_for()
        page.get_by_role("button", name="取消选择").click()
        page.get_by_role("button", name="移动建筑").click()
        row = page.locator("details li", has_text=f"网格 {b}").first
        code = row.locator("code").inner_text()
        row.get_by_role("checkbox").check()
        page.get_by_label("归入").select_option(str(a))
        page.get_by_role("button", name="移动 1 栋").click()
        page.get_by_text(f"1 栋建筑已归入网格 {a}").wait_for()
        page.get_by_role("button", name="移动建筑").click()
        moved = page.locator("details li", has=page.locator("code", has_text=code)).first
        assert f"网格 {a}" in moved.inner_text()
        page.locator(".steps").get_by_role("button", name="取消").click()
        if page.get_by_role("button", name="发布").is_disabled():
            _undo(page)  # its ground did not touch the other cell

        page.get_by_role("button", name="发布").click()
        said = page.locator("dialog .text")
        said.wait_for()
        assert "边界有变：" in said.inner_text()
        page.locator("dialog").get_by_role("button", name="发布").click()
        page.get_by_text("已发布：").wait_for()
        assert page.get_by_role("button", name="拆分").count() == 0
        fits(page)

        page.get_by_role("link", name="分给网格员").click()
        page.locator("table.groups tbody tr").first.wait_for()
        workers = page.get_by_label("责任网格个数")
        wanted = int(workers.input_value()) + 1
        workers.fill(str(wanted))
        page.get_by_text("条件已改").wait_for()
        page.get_by_role("button", name="生成方案").click()
        page.get_by_text("条件已改").wait_for(state="hidden")
        assert page.locator("table.groups tbody tr").count() == wanted
        page.locator("button.main:enabled", has_text="启用").wait_for()
        check_axe(page)
        fits(page)
        shoot(page, "division-shares-1440-zh", full=True)
        page.get_by_role("button", name="启用").click()
        page.locator("dialog").get_by_role("button", name="启用").click()
        page.get_by_text(f"已启用 {wanted} 个责任网格").wait_for()
        page.set_viewport_size({"width": 390, "height": 844})
        fits(page)
        shoot(page, "division-shares-390-zh", full=True)


def test_a_layer_of_its_own_is_divided_and_found_in_the_registers(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "system", "/manage/division/")
        page.get_by_label("网格专题").select_option("patrol")
        assert page.get_by_label("规模指标").input_value() == "buildings"
        page.get_by_role("combobox", name="社区").click()
        page.locator(".el-select-dropdown__item").first.click()
        page.get_by_label("每格下限（栋建筑）").fill("5")
        page.get_by_role("button", name="用引擎划分").click()
        page.locator("table.cells tbody tr").first.wait_for(timeout=120_000)
        page.wait_for_selector(IDLE)
        page.get_by_text("每格 5 至 60 栋建筑").wait_for()
        cells = _rows(page)
        fits(page)
        check_axe(page)
        shoot(page, "division-patrol-1440-zh")
        page.get_by_role("button", name="发布").click()
        said = page.locator("dialog .text")
        said.wait_for()
        assert "案件所属的单元网格不变" in said.inner_text()
        page.locator("dialog").get_by_role("button", name="发布").click()
        page.get_by_text(f"已发布：新增 {cells} 个").wait_for()
        page.get_by_role("link", name="在要素登记中查看").click()
        page.locator(".registers tbody tr").first.wait_for()
        assert page.locator(".registers tbody tr").count() == cells
        shoot(page, "division-patrol-register-1440-zh")


def test_another_persons_step_is_shown_instead_of_overwritten(browser: Any, demo: str) -> None:
    with room(browser, demo, width=390, lang="en", dark=True) as page:
        as_role(page, "system", "/manage/division/")
        areas = page.request.get("/api/v1/places/areas?level=community").json()["items"]
        cookies = page.context.cookies()
        token = next(c["value"] for c in cookies if c["name"] == "csrftoken")

        def ask(path: str, given: dict[str, Any]) -> Any:
            answer = page.request.post(
                f"/api/v1/places/division/drafts{path}", data=given,
                headers={"X-CSRFToken": token, "Referer": page.url},
            )  # fmt: skip
            assert answer.ok, answer.text()
            return answer.json()

        draft = ask("", {"community": areas[0]["code"], "keep": True})
        page.goto(f"/manage/division/?draft={draft['id']}")
        page.locator("table.cells tbody tr").first.wait_for()
        page.wait_for_selector(IDLE)
        number = draft["cells"][0]["number"]
        ask(f"/{draft['id']}/edit", {"act": "lock", "number": number})
        page.get_by_role("checkbox", name=f"Cell {number}", exact=True).check()
        page.get_by_role("button", name="Split").click()
        page.get_by_text("Somebody else went on to step 2").wait_for()
        page.get_by_role("img", name="locked").wait_for()
        assert _rows(page) == len(draft["cells"])
        fits(page)
        check_axe(page)
        shoot(page, "division-390-en", full=True)


def test_a_model_is_retired_watched_and_put_back(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "analyst", "/manage/models/")
        card = page.locator("article.model")
        card.wait_for()
        assert "承诺：" in card.inner_text()
        label = card.locator("h2").inner_text()
        check_axe(page)
        shoot(page, "models-1440-zh", full=True)
        for act, said, mode in [
            ("停用", "已停用", "未启用"),
            ("影子观察", "已开始影子观察", "影子"),
            ("启用", "已启用", "在用"),
        ]:
            card.get_by_role("button", name=act, exact=True).click()
            page.locator("dialog").get_by_role("button", name=act, exact=True).click()
            page.get_by_text(f"{label} {said}").wait_for()
            card.locator(".top .chip", has_text=mode).wait_for()
        card.locator(".way li.now .chip", has_text="在用").wait_for()
        assert card.locator(".way li.now .chip").all_inner_texts() == ["在用"]
        fits(page)
    with room(browser, demo, width=390, lang="en", dark=True) as page:
        as_role(page, "analyst", "/manage/models/")
        page.locator("article.model").wait_for()
        fits(page)
        check_axe(page)
        shoot(page, "models-390-en", full=True)
