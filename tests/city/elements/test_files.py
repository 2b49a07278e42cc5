"""Files in and out: what goes out comes back unchanged, what is wrong is named by its row."""

from __future__ import annotations

import json

import pytest
import shapely
from django.core.management import CommandError, call_command
from pyproj import Transformer
from tests.city.elements.conftest import lamp
from tests.world import cell_code, centre

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements import queries
from cityloop.city.elements.commands import import_file, register_kinds
from cityloop.city.elements.domain import ElementRow, KindSpec
from cityloop.city.elements.models import Element
from cityloop.city.elements.queries.files import export
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import from_wgs84

LAMP = "component.lamp"
ODD = [
    "=1+1", " lead", "trail ", 'a,b;c"d', "line\nbreak", "007", "1e5", "-5", "@x", "，；", "'",
    "\ttab", "None", "true", "NaN",
]  # fmt: skip


@pytest.fixture
def bring_in(town):
    def imported(path, kind=LAMP, crs="wgs84", **more):
        more = {"dry_run": False, "source": "file", **more}
        return import_file(path, kind=kind, crs=crs, actor=SYSTEM, now=town.now, **more)

    return imported


def counts(done):
    return done.new, done.changed, done.same, len(done.refused)


def test_a_table_with_chinese_headings_and_bad_rows(tmp_path, bring_in, town):
    x, y = centre(1)
    file = tmp_path / "lamps.csv"
    file.write_text(
        f"编码,名称,经度,纬度,杆高（米）,colour\nL1,一号灯,{x},{y},8.5,red\n"
        f"L2,,{y},{x},8,\nL3,,abc,{y},8,\nL4,,{x},{y},900,\n",
        "utf-8",
    )
    planned = bring_in(file, dry_run=True)
    assert counts(planned) == (1, 0, 0, 3)
    assert Element.objects.count() == 0
    done = bring_in(file)
    assert [(r.row, r.code, r.error.code) for r in done.refused] == [
        (3, "L2", "place.swapped"),
        (4, "L3", "element.number"),
        (5, "L4", "element.field"),
    ]
    row = Element.objects.get()
    assert row.properties == {"height_m": 8.5, "colour": "red"}
    assert row.cell_id == town.area(cell_code(1))


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_what_goes_out_comes_back_the_same(form, tmp_path, bring_in, take_in):
    x, y = centre(0)
    ring = shapely.box(x, y, x + 1e-4, y + 1e-4)
    take_in(
        "building",
        ElementRow("B1", "一号楼", address="=1+1 路", geometry=ring, households=12,
                   properties={"storeys": 6, "own": "x"}, source_key="k1"),
        ElementRow("B2", geometry=ring),
        *(ElementRow(f"T{n}", text, lon=x, lat=y, properties={"use": text, "own": text})
          for n, text in enumerate(ODD)),
    )  # fmt: skip
    file = tmp_path / f"out.{form}"
    file.write_bytes(b"".join(export(SYSTEM, "building", form)))
    assert counts(bring_in(file, "building")) == (0, 0, 2 + len(ODD), 0)


def test_declared_systems_are_turned_into_ours(tmp_path, bring_in, town):
    lon, lat = from_wgs84(*centre(2), "gcj02")
    file = tmp_path / "lamps.csv"
    file.write_text(f"code,lon,lat\nL1,{lon},{lat}\n")
    bring_in(file, crs="gcj02")
    row = Element.objects.get()
    assert (row.lon, row.lat) == pytest.approx(centre(2), abs=1e-8)


def test_a_zone_of_cgcs2000_is_taken_for_points_and_shapes(tmp_path, bring_in, town):
    lon, lat = centre(2)
    zone = Transformer.from_crs(4490, 4548, always_xy=True)
    east, north = zone.transform(lon, lat)
    file = tmp_path / "lamps.csv"
    file.write_text(f"code,lon,lat\nL1,{east},{north}\n")
    bring_in(file, crs="EPSG:4548")
    row = Element.objects.get()
    assert (row.lon, row.lat) == pytest.approx((lon, lat), abs=1e-7)
    assert row.cell_id == town.area(cell_code(2))
    shape = shapely.box(east, north, east + 20, north + 20)
    file = tmp_path / "houses.csv"
    file.write_text(f'code,wkt\nB1,"{shape.wkt}"\n')
    assert bring_in(file, "building", crs="4548").new == 1
    with pytest.raises(DomainError, match=r"place\.unknown_crs"):
        bring_in(file, "building", crs="mars")


def test_a_shape_that_crosses_itself_is_refused_or_mended(tmp_path, bring_in):
    x, y = centre(0)
    bow = [[x, y], [x + 1e-3, y + 1e-3], [x + 1e-3, y], [x, y + 1e-3], [x, y]]
    features = [
        {"type": "Feature", "id": 7, "properties": {"name": "A"},
         "geometry": {"type": "Polygon", "coordinates": [bow]}},
        {"type": "Feature", "properties": {"code": "B"}, "geometry": {"type": "Polygon"}},
        {"type": "Feature", "properties": {"code": "C", "households": "约9"}, "geometry": None},
    ]  # fmt: skip
    file = tmp_path / "b.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    plain = bring_in(file, "building", dry_run=True)
    assert [(r.row, r.code, r.error.code) for r in plain.refused] == [
        (1, "7", "element.geometry"),
        (2, "B", "element.geometry"),
        (3, "C", "element.number"),
    ]
    assert bring_in(file, "building", repair=True).new == 1
    assert queries.arrays("building").shapes[0].is_valid
    assert Element.objects.get().code == "file-7"


def test_a_file_that_is_no_geojson_is_refused_whole(tmp_path, bring_in):
    file = tmp_path / "x.geojson"
    file.write_text("[1, 2]")
    with pytest.raises(DomainError, match=r"element\.file"):
        bring_in(file)


def test_a_whole_file_retires_what_it_has_no_more_but_not_too_much(tmp_path, bring_in, town):
    def lamps(*codes):
        x, y = centre(0)
        file = tmp_path / "lamps.csv"
        file.write_text("code,lon,lat\n" + "".join(f"{c},{x},{y}\n" for c in codes))
        return file

    def bring(*codes, **more):
        done = bring_in(lamps(*codes), ends_missing=True, **more)
        return done.missing.gone, done.missing.held, done.missing.nameless, done.ended

    names = [f"L{n}" for n in range(10)]
    assert bring(*names) == (0, False, 0, 0)
    assert bring(*names[:6]) == (4, True, 0, 0)  # a file that broke off empties no register
    assert bring("", *names[1:]) == (1, True, 1, 0)  # the refused row could be the missing one
    assert bring(*names[1:], dry_run=True) == (1, False, 0, 1)
    assert bring(*names[1:]) == (1, False, 0, 1)
    assert bring(*names[1:6], most_missing=0.5) == (4, False, 0, 4)
    assert len(queries.arrays(LAMP)) == 5


def test_a_strict_schema_refuses_unknown_columns_by_name(tmp_path, bring_in, town):
    spec = KindSpec.read("flag", {"family": "thing", "zh": "旗", "en": "Flag", "schema": {
        "type": "object", "properties": {"height": {"type": "integer"}},
        "additionalProperties": False}})  # fmt: skip
    register_kinds([spec], actor=SYSTEM, now=town.now)
    file = tmp_path / "x.csv"
    x, y = centre(0)
    file.write_text(f"code,lon,lat,height,colour\nF1,{x},{y},3,\nF2,{x},{y},3,red\n")
    done = bring_in(file, "flag")
    assert (done.new, [r.error.where for r in done.refused]) == (1, ["properties.colour"])


def test_the_commands_import_export_and_list(tmp_path, town, take_in, capsys):
    take_in(LAMP, lamp("L1"))
    file = tmp_path / "lamps.xlsx"
    call_command("elements_export", LAMP, str(file))
    call_command("elements_import", str(file), kind=LAMP)
    call_command("elements_kinds")
    told = capsys.readouterr().out
    assert "未变 same 1" in told
    assert any(line.split()[:3] == [LAMP, "point", "1"] for line in told.splitlines())
    with pytest.raises(CommandError, match=r"component\.lamp"):
        call_command("elements_import", str(file), kind="lamp")
