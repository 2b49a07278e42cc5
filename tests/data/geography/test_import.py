"""Files into areas and elements: what is taken, mended, refused, left out; nothing unsaid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements import queries as registers
from cityloop.city.elements.domain import Missing
from cityloop.city.elements.models import Element
from cityloop.city.places import queries as places
from cityloop.city.viewer import Role
from cityloop.data.geography.commands import Complete, import_file
from cityloop.data.geography.domain import (
    GeographyMap,
    Report,
    parse_map,
    summary_lines,
)
from cityloop.data.geography.queries import mapping, mappings
from cityloop.kernel.errors import DomainError, NotAllowed
from cityloop.kernel.geo import distance_m, from_wgs84
from tests.conftest import real_data
from tests.data.geography import made
from tests.data.geography.conftest import Ground, holder
from tests.world import COMMUNITIES

pytestmark = pytest.mark.django_db

BUILDINGS = parse_map(
    """
    name = "test"
    source = "test"
    outside = "refuse"
    [[rule]]
    kind = "building"
    geometry = "polygon"
    fields = { code = "code", name = "name", households = "households" }
    """
)


def run(ground: Ground, path: Path, given: GeographyMap, **more: Any) -> Report:
    more = {"crs": "", "dry_run": False, "actor": SYSTEM, "now": ground.now} | more
    report = import_file(path, given, **more)
    assert report.adds_up
    return report


def geojson(tmp_path: Path, *features: tuple[dict[str, Any], Any], **more: Any) -> Path:
    path = tmp_path / "a.geojson"
    path.write_text(made.collection(features, **more), "utf-8")
    return path


def codes(report: Report) -> list[tuple[int, str]]:
    return [(r.number, r.error.code) for r in report.refused]


def test_osm_extract_becomes_streets_buildings_water_and_places(
    ground: Ground, tmp_path: Path
) -> None:
    report = run(ground, made.write_osm(tmp_path / "q.osm.pbf"), mapping("osm"))
    taken = {name: c.new for name, c in report.counts.items()}
    assert taken == {
        "street": 3, "building": 2, "water": 2, "poi.hospital": 1, "component.lamp": 1,
    }  # fmt: skip
    assert {r.key for r in report.refused} == {"way/130", "relation/201"}
    assert report.skipped == {"outside": 1, "no_rule": 2}
    assert [(r.key, r.reason.split("[")[0]) for r in report.repaired] == [
        ("way/111", "Self-intersection")
    ]
    assert report.unread == {"building.storeys": 1}
    house = registers.arrays("building", properties=True)
    first = house.name.tolist().index("1号楼")
    assert house.households[first] == 72
    assert house.properties[first] == {"storeys": 18, "use": "residential"}
    assert house.cells[first] == ground.area(f"{COMMUNITIES[0]}001")
    streets = registers.arrays("street", properties=True)
    by_name = dict(zip(streets.name, streets.properties, strict=True))
    assert by_name["长宁街"] == {
        "class": "arterial", "lanes": 4, "speed_kmh": 60.0, "oneway": False,
    }  # fmt: skip
    assert by_name["春和巷"]["speed_kmh"] == pytest.approx(32.2)
    assert registers.arrays("poi.hospital").address[0] == "长宁街8号"


def test_dry_run_tells_the_same_and_writes_nothing(ground: Ground, tmp_path: Path) -> None:
    path = made.write_osm(tmp_path / "q.osm")
    dry = run(ground, path, mapping("osm"), dry_run=True)
    assert len(registers.arrays("building")) == 0
    wet = run(ground, path, mapping("osm"))
    told = ("counts", "refused_codes", "skipped", "repaired", "unread", "read", "bounds")
    assert {t: getattr(dry, t) for t in told} == {t: getattr(wet, t) for t in told}
    assert (dry.written, wet.written) == (False, True)


def test_same_file_a_second_time_changes_nothing(ground: Ground, tmp_path: Path) -> None:
    path = made.write_osm(tmp_path / "q.osm")
    first = run(ground, path, mapping("osm"))
    again = run(ground, path, mapping("osm"))
    assert again.taken == first.taken
    assert all(c.new == c.changed == 0 for c in again.counts.values())


def test_every_bad_building_is_refused_by_its_row_and_the_good_are_in(
    ground: Ground, tmp_path: Path
) -> None:
    thin = shapely.box(made.W + 0.003, made.S + 0.001, made.W + 0.0034, made.S + 0.0010000001)
    hole = made.house(0.005).difference(made.house(0.0051, 0.0011, 0.0001))
    path = geojson(
        tmp_path,
        ({"code": "B1", "households": 72}, made.house()),
        ({"code": "B2", "households": -3}, made.house(0.002)),
        ({"code": "B3"}, made.bow_tie(0.0025)),
        ({"code": "B1", "households": 1}, made.house(0.0035)),
        ({"code": ""}, made.house(0.004)),
        ({"code": "B6"}, made.house(1.0)),
        ({"code": "B7"}, thin),
        ({"code": "B8", "households": "many"}, made.house(0.0045)),
        ({"code": "B9"}, None),
        ({"code": "B10", "households": 12.0}, hole),
        ({"code": "B11"}, shapely.Point(made.W, made.S)),
        ({"code": "B12"}, shapely.transform(made.house(), lambda xy: xy[:, ::-1])),
        ({"code": "B13", "households": 10**7}, made.house(0.006)),
    )
    report = run(ground, path, BUILDINGS)
    assert sorted(codes(report)) == [
        (2, "geography.households"), (4, "geography.twice"), (5, "geography.no_code"),
        (6, "geography.outside"), (7, "geography.sliver"), (8, "geography.households"),
        (9, "geography.geometry"), (12, "place.swapped"), (13, "element.households"),
    ]  # fmt: skip
    assert report.skipped == {"geometry:building:polygon": 1}
    assert report.without_households == 1
    [mended] = report.repaired
    assert mended.number == 3 and "Self-intersection" in mended.reason
    found = registers.arrays("building")
    assert sorted(found.code) == ["B1", "B10", "B3"]
    assert len(found.shapes[found.code.tolist().index("B10")].interiors) == 1
    assert all(s.is_valid for s in found.shapes)


def test_without_repair_a_self_crossing_building_is_refused(ground: Ground, tmp_path: Path) -> None:
    import msgspec

    strict = msgspec.structs.replace(BUILDINGS, repair=False)
    report = run(ground, geojson(tmp_path, ({"code": "B"}, made.bow_tie())), strict)
    assert codes(report) == [(1, "geography.geometry")]


@pytest.mark.parametrize("crs", ["EPSG:4548", "EPSG:4527", "EPSG:4490", "gcj02", "bd09"])
def test_same_building_in_any_declared_system_lands_on_the_same_spot(
    ground: Ground, tmp_path: Path, crs: str
) -> None:
    shape = made.house()
    if crs.startswith("EPSG"):
        shape = made.projected(shape, int(crs[5:]))
    else:
        import numpy as np

        shape = shapely.transform(shape, lambda xy: np.column_stack(from_wgs84(*xy.T, crs)))
    path = made.write_layer(tmp_path / "b.gpkg", [shape], {"code": ["B1"]}, crs=None)
    report = run(ground, path, BUILDINGS, crs=crs)
    assert report.taken == 1
    found = registers.arrays("building").shapes[0].centroid
    wanted = made.house().centroid
    assert distance_m(found.x, found.y, wanted.x, wanted.y) < 0.001


def test_layers_of_different_systems_are_each_read_in_their_own(
    ground: Ground, tmp_path: Path
) -> None:
    path = tmp_path / "b.gpkg"
    made.write_layer(path, [made.house()], {"code": ["B1"]}, layer="degrees")
    made.write_layer(
        path, [made.projected(made.house(0.003), 4548)], {"code": ["B2"]}, layer="metres",
        crs="EPSG:4548", append=True,
    )  # fmt: skip
    report = run(ground, path, BUILDINGS)
    assert report.taken == 2
    with pytest.raises(DomainError) as refused:
        run(ground, path, BUILDINGS, crs="EPSG:4548")
    assert refused.value.code == "geography.crs_conflict"
    assert "degrees" in refused.value.en


@pytest.mark.parametrize(
    ("epsg", "likely"), [(4527, ["EPSG:4527"]), (4548, ["EPSG:4534 … EPSG:4554"])]
)
def test_file_without_a_system_is_refused_with_what_its_numbers_speak_for(
    ground: Ground, tmp_path: Path, epsg: int, likely: list[str]
) -> None:
    path = made.write_layer(
        tmp_path / "b.gpkg", [made.projected(made.house(), epsg)], {"code": ["B"]}, crs=None
    )
    with pytest.raises(DomainError) as refused:
        run(ground, path, BUILDINGS)
    assert (refused.value.code, refused.value.details["likely"]) == ("geography.no_crs", likely)


def test_geojson_in_metres_without_a_word_is_refused_not_taken_for_degrees(
    ground: Ground, tmp_path: Path
) -> None:
    path = geojson(tmp_path, ({"code": "B"}, made.projected(made.house(), 4548)))
    with pytest.raises(DomainError, match=r"geography\.no_crs"):
        run(ground, path, BUILDINGS)
    assert run(ground, path, BUILDINGS, crs="4548").taken == 1


def test_surveyors_order_of_northing_first_is_recognised_and_can_be_declared(
    ground: Ground, tmp_path: Path
) -> None:
    import msgspec

    turned = shapely.transform(made.projected(made.house(), 4548), lambda xy: xy[:, ::-1])
    path = geojson(tmp_path, ({"code": "B"}, turned))
    assert codes(run(ground, path, BUILDINGS, crs="EPSG:4548")) == [(1, "place.swapped")]
    other = msgspec.structs.replace(BUILDINGS, order="lat,lon")
    assert run(ground, path, other, crs="EPSG:4548").taken == 1


def test_wrong_zone_is_not_taken(ground: Ground, tmp_path: Path) -> None:
    path = geojson(tmp_path, ({"code": "B"}, made.projected(made.house(), 4548)))
    report = run(ground, path, BUILDINGS, crs="EPSG:4549")
    assert codes(report) == [(1, "geography.outside")]


def test_table_of_addresses_in_gcj02(ground: Ground, tmp_path: Path) -> None:
    lon, lat = from_wgs84(made.W + 0.002, made.S + 0.002, "gcj02")
    path = tmp_path / "门牌.csv"
    path.write_text(f"编码,名称,地址,经度,纬度\nA1,,长宁街8号,{lon:.9f},{lat:.9f}\n", "gb18030")
    with pytest.raises(DomainError, match=r"geography\.no_crs"):
        run(ground, path, mapping("addresses"))
    report = run(ground, path, mapping("addresses"), crs="gcj02")
    assert report.taken == 1
    found = registers.arrays("address")
    assert distance_m(found.lon[0], found.lat[0], made.W + 0.002, made.S + 0.002) < 0.001


def _areas(*, bad: bool = False) -> list[tuple[dict[str, Any], Any]]:
    home = shapely.box(made.W + 0.016, made.S, made.W + 0.02, made.S + 0.004)
    code = f"{COMMUNITIES[0][:9]}003"
    homes = "-4" if bad else 410
    return [
        ({"level": "community", "code": code, "name": "新苑社区"}, home),
        (
            {"level": "cell", "code": f"{code}001", "name": "一", "households": homes},
            home,
        ),
    ]


def test_boundaries_become_areas_whose_cells_then_hold_buildings(
    ground: Ground, tmp_path: Path
) -> None:
    assert run(ground, geojson(tmp_path, *_areas()), mapping("areas")).taken == 2
    cell = places.tree().by_code(f"{COMMUNITIES[0][:9]}003001")
    assert cell.households == 410
    report = run(ground, geojson(tmp_path, ({"code": "B"}, made.house(0.017))), BUILDINGS)
    assert report.taken == 1
    assert registers.arrays("building").cells[0] == cell.id


def test_areas_are_whole_or_not_at_all(ground: Ground, tmp_path: Path) -> None:
    before = places.version()
    report = run(ground, geojson(tmp_path, *_areas(bad=True)), mapping("areas"))
    assert codes(report) == [(2, "areas.households")]
    assert report.skipped == {"areas_held": 1}
    assert not report.written
    assert places.version() == before


def test_only_the_administrator_brings_geography_in(ground: Ground, tmp_path: Path) -> None:
    path = geojson(tmp_path, ({"code": "B"}, made.house()))
    assert run(ground, path, BUILDINGS, actor=holder(Role.SYSTEM_ADMIN), dry_run=True).taken == 1
    with pytest.raises(NotAllowed):
        run(ground, path, BUILDINGS, actor=holder(Role.ACCEPTOR))


def test_real_network_becomes_streets_with_class_and_speed(ground: Ground) -> None:
    path = real_data("traffic", "cologne3", "cologne3.net.xml")
    report = run(ground, path, mapping("sumo"))
    streets = registers.arrays("street", properties=True)
    assert report.taken == len(streets) > 20
    assert {p["class"] for p in streets.properties} <= {
        "expressway", "arterial", "secondary", "local",
    }  # fmt: skip
    assert all(10 <= p["speed_kmh"] <= 130 for p in streets.properties)


def test_every_shipped_mapping_is_read_and_names_kinds_of_the_profile() -> None:
    from cityloop.city.elements.commands import profile_kinds

    declared = {spec.code for spec in profile_kinds()}
    keys = [m.key for m in mappings()]
    assert keys == ["addresses", "areas", "buildings", "osm", "osm_boundaries", "sumo"]
    assert all(set(mapping(key).kinds) <= declared for key in keys)


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'name="a"\nsource="a"\nrule=[]',
        'name="a"\nsource="a"\n[[rule]]\nkind="b"\nwhre={}',
        'name="a"\nsource="a"\n[[rule]]\nkind="b"\nlevel="cell"',
        'name="a"\nsource="a"\n[[rule]]\nlevel="cell"\nfields={name="n"}',
        'name="a"\nsource="a"\n[[rule]]\nkind="b"\nfields={naem="n"}',
    ],
)
def test_mapping_that_cannot_be_used_says_why(text: str) -> None:
    with pytest.raises(DomainError, match=r"geography\.map"):
        parse_map(text)


def test_report_names_every_refusal_in_both_languages(ground: Ground, tmp_path: Path) -> None:
    report = run(ground, geojson(tmp_path, ({"code": ""}, made.house())), BUILDINGS)
    zh, en = (report.as_dict(language)["refused"][0] for language in ("zh", "en"))
    assert "没有编码" in zh["message"] and zh["advice"]
    assert "no code" in en["message"] and en["advice"]
    json.dumps(report.as_dict("zh"))


def test_a_whole_file_retires_what_it_has_no_more(ground: Ground, tmp_path: Path) -> None:
    houses = [({"code": f"C{n}", "name": f"{n}"}, made.house(0.0005 * n)) for n in range(1, 21)]
    run(ground, geojson(tmp_path, *houses), BUILDINGS)
    left = geojson(tmp_path, *houses[1:], ({"code": "C21"}, made.bow_tie(1.0)))
    partial = run(ground, left, BUILDINGS)
    assert (partial.missing, partial.counts["building"].ended) == ({}, 0)
    dry = run(ground, left, BUILDINGS, complete=Complete(), dry_run=True)
    told = {"building": Missing(20, 1, held=False, shown=(("C1", "1"),))}
    assert (dry.missing, dry.counts["building"].ended) == (told, 1)
    assert "building: 1 / 20" in "\n".join(summary_lines(dry))
    assert len(registers.arrays("building")) == 20
    wet = run(ground, left, BUILDINGS, complete=Complete())
    assert wet.missing == told
    assert sorted(set(registers.arrays("building").code.tolist())) == sorted(
        p["code"] for p, _ in houses[1:]
    )
    ended = registers.history(holder(Role.SYSTEM_ADMIN), Element.objects.get(code="C1").pk)
    assert [row.valid_to for row in ended] == [ground.now]


def test_a_whole_file_that_would_retire_many_is_held_until_confirmed(
    ground: Ground, tmp_path: Path
) -> None:
    houses = [({"code": f"C{n}"}, made.house(0.0005 * n)) for n in range(1, 21)]
    run(ground, geojson(tmp_path, *houses), BUILDINGS)
    few = geojson(tmp_path, *houses[:17])
    held = run(ground, few, BUILDINGS, complete=Complete())
    assert [(m.of, m.gone, m.held) for m in held.missing.values()] == [(20, 3, True)]
    assert any("to 15 % and import again" in en for _, en in held.remarks)
    assert len(registers.arrays("building")) == 20
    done = run(ground, few, BUILDINGS, complete=Complete(most_share=0.15))
    assert done.counts["building"].ended == 3
    assert len(registers.arrays("building")) == 17


def test_what_is_refused_is_not_missing_and_other_areas_are_left_alone(
    ground: Ground, tmp_path: Path
) -> None:
    first, second = made.house(0.001), made.house(0.011)
    both = [({"code": "C1"}, first), ({"code": "C2"}, second)]
    run(ground, geojson(tmp_path, *both), BUILDINGS)
    assert registers.arrays("building").cells.tolist() == [
        ground.area(f"{COMMUNITIES[0]}001"), ground.area(f"{COMMUNITIES[1]}001"),
    ]  # fmt: skip
    broken = geojson(tmp_path, ({"code": "C1"}, made.house(1.0)), both[1])
    whole = Complete(most_share=1.0)
    assert run(ground, broken, BUILDINGS, complete=whole).missing["building"].gone == 0
    here = Complete(area=COMMUNITIES[0], most_share=1.0)
    new = geojson(tmp_path, ({"code": "C3"}, made.house(0.002)))
    report = run(ground, new, BUILDINGS, complete=here)
    assert [(m.of, m.gone) for m in report.missing.values()] == [(2, 1)]
    assert sorted(registers.arrays("building").code) == ["C2", "C3"]
    nameless = geojson(tmp_path, ({"code": ""}, made.house(0.002)))
    assert run(ground, nameless, BUILDINGS, complete=whole).missing == {}
    with pytest.raises(DomainError, match="0 to 1"):
        run(ground, new, BUILDINGS, complete=Complete(most_share=30))
