"""`cityloop grid plan`: from files to cells, to a report, and into the city."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cityloop.city.elements.models import Element
from cityloop.city.places.models import Area
from cityloop.engines.district import District, generate


@pytest.fixture(scope="module")
def district() -> District:
    return generate("community")


def files(folder: Path, district: District, *levels: str) -> dict[str, Path]:
    """The three files; areas of the levels named."""
    areas = {"type": "FeatureCollection", "features": []}
    for level in levels:
        areas["features"] += district.area_geojson(level)["features"]
    buildings = district.buildings_geojson()
    for n, feature in enumerate(buildings["features"]):
        feature["properties"]["code"] = f"b{n}"
    data = {"areas": areas, "buildings": buildings, "streets": district.streets_geojson()}
    for name, collection in data.items():
        (folder / f"{name}.json").write_text(json.dumps(collection, ensure_ascii=False))
    return {name: folder / f"{name}.json" for name in data}


def run(folder: Path, given: dict[str, Path], **more: Any) -> tuple[dict[str, Any], str]:
    out, told = folder / "cells.json", StringIO()
    call_command("grid_plan", **given, out=out, stdout=told, **more)
    return json.loads(out.read_text()), told.getvalue()


def test_plan_from_files_writes_cells_and_a_report(tmp_path: Path, district: District) -> None:
    report = tmp_path / "report.json"
    cells, told = run(tmp_path, files(tmp_path, district, "community"), report=report)
    community = district.areas_at("community")[0]
    figures = json.loads(report.read_text())["figures"]
    assert len(cells["features"]) == figures["cells"] > 1
    households = sum(f["properties"]["households"] for f in cells["features"])
    assert households == figures["households"] == community.households
    first = cells["features"][0]["properties"]
    assert first["code"] == f"{community.code}001"
    assert first["parent"] == community.code
    assert "规模达标率" in told and "share in the window" in told


def register(tmp_path: Path, district: District) -> None:
    """The areas of the district as the city's own."""
    whole = tmp_path / "whole.json"
    levels = ("district", "subdistrict", "community", "cell")
    features = [f for level in levels for f in district.area_geojson(level)["features"]]
    codes = {f["properties"]["id"]: f["properties"]["code"] for f in features}
    for feature in features:
        feature["properties"]["parent"] = codes.get(feature["properties"].pop("parent_id"))
    whole.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    call_command("import_areas", whole, stdout=StringIO())


@pytest.mark.django_db
def test_published_plan_becomes_cells_and_old_cells_end(
    tmp_path: Path, district: District
) -> None:  # fmt: skip
    register(tmp_path, district)
    before = set(Area.objects.filter(level="cell").values_list("code", flat=True))
    given = files(tmp_path, district, "community")
    cells, told = run(tmp_path, given, afresh=True, publish=True)
    now = {f["properties"]["code"] for f in cells["features"]}
    current = Area.objects.filter(level="cell", valid_until__isnull=True)
    assert set(current.values_list("code", flat=True)) == now
    assert now.isdisjoint(before)  # a number is never given to another cell
    assert Area.objects.filter(code__in=before, valid_until__isnull=False).count() == len(before)
    assert f"停用 ended {len(before)}" in told


def test_present_cells_are_kept_when_they_fit(tmp_path: Path, district: District) -> None:
    given = files(tmp_path, district, "community")
    cells, _ = run(tmp_path, given)
    areas = json.loads(given["areas"].read_text())
    areas["features"] += cells["features"]
    given["areas"].write_text(json.dumps(areas))
    report = tmp_path / "report.json"
    again, told = run(tmp_path, given, report=report)
    said = json.loads(report.read_text())
    assert said["before"]["in_window"] == said["figures"]["in_window"]
    assert said["moved_households"] == 0
    assert " → " in told
    households = {f["properties"]["code"]: f["properties"]["households"] for f in cells["features"]}
    assert households == {
        f["properties"]["code"]: f["properties"]["households"] for f in again["features"]
    }


@pytest.mark.django_db
def test_a_theme_is_weighed_by_its_own_property_and_published_apart(
    tmp_path: Path, district: District
) -> None:
    given = files(tmp_path, district, "community")
    with pytest.raises(CommandError, match=r"place\.unknown_code"):
        run(tmp_path, given, theme="patrol", publish=True)
    register(tmp_path, district)
    areas = set(Area.objects.values_list("code", "valid_until"))
    cells, _ = run(tmp_path, given, theme="patrol", publish=True)
    buildings = [f["properties"]["buildings"] for f in cells["features"]]
    assert all(20 <= n <= 60 for n in buildings)
    assert Element.objects.filter(kind__code="grid.patrol").count() == len(buildings)
    assert set(Area.objects.values_list("code", "valid_until")) == areas
    with pytest.raises(CommandError, match=r"partition\.no_weight.*floor"):
        run(tmp_path, given, theme="fire")
    with pytest.raises(CommandError, match=r"division\.no_theme"):
        run(tmp_path, given, theme="sea")


def test_every_feature_that_cannot_be_used_is_named(tmp_path: Path, district: District) -> None:
    given = files(tmp_path, district, "community")
    buildings = json.loads(given["buildings"].read_text())
    three = buildings["features"][:5]
    three[0]["properties"]["households"] = -4
    three[1]["properties"]["code"] = three[2]["properties"]["code"]
    three[3]["geometry"] = {"type": "Point", "coordinates": [116, 39]}
    three[4]["geometry"]["coordinates"][0][0] = [39.9, 116.4]
    given["buildings"].write_text(json.dumps(buildings))
    errors = StringIO()
    with pytest.raises(CommandError, match="4 features cannot be used"):
        call_command("grid_plan", **given, out=tmp_path / "cells.json", stderr=errors)
    told = errors.getvalue()
    for where in ("buildings[0] b0: ", "buildings[2] ", "buildings[3] b3 ", "buildings[4] b4 "):
        assert where in told
    assert not (tmp_path / "cells.json").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("streets", "{", "partition.not_json"),
        ("areas", '{"features": []}', "partition.no_communities"),
        ("buildings", "[]", "partition.not_features"),
    ],
)
def test_files_that_are_no_features_are_refused(
    tmp_path: Path, district: District, name: str, text: str, said: str
) -> None:
    given = files(tmp_path, district, "community")
    given[name].write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("grid_plan", **given, out=tmp_path / "cells.json")
    with pytest.raises(CommandError, match=r"partition\.window"):
        call_command("grid_plan", **given, out=tmp_path / "cells.json", lo=900)
