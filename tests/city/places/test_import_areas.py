"""Areas from GeoJSON: what comes in, what is refused and where."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError
from pyproj import Transformer
from tests.city.places.conftest import (
    CELLS,
    COMMUNITY,
    EAST_CELL,
    SUBDISTRICT,
    city,
    collection,
    feature,
    square,
)

from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Holding, Role, Viewer
from cityloop.city.audit.models import Event
from cityloop.city.places import commands, queries
from cityloop.city.places.models import Area
from cityloop.kernel.errors import DomainError, NotAllowed
from cityloop.kernel.geo import from_wgs84

pytestmark = pytest.mark.django_db
BOWTIE = {
    "type": "Polygon",
    "coordinates": [
        [[116.4, 39.9], [116.41, 39.91], [116.41, 39.9], [116.4, 39.91], [116.4, 39.9]]
    ],
}


def bring(now, *features, **options):
    return commands.import_areas(collection(*features), actor=SYSTEM, now=now, **options)


def refusals(now, *features, **options):
    done = bring(now, *features, dry_run=True, **options)
    return [(f.index, f.error.code) for f in done.refused]


def test_first_import_builds_the_tree_by_code(town, now):
    tree = queries.tree()
    path = tree.path(town.id(CELLS[0]))
    codes = [tree.get(i).code for i in path.ids()]
    assert codes == ["110100", "110105", SUBDISTRICT, COMMUNITY, CELLS[0]]
    assert [a.code for a in tree.children(town.id(COMMUNITY))] == CELLS
    assert Event.objects.get().kind == "places.imported"


def test_second_import_of_the_same_changes_nothing(town, now):
    before = queries.version()
    done = bring(now, *city())
    assert (done.unchanged, done.added, done.changed, done.ended) == (10, [], [], [])
    assert (queries.version(), Event.objects.count()) == (before, 1)


def test_export_comes_back_unchanged(town, now):
    done = commands.import_areas(json.dumps(queries.export_areas()), actor=SYSTEM, now=now)
    assert (done.unchanged, done.changed) == (10, [])


def test_changed_boundary_moves_the_points(town, now):
    point = [116.4005], [39.9005]
    assert queries.locate(*point)[0].tolist() == [town.id(CELLS[0])]
    others = [feature("cell", code, None) for code in CELLS[1:]]
    bring(now, feature("cell", CELLS[0], square(0.5, 0, 0.5)), *others)
    assert queries.locate(*point)[0].tolist() == [-1]


def test_cell_missing_from_its_community_ends_and_keeps_its_path(town, now):
    old = town.id(CELLS[3])
    later = now + timedelta(days=1)
    done = bring(later, *[f for f in city() if f["properties"]["code"] != CELLS[3]])
    assert done.ended == [CELLS[3]]
    assert Area.objects.get(pk=old).valid_until == later
    tree = queries.tree()
    assert tree.find_code(CELLS[3]) is None
    assert tree.path(old).community_id == town.id(COMMUNITY)
    assert old in tree.subtree(town.id(COMMUNITY))
    assert tree.find_code(EAST_CELL) is not None


def test_code_that_comes_back_is_a_new_area(town, now):
    old = town.id(CELLS[3])
    bring(now, *[f for f in city() if f["properties"]["code"] != CELLS[3]])
    bring(now, *city())
    assert town.id(CELLS[3]) != old


def test_dry_run_writes_nothing(db, now):
    done = bring(now, *city(), dry_run=True)
    assert (len(done.added), done.written, Area.objects.count()) == (10, False, 0)


def test_one_bad_feature_stops_the_whole_import(db, now):
    with pytest.raises(DomainError) as refused:
        bring(now, *city(), feature("cell", "12", square(5, 5)))
    assert refused.value.code == "areas.refused"
    told = refused.value.details["features"][0]
    assert (told["index"], told["area_code"], told["code"]) == (10, "12", "place.code")
    assert Area.objects.count() == 0


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (feature("cell", CELLS[1], BOWTIE), "areas.invalid"),
        (feature("cell", CELLS[1], {"type": "Point", "coordinates": [1, 2]}), "areas.geometry"),
        (feature("cell", CELLS[1], {"type": "Polygon", "coordinates": []}), "areas.geometry"),
        (feature("cell", CELLS[1], {"type": "Polygon", "coordinates": [[[1]]]}), "areas.geometry"),
        (feature("cell", CELLS[1], {"type": "Polygon"}), "areas.geometry"),
        (feature("hamlet", CELLS[1]), "areas.level"),
        (feature("cell", "110105001009001", square(1, 0)), "areas.no_parent"),
        (feature("cell", CELLS[1], square(1, 0), parent=SUBDISTRICT), "areas.parent_level"),
        (feature("community", "110105001003", parent=CELLS[0]), "areas.parent_level"),
        (feature("cell", CELLS[1], square(1, 0), households=-3), "areas.households"),
        (feature("cell", CELLS[1], square(1, 0), households="many"), "areas.households"),
        (feature("community", COMMUNITY, name_zh="长" * 121), "areas.name"),
        (feature("community", COMMUNITY, name_zh=""), "areas.no_name"),
        ("nonsense", "areas.not_a_feature"),
        ({"type": "Feature", "properties": None}, "areas.not_a_feature"),
    ],
)
def test_bad_feature_is_refused_by_index(town, now, bad, code):
    assert refusals(now, feature("cell", CELLS[0], square(0, 0)), bad) == [(1, code)]


def test_swapped_coordinates_are_refused_with_the_correction(town, now):
    swapped = shapely.transform(
        shapely.from_geojson(json.dumps(square(0, 0))), lambda xy: xy[:, ::-1]
    )
    geometry = json.loads(shapely.to_geojson(swapped))
    done = bring(now, feature("cell", CELLS[0], geometry), dry_run=True)
    assert done.refused[0].error.code == "place.swapped"
    assert "lon=116.4" in done.refused[0].error.en


def test_metres_are_refused(town, now):
    ring = [[5e5, 4e6], [5.1e5, 4e6], [5e5, 4.1e6], [5e5, 4e6]]
    metres = {"type": "Polygon", "coordinates": [ring]}
    assert refusals(now, feature("cell", CELLS[0], metres)) == [(0, "place.out_of_range")]


def test_repeated_code_names_the_first(town, now):
    twice = [feature("cell", CELLS[0], square(0, 0))] * 2
    done = bring(now, *twice, dry_run=True)
    assert [(f.index, f.error.code) for f in done.refused] == [(1, "areas.repeated")]
    assert "features[0]" in done.refused[0].error.en


def test_level_of_a_known_code_cannot_change(town, now):
    template = feature("subdistrict", SUBDISTRICT)
    Area.objects.filter(code=SUBDISTRICT).update(level="community")
    assert refusals(now, template)[0][1] == "areas.level_changed"


def test_bowtie_is_repaired_when_asked_and_told(town, now):
    done = bring(now, feature("cell", CELLS[0], BOWTIE), repair=True, dry_run=True)
    assert done.refused == []
    assert "repaired" in done.remarks[0]


def test_overlap_and_gap_are_told_not_refused(town, now):
    wide = [feature("cell", CELLS[0], square(0, 0, 1.5)), *(f for f in city()[6:9])]
    done = bring(now, *wide, dry_run=True)
    assert {f.kind for f in done.findings} >= {"overlap"}
    assert done.refused == []


def test_declared_gcj02_is_converted(db, now):
    given = city()
    for f in given:
        if f["geometry"]:
            xy = np.array(f["geometry"]["coordinates"][0])
            shifted = np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02"))
            f["geometry"]["coordinates"] = [shifted.tolist()]
    bring(now, *given, crs="gcj02")
    box = queries.bounds()
    assert (box.west, box.south) == pytest.approx((116.40, 39.90), abs=1e-7)


def test_a_declared_zone_of_cgcs2000_is_converted(db, now):
    zone, given = Transformer.from_crs(4490, 4548, always_xy=True), city()
    for f in given:
        if f["geometry"]:
            xy = np.array(f["geometry"]["coordinates"][0])
            f["geometry"]["coordinates"] = [np.column_stack(zone.transform(*xy.T)).tolist()]
    text = collection(*given, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4548"}})
    commands.import_areas(text, crs="EPSG:4548", actor=SYSTEM, now=now)
    box = queries.bounds()
    assert (box.west, box.south) == pytest.approx((116.40, 39.90), abs=1e-7)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (collection(*city())[:-40], "areas.not_json"),
        (b"\xff\xfe\x00", "areas.not_json"),
        ("[" * 100_000, "areas.not_json"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "areas.not_json"),
        ("[]", "areas.not_features"),
        ('{"type": "Feature"}', "areas.not_features"),
        (collection(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4548"}}), "areas.crs"),
    ],
)
def test_file_that_is_none_is_refused_whole(now, text, code):
    with pytest.raises(DomainError) as refused:
        commands.import_areas(text, actor=SYSTEM, now=now)
    assert refused.value.code == code


def test_declared_cgcs2000_is_taken(now):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    done = commands.import_areas(collection(*city(), crs=crs), actor=SYSTEM, now=now)
    assert len(done.added) == 10


def test_import_by_others_than_the_system_administrator_is_refused(now):
    for actor in (PUBLIC, Viewer("person", 1, holdings=(Holding(Role.SECURITY_ADMIN),))):
        with pytest.raises(NotAllowed):
            commands.import_areas(collection(*city()), actor=actor, now=now)


def test_version_of_a_rolled_back_import_does_not_come_again(town, now):
    from django.db import transaction

    seen = set()
    for name in ("a", "b"):
        with transaction.atomic():
            bring(now, feature("subdistrict", SUBDISTRICT, name_en=name))
            seen.add((queries.version(), queries.tree().by_code(SUBDISTRICT).name_en))
            transaction.set_rollback(True)
    assert {name for _, name in seen} == {"a", "b"}
    assert queries.tree().by_code(SUBDISTRICT).name_en == ""


def test_commands_import_and_export(tmp_path, capsys):
    file, out = tmp_path / "areas.geojson", tmp_path / "out.geojson"
    file.write_text(collection(*city()), encoding="utf-8")
    call_command("import_areas", file, dry_run=True)
    assert Area.objects.count() == 0
    call_command("import_areas", file)
    call_command("export_areas", out, area=COMMUNITY)
    codes = [f["properties"]["code"] for f in json.loads(out.read_text("utf-8"))["features"]]
    assert codes == [COMMUNITY, *CELLS]


def test_command_names_refused_features(tmp_path, capsys):
    file = tmp_path / "areas.geojson"
    file.write_text(collection(feature("cell", CELLS[0], BOWTIE)), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_areas", file)
    assert "features[0]" in capsys.readouterr().err
