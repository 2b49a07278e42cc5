"""A community is divided, mended and published; a model's card is read, the model watched."""

from __future__ import annotations

from typing import Any

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


def _press_cell(page: Any, number: int) -> None:
    """Press a place on the map that lies in this cell."""
    at = page.evaluate(
        f"""number => {{
          const map = {LIBRE}, box = map.getCanvas().getBoundingClientRect();
          for (let y = 20; y < box.height; y += 12) for (let x = 20; x < box.width - 60; x += 12) {{
            const [hit] = map.queryRenderedFeatures([x, y], {{layers: ['division-cell-fill']}});
            if (hit?.properties.number === number) return [box.x + x + 3, box.y + y + 3];
          }}
          return null;
        }}""",
        number,
    )
    assert at, f"cell {number} is not on the map"
    page.mouse.click(*at)


def _rows(page: Any) -> int:
    return int(page.locator("table.cells tbody tr").count())


def test_a_division_is_split_undone_and_published(browser: Any, demo: str) -> None:
    with room(browser, demo) as page:
        as_role(page, "system", "/manage/division/")
        page.get_by_role("combobox", name="社区").click()
        page.locator(".el-select-dropdown__item").first.click()
        page.get_by_role("button", name="用引擎划分").click()
        page.locator("table.cells tbody tr").first.wait_for()
        cells = _rows(page)
        assert cells > 2
        page.wait_for_selector(IDLE)

        first = page.locator("table.cells tbody tr").first
        homes = int(first.locator("td.num").first.inner_text())
        first.get_by_role("checkbox").check()
        page.get_by_role("button", name="拆分").click()
        page.get_by_text("已拆成 2 个").wait_for()
        assert _rows(page) == cells + 1
        assert int(first.locator("td.num").first.inner_text()) < homes
        assert page.locator(".found li", has_text="低于").count()  # a half is below the window
        assert _drawn(page) == list(range(1, cells + 2))
        _press_cell(page, 2)
        page.get_by_text("已选网格 1、2").wait_for()
        check_axe(page)
        shoot(page, "division-split-1440-zh")
        page.get_by_role("button", name="撤销").click()
        page.get_by_text("已撤销上一步").wait_for()
        assert _rows(page) == cells
        assert int(first.locator("td.num").first.inner_text()) == homes

        page.get_by_role("button", name="发布").click()
        said = page.locator("dialog .text")
        said.wait_for()
        assert "终止：" in said.inner_text()
        page.locator("dialog").get_by_role("button", name="发布").click()
        page.get_by_text("已发布：").wait_for()
        assert page.get_by_role("button", name="拆分").count() == 0
        fits(page)


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
        assert _rows(page) == len(draft["cells"])
        assert page.get_by_role("img", name="locked").count() == 1
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
            assert card.locator(".top .chip").inner_text() == mode
        assert card.locator(".way li.now .chip").all_inner_texts() == ["在用"]
        fits(page)
    with room(browser, demo, width=390, lang="en", dark=True) as page:
        as_role(page, "analyst", "/manage/models/")
        page.locator("article.model").wait_for()
        fits(page)
        check_axe(page)
        shoot(page, "models-390-en", full=True)
