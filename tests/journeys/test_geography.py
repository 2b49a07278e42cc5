"""A file of geography: tried, seen on the map, its bad row read, confirmed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys.axe import check_axe
from tests.journeys.rooms import as_role, fits, room, shoot


def _buildings(page: Any, width: int) -> bytes:
    """Two buildings in the middle of the district, the second without a code."""
    west, south, east, north = page.request.get("/api/v1/places/tiles").json()["bounds"]
    lon, lat = (west + east) / 2, (south + north) / 2
    ring = [[lon, lat], [lon + 3e-4, lat], [lon + 3e-4, lat + 3e-4], [lon, lat + 3e-4], [lon, lat]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    codes = (f"JOURNEY-{width}", "")
    features = [
        {"type": "Feature", "properties": {"code": code, "households": 60}, "geometry": geometry}
        for code in codes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(("width", "lang"), [(1440, "zh"), (360, "en")])
def test_a_file_is_tried_looked_at_and_confirmed(
    browser: Any, demo: str, width: int, lang: str
) -> None:
    dry, done = {"zh": ("尚未写入", "已导入"), "en": ("nothing is written yet", "Imported")}[lang]
    with room(browser, demo, width=width, lang=lang) as page:
        as_role(page, "system", "/manage/geography/")
        page.locator("select[name=mapping]").select_option("buildings")
        file = {"name": "houses.geojson", "mimeType": "application/geo+json",
                "buffer": _buildings(page, width)}  # fmt: skip
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
