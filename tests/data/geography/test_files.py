"""Readers: what each kind of file gives, and what each refuses."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
import shapely

from cityloop.data.geography.domain.features import Feature
from cityloop.data.geography.domain.mapping import FileForm
from cityloop.data.geography.files import OpenFile, open_file
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import distance_m
from tests.conftest import real_data
from tests.data.geography import made

PLAIN = OpenFile()


def read(path: Path, how: OpenFile = PLAIN) -> list[Feature]:
    with open_file(path, how) as source:
        return list(source.features())


def refused(path: Path, how: OpenFile = PLAIN) -> DomainError:
    with pytest.raises(DomainError) as error:
        read(path, how)
    return error.value


@pytest.mark.parametrize("name", ["quarter.osm", "quarter.osm.pbf"])
def test_osm_every_tagged_object_comes_once_as_what_it_is(tmp_path: Path, name: str) -> None:
    found = {f.key: f for f in read(made.write_osm(tmp_path / name))}
    kinds = {key: None if f.shape is None else f.shape.geom_type for key, f in found.items()}
    assert kinds == {
        "node/51": "Point", "node/52": "Point", "node/53": "Point", "node/54": "Point",
        "way/100": "LineString", "way/101": "LineString", "way/102": "Polygon",
        "way/110": "Polygon", "way/111": "LineString", "way/130": None, "way/140": "LineString",
        "relation/200": "Polygon", "relation/201": None, "relation/202": None,
    }  # fmt: skip
    assert len(found["relation/200"].shape.interiors) == 1
    assert found["way/102"].other.geom_type == "LineString"  # a loop is a street, too
    assert not found["way/111"].other.is_valid  # handed on as it is, to be repaired
    assert "999" not in str(found["way/130"].error) and "1 of its 3" in found["way/130"].error.en
    assert "do not close" in found["relation/201"].error.en


def test_osm_entities_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.osm"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        '<osm version="0.6"><node id="1" lat="39.1" lon="116.9"><tag k="name" v="&b;"/></node>'
        "</osm>"
    )
    assert refused(path).code == "geography.damaged"


def test_osm_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = made.write_osm(tmp_path / "whole.osm.pbf").read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path).code == "geography.damaged"


def test_geojson_broken_features_are_told_and_harm_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":['
        '{"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[1,2]}},'
        '{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],'
        "[1,1]]]}},"
        '{"type":"Feature","properties":{},"geometry":null},'
        "17]}"
    )
    found = read(path)
    assert [f.error is None for f in found] == [True, False, True, False]
    assert found[0].shape == shapely.Point(1, 2)
    assert found[2].shape is None


def test_geojson_feature_in_another_system_than_its_file_is_mixed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    crs = '"crs":{"type":"name","properties":{"name":"EPSG:4548"}}'
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature",' + crs + ',"properties":{},'
        '"geometry":{"type":"Point","coordinates":[460000,4300000]}}]}'
    )
    [only] = read(path)
    assert only.error is not None and only.error.code == "geography.mixed_crs"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "geography.empty"),
        ('{"type":"FeatureCollection","features":[', "geography.damaged"),
        ('{"type":"Point","coordinates":[1,2]}', "geography.not_features"),
        ("[1,2]", "geography.damaged"),
        ("[" * 100_000, "geography.damaged"),
    ],
)
def test_geojson_that_is_none_is_refused_whole(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text)
    assert refused(path).code == code


def test_geopackage_layers_with_their_own_systems_and_null_numbers(tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    made.write_layer(path, [made.house()], {"code": ["B1"], "户数": [72.0]}, layer="房屋")
    made.write_layer(
        path, [made.projected(made.house(), 4548)], {"code": ["B2"], "户数": [float("nan")]},
        layer="plots", crs="EPSG:4548", append=True,
    )  # fmt: skip
    with open_file(path, PLAIN) as source:
        assert [(a.name, a.own_system) for a in source.layers] == [
            ("房屋", "EPSG:4490"),
            ("plots", "EPSG:4548"),
        ]
        first, second = source.features()
    assert first.fields == {"code": "B1", "户数": 72.0}
    assert second.shape.centroid.x > 400_000


def _shapefile(tmp_path: Path, **more: object) -> list[Path]:
    made.write_layer(tmp_path / "楼.shp", [made.house()], {"NAME": ["一号楼"]}, **more)  # type: ignore[arg-type]
    return sorted(tmp_path.glob("楼.*"))


def test_shapefile_in_a_zip_keeps_its_name_and_chinese_texts(tmp_path: Path) -> None:
    parts = _shapefile(tmp_path, encoding="GB18030")
    without_cpg = [p for p in parts if p.suffix != ".cpg"]
    path = made.zipped(tmp_path / "a.zip", without_cpg, folder="成果/")
    with open_file(path, PLAIN) as source:
        [found] = source.features()
        assert source.layers[0].name == "楼"
        assert "GB18030" in source.remarks[0][1]
    assert found.fields == {"NAME": "一号楼"}


def test_shapefile_without_prj_says_nothing_of_its_system(tmp_path: Path) -> None:
    parts = [p for p in _shapefile(tmp_path) if p.suffix != ".prj"]
    with open_file(made.zipped(tmp_path / "a.zip", parts), PLAIN) as source:
        assert source.layers[0].own_system is None


@pytest.mark.parametrize("missing", [".dbf", ".shx"])
def test_shapefile_without_one_of_its_parts_is_refused_naming_it(
    tmp_path: Path, missing: str
) -> None:
    parts = [p for p in _shapefile(tmp_path) if p.suffix != missing]
    error = refused(made.zipped(tmp_path / "a.zip", parts))
    assert (error.code, error.details["missing"]) == ("geography.parts_missing", [missing])


def test_zip_cut_off_is_refused(tmp_path: Path) -> None:
    path = made.zipped(tmp_path / "a.zip", _shapefile(tmp_path))
    path.write_bytes(path.read_bytes()[:-40])
    assert refused(path).code == "geography.damaged"


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.shp", b"\0" * (60 << 20))
    assert refused(path).code == "geography.bomb"


def test_zip_with_names_that_lead_outside_writes_only_inside(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in _shapefile(tmp_path):
            archive.write(part, f"../../escaped{part.suffix}")
    [found] = read(path)
    assert found.shape is not None
    assert not list(tmp_path.parent.glob("escaped*"))


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
def test_what_only_calls_itself_a_geopackage_never_reaches_gdal(tmp_path: Path, name: str) -> None:
    """A virtual layer names other files of the server, or hosts."""
    path = tmp_path / name
    path.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    assert refused(path).code == "geography.damaged"


def test_unknown_kind_of_file_is_refused_with_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.dwg"
    path.write_bytes(b"AC1032")
    assert "GeoPackage" in refused(path).en


def _table(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def test_table_points_from_two_columns_and_bad_rows_by_their_number(tmp_path: Path) -> None:
    form = OpenFile(FileForm(lon="经度", lat="纬度"))
    path = _table(
        tmp_path, "编码,地址,经度,纬度", "1,长宁街8号,116.901,39.101", "2,春和巷,,", "3,无,东,北",
        "4,多一列,116.9,39.1,x", encoding="gb18030",
    )  # fmt: skip
    found = read(path, form)
    assert [(f.number, f.shape is not None, f.error is None) for f in found] == [
        (2, True, True), (3, False, False), (4, False, False), (5, False, False),
    ]  # fmt: skip


def test_table_with_shapes_as_wkt_of_mixed_systems_refuses_the_other(tmp_path: Path) -> None:
    form = OpenFile(FileForm(wkt="geom"))
    path = _table(
        tmp_path, "id;geom", "1;SRID=4490;POINT(116.9 39.1)".replace("4490;", "4490;"),
    )  # fmt: skip
    path.write_text(
        'id,geom\n1,"SRID=4490;POINT(116.9 39.1)"\n2,"SRID=4548;POINT(1 2)"\n3,"POINT(x"\n'
    )
    with open_file(path, form) as source:
        assert source.layers[0].own_system == "EPSG:4490"
        first, other, broken = source.features()
    assert first.shape == shapely.Point(116.9, 39.1)
    assert "mixed" in other.error.en
    assert broken.error is not None


def test_table_without_the_columns_of_its_mapping_lists_what_it_has(tmp_path: Path) -> None:
    error = refused(_table(tmp_path, "a,b", "1,2"), OpenFile(FileForm(lon="x", lat="y")))
    assert error.code == "geography.no_point_columns"
    assert "a, b" in error.en


UTM = "+proj=utm +zone=50 +ellps=WGS84 +datum=WGS84 +units=m +no_defs"


def test_sumo_two_directions_are_one_street_walks_and_internals_are_told(tmp_path: Path) -> None:
    path = made.write_sumo(tmp_path / "a.net.xml", projection=UTM, offset="-490000,-4327000")
    with open_file(path, PLAIN) as source:
        found = {f.key: f for f in source.features()}
        assert source.left_out == {"internal": 1, "reverse": 1}
    assert set(found) == {"12", "7", "8", "9"}
    main = found["12"]
    assert (main.fields["lanes"], main.fields["speed_kmh"], main.fields["oneway"]) == (
        4,
        60.0,
        False,
    )
    assert found["8"].fields["vehicles"] is False
    assert found["9"].shape is None or found["9"].error is not None
    ends = shapely.get_coordinates(main.shape)[[0, -1]].ravel()
    assert distance_m(*ends) == pytest.approx(100.1, abs=0.3)
    assert main.shape.bounds[0] == pytest.approx(116.885, abs=0.01)


def test_sumo_without_projection_needs_an_anchor(tmp_path: Path) -> None:
    path = made.write_sumo(tmp_path / "a.net.xml")
    assert refused(path).code == "geography.no_anchor"
    street = next(f for f in read(path, OpenFile(anchor=(120.15, 30.28))) if f.key == "12")
    assert shapely.get_coordinates(street.shape)[0] == pytest.approx((120.15, 30.28))


def test_sumo_document_types_and_entities_are_refused(tmp_path: Path) -> None:
    head = '<!DOCTYPE net [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert refused(made.write_sumo(tmp_path / "a.net.xml", head=head)).code == "geography.damaged"


@pytest.mark.parametrize(
    ("name", "anchor", "boundary"),
    [
        ("cologne1", None, (6.166558, 50.735925, 7.295276, 51.840721)),
        ("cologne3", None, (6.166558, 50.735925, 7.295276, 51.840721)),
        ("ingolstadt1", None, (8.520516, 43.618350, 29.768112, 49.031374)),
        ("hangzhou_1x1_bc-tyc_18041610_1h", (120.15, 30.28), (120.14, 30.27, 120.17, 30.30)),
    ],
)
def test_real_networks_lie_in_the_boundary_they_came_from(
    name: str, anchor: tuple[float, float] | None, boundary: tuple[float, float, float, float]
) -> None:
    path = real_data("traffic", name, f"{name}.net.xml")
    found = read(path, OpenFile(anchor=anchor))
    assert len(found) >= 4
    assert all(f.error is None for f in found)
    west, south, east, north = shapely.total_bounds([f.shape for f in found])
    assert boundary[0] < west < east < boundary[2] and boundary[1] < south < north < boundary[3]
    assert max(east - west, north - south) < 0.05  # a few junctions, not half of Europe


def test_shapefile_with_a_lying_length_is_not_a_crash(tmp_path: Path) -> None:
    parts = _shapefile(tmp_path)
    shp = next(p for p in parts if p.suffix == ".shp")
    data = bytearray(shp.read_bytes())
    data[24:28] = struct.pack(">i", 2**30)
    del data[-60:]
    shp.write_bytes(bytes(data))
    path = made.zipped(tmp_path / "a.zip", parts)
    try:
        found = read(path)
    except DomainError as error:
        assert error.code == "geography.damaged"
    else:
        assert all(f.shape is None or f.error is not None for f in found)
