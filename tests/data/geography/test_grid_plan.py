"""`cityloop grid plan`: from files to cells, to a report, and into the city."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
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
    five = buildings["features"][:5]
    five[0]["properties"]["households"] = -4
    five[1]["properties"]["code"] = five[2]["properties"]["code"]
    five[3]["geometry"] = {"type": "LineString", "coordinates": [[116.9, 39.1], [116.91, 39.1]]}
    five[4]["geometry"]["coordinates"][0][1] = [39.9, 116.4]
    given["buildings"].write_text(json.dumps(buildings))
    errors, report = StringIO(), tmp_path / "report.json"
    with pytest.raises(CommandError, match="4 features cannot be used"):
        call_command(
            "grid_plan", **given, out=tmp_path / "cells.json", stderr=errors, report=report
        )
    told = errors.getvalue()
    for where in ("buildings 1 b0: ", "buildings 3 b2: ", "buildings 4 b3: ", "buildings 5 b4: "):
        assert where in told
    assert [row["number"] for row in json.loads(report.read_text())["refused"]] == [5, 1, 3, 4]
    assert not (tmp_path / "cells.json").exists()
    cells, _ = run(tmp_path, given, leave_out=True, stderr=StringIO())
    assert (
        sum(f["properties"]["buildings"] for f in cells["features"])
        == len(buildings["features"]) - 4
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("streets", "{", "geography.damaged"),
        ("areas", '{"type": "FeatureCollection", "features": []}', "partition.no_communities"),
        ("buildings", "[]", "geography.damaged"),
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


def collection(*features: tuple[dict[str, Any], shapely.Geometry]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": own, "geometry": shapely.geometry.mapping(shape)}
        for own, shape in features
    ]}  # fmt: skip


def written(folder: Path, **named: dict[str, Any] | str) -> dict[str, Path]:
    for name, data in named.items():
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        (folder / name.replace("_", ".")).write_text(text)
    return {name.partition("_")[0]: folder / name.replace("_", ".") for name in named}


def grid(rows: int = 6, columns: int = 8) -> list[shapely.Point]:
    """Points 40 m apart, degrees."""
    return [
        shapely.Point(116.9 + 0.0004 * (c + 0.5), 39.1 + 0.0004 * (r + 0.5))
        for r in range(rows) for c in range(columns)
    ]  # fmt: skip


def test_points_in_a_table_with_chinese_columns_and_no_streets(tmp_path: Path) -> None:
    ground = shapely.box(116.9, 39.1, 116.9032, 39.1024)
    rows = "\n".join(f"{n},{p.x},{p.y},{40 + n % 5}户" for n, p in enumerate(grid()))
    given = written(
        tmp_path,
        areas_json=collection(({"社区编码": 990101001.0, "名称": "甲"}, ground)),
        buildings_csv=f"楼栋编码,经度,纬度,总户数\n{rows}\n",
    )
    with pytest.raises(CommandError, match=r"geography\.no_crs"):
        run(tmp_path, given)
    cells, told = run(tmp_path, given, crs=[("buildings", "wgs84")])
    assert [f["properties"]["code"][:9] for f in cells["features"]] == ["990101001"] * 5
    assert all(300 <= f["properties"]["households"] <= 500 for f in cells["features"])
    assert "48 of 48 buildings are points" in told
    assert "No streets were given" in told


def test_slips_of_drawing_are_mended_on_demand_and_told(tmp_path: Path) -> None:
    """An open ring, a slight overlap, counts that are not exact, a code that repeats."""
    west, east = (
        shapely.box(116.9, 39.1, 116.9016, 39.1024),
        shapely.box(116.90158, 39.1, 116.9032, 39.1024),
    )
    areas = collection(({"code": "1"}, west), ({"code": "2"}, east))
    areas["features"][0]["geometry"]["coordinates"] = [list(west.exterior.coords)[:-1]]
    counts: list[Any] = [40, "约 45户", 41.5, "1,0", *[42] * 44]
    codes = [f"b{max(n, 1)}" for n in range(48)]
    homes = collection(*(
        ({"code": code, "户数": count}, p.buffer(0.00009))
        for code, count, p in zip(codes, counts, grid(), strict=True)
    ))  # fmt: skip
    given = written(tmp_path, areas_json=areas, buildings_json=homes)
    errors = StringIO()
    with pytest.raises(CommandError, match="features cannot be used"):
        call_command("grid_plan", **given, out=tmp_path / "cells.json", stderr=errors)
    for said in ("areas 1", "buildings 2 b1: partition.weight", "buildings 3", "buildings 4"):
        assert said in errors.getvalue()
    homes["features"][3]["properties"]["户数"] = "042"
    given = written(tmp_path, areas_json=areas, buildings_json=homes)
    cells, told = run(tmp_path, given, repair=True)
    shapes = np.array([shapely.geometry.shape(f["geometry"]) for f in cells["features"]])
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(
        shapely.union_all([west, east]).area, rel=1e-6
    )
    assert (
        sum(f["properties"]["households"] for f in cells["features"]) == 40 + 45 + 42 + 42 + 44 * 42
    )
    for said in ("Ring not closed", "taken as 45", "taken as 42", "taken as b1#2", "matched with"):
        assert said in told, said


def test_an_overlap_too_wide_for_a_slip_and_files_that_lie_apart_are_refused(
    tmp_path: Path,
) -> None:
    one, two = (
        shapely.box(116.9, 39.1, 116.902, 39.102),
        shapely.box(116.901, 39.1, 116.904, 39.102),
    )
    areas = collection(({"code": "1"}, one), ({"code": "2"}, two))
    house = collection(({"households": 400}, shapely.Point(116.9005, 39.1005)))
    errors = StringIO()
    with pytest.raises(CommandError, match="1 features"):
        call_command("grid_plan", **written(tmp_path, areas_json=areas, buildings_json=house),
                     out=tmp_path / "c.json", repair=True, stderr=errors)  # fmt: skip
    assert "areas 2 2: partition.overlap" in errors.getvalue()
    alone = collection(({"code": "1"}, one))
    away = collection(({"households": 400}, shapely.Point(117.9, 39.1)))
    with pytest.raises(CommandError, match=r"partition\.elsewhere"):
        run(tmp_path, written(tmp_path, areas_json=alone, buildings_json=away))
