"""A file of geography: tried, seen on the map, its bad row read, confirmed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import as_role, fits, room, shoot


def _buildings(page: Any, *codes: str) -> bytes:
    """Buildings of these codes in the middle of the district."""
    west, south, east, north = page.request.get("/api/v1/places/tiles").json()["bounds"]
    lon, lat = (west + east) / 2, (south + north) / 2
    ring = [[lon, lat], [lon + 3e-4, lat], [lon + 3e-4, lat + 3e-4], [lon, lat + 3e-4], [lon, lat]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    features = [
        {"type": "Feature", "properties": {"code": code, "households": 60}, "geometry": geometry}
        for code in codes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (360, "en")])
def test_a_file_is_tried_looked_at_and_confirmed(
    browser: Any, demo: str, width: int, lang: str
) -> None:
    dry, done, held, goes = {
        "zh": ("尚未写入", "已导入", "超过比例，不停用", "确认后将停用"),
        "en": ("nothing is written yet", "Imported", "too many, none is retired",
               "Confirming retires"),
    }[lang]  # fmt: skip
    with room(browser, demo, width=width, lang=lang) as page:
        as_role(page, "system", "/manage/geography/")
        page.locator("select[name=mapping]").select_option("buildings")
        file = {"name": "houses.geojson", "mimeType": "application/geo+json",
                "buffer": _buildings(page, f"JOURNEY-{width}", "")}  # fmt: skip
        page.set_input_files("input[type=file]", file)
        page.locator("button[type=submit]").click()
        page.locator(".told", has_text=dry).wait_for()
        page.locator(".map [data-idle]").wait_for()
        refused = page.locator(".report section tbody tr")
        assert refused.count() == 1
        assert "houses" in refused.inner_text()
        fits(page)
        check_axe(page)
        shoot(page, f"geography-tried-{width}-{lang}", full=True)
        page.locator("[data-test=confirm]").click()
        page.locator(".told", has_text=done).wait_for()
        assert page.locator("[data-test=confirm]").count() == 0

        # The next delivery is the whole register: what it has no more goes, when that is said.
        whole = _buildings(page, f"JOURNEY-{width}-next")
        page.set_input_files("input[type=file]", file | {"buffer": whole})
        page.locator("input[name=complete]").check()
        page.locator("button[type=submit]").click()
        page.locator(".report .chip", has_text=held).wait_for()
        assert page.locator(".ends").count() == 0
        page.locator("select[name=most_missing]").select_option("100")
        page.locator("button[type=submit]").click()
        page.locator(".ends", has_text=goes).wait_for()
        assert f"JOURNEY-{width}" in page.locator(".report section", has_text="100%").inner_text()
        fits(page)
        check_axe(page)
        shoot(page, f"geography-whole-{width}-{lang}", full=True)
        page.locator("[data-test=confirm]").click()
        page.locator(".told", has_text=done).wait_for()
