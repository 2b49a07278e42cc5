"""The baked map: what it holds, when it is believed, how it is served."""

from __future__ import annotations

import gzip
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Role
from cityloop.city.elements import commands as registers
from cityloop.city.elements.domain import ElementRow
from cityloop.city.places import tiles
from cityloop.data.geography.baking import bake, baked_map, nightly, tippecanoe
from cityloop.data.geography.baking.layers import LAYERS, stamps
from cityloop.data.geography.baking.reading import layer_in
from cityloop.data.geography.baking.serving import drawn, map_path, tile_of
from cityloop.engines.tiles import Address, tiles_over
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds
from tests.data.geography.conftest import Ground
from tests.data.geography.made import house
from tests.data.geography.test_geography_api import client
from tests.engines.tiles.decoder import decode

pytestmark = pytest.mark.django_db
[PLACE] = set(tiles_over(Bounds(116.9011, 39.1011, 116.9012, 39.1012), 15))


@pytest.fixture
def mapped(ground: Ground, settings: LazySettings, tmp_path: Path) -> Ground:
    """The small city with a building and a lamp, baked."""
    settings.DATA = tmp_path
    registers.register_profile_kinds(actor=SYSTEM, now=ground.now)
    _take(ground, "building", ElementRow(code="B1", name="一号楼", geometry=house()))
    _take(ground, "component.lamp", ElementRow(code="L1", lon=116.9012, lat=39.1012))
    call_command("tiles_bake")
    return ground


def _take(ground: Ground, kind: str, row: ElementRow) -> None:
    registers.take([row], kind=kind, source="test", actor=SYSTEM, now=ground.now)


def _names(body: bytes, layer: str) -> list[Any]:
    found = decode(body)[layer]
    return sorted(f.properties.get("zh") or f.properties["code"] for f in found)


def test_baked_map_holds_areas_buildings_and_components(mapped: Ground) -> None:
    found = baked_map(map_path())
    assert found is not None and found.stamps == stamps()
    assert _names(found.tile("building", PLACE), "building") == ["一号楼"]
    assert _names(found.tile("component", PLACE), "component") == ["L1"]
    assert found.tile("poi", PLACE) == b""
    assert set(decode(found.tile("cell", PLACE))) == {"cell"}


def test_changed_layer_is_drawn_and_the_others_stay_baked(mapped: Ground) -> None:
    before = tile_of(SYSTEM, "building", PLACE)[1]
    _take(mapped, "building", ElementRow(code="B2", name="二号楼", geometry=house(0.0015)))
    found = baked_map(map_path())
    assert found is not None
    assert {n for n in LAYERS if found.stamps[n] != stamps()[n]} == {"building"}
    after = tile_of(SYSTEM, "building", PLACE)[1]
    assert _names(before, "building") == ["一号楼"]
    assert _names(after, "building") == ["一号楼", "二号楼"]
    assert tile_of(SYSTEM, "component", PLACE)[1] == found.tile("component", PLACE)


def test_drawn_and_baked_tiles_say_the_same(mapped: Ground) -> None:
    found = baked_map(map_path())
    assert found is not None
    for layer in ("building", "component", "cell", "community"):
        baked, live = (
            {f.id: f.properties for f in decode(body)[layer]}
            for body in (found.tile(layer, PLACE), drawn(layer, stamps()[layer], PLACE))
        )
        assert baked == live


def test_file_by_ranges_as_pmtiles_readers_ask(mapped: Ground) -> None:
    browser = client(Role.ANALYST, mapped)
    url = "/api/v1/places/base/city.pmtiles"
    whole = map_path().read_bytes()
    part = browser.get(url, headers={"Range": "bytes=0-126"})
    assert (part.status_code, part.content) == (206, whole[:127])
    assert part.headers["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert browser.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert b"".join(browser.get(url).streaming_content) == whole
    shown = browser.get("/api/v1/places/base").json()
    assert all(one["baked"] for one in shown["layers"]) and shown["file"] == url


def test_tile_over_http_with_its_stamp(mapped: Ground) -> None:
    browser = client(Role.ANALYST, mapped)
    url = f"/api/v1/places/base/building/{PLACE.z}/{PLACE.x}/{PLACE.y}.pbf"
    answer = browser.get(url)
    assert _names(answer.content, "building") == ["一号楼"]
    again = browser.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get("/api/v1/places/base/moons/1/0/0.pbf").status_code == 404
    assert Client().get(url).status_code == 401
    assert client(Role.CITIZEN, mapped, "citizen").get(url).status_code == 403


def test_without_a_baked_map_tiles_are_drawn(
    ground: Ground, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    registers.register_profile_kinds(actor=SYSTEM, now=ground.now)
    assert baked_map(map_path()) is None
    assert set(decode(tile_of(SYSTEM, "cell", PLACE)[1])) == {"cell"}
    answer = client(Role.ANALYST, ground).get("/api/v1/places/base/city.pmtiles")
    assert (answer.status_code, answer.json()["code"]) == (404, "tiles.not_baked")


def test_far_and_near_zooms_both_hold_what_shows_there(mapped: Ground) -> None:
    found = baked_map(map_path())
    assert found is not None
    for zoom in range(8, 16):
        [address] = set(tiles_over(Bounds(116.9011, 39.1011, 116.9012, 39.1012), zoom))
        held = {n for n in ("community", "cell", "building", "component")
                if found.tile(n, address)}  # fmt: skip
        first = {"community": 10, "cell": 12, "building": 14, "component": 15}
        assert held == {name for name, z in first.items() if z <= zoom}, zoom


def test_without_tippecanoe_the_same_map_is_baked_at_every_zoom(
    mapped: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_it = baked_map(map_path())
    monkeypatch.setattr(tippecanoe, "find_program", lambda: None)
    call_command("tiles_bake", stderr=StringIO())
    found = baked_map(map_path())
    assert with_it is not None and found is not None
    for zoom in (10, 12, 13, 14):
        [address] = set(tiles_over(Bounds(116.9011, 39.1011, 116.9012, 39.1012), zoom))
        for name in ("community", "cell"):
            one, other = ({f.id: f.properties for f in decode(m.tile(name, address)).get(name, [])}
                          for m in (with_it, found))  # fmt: skip
            assert one == other


def test_tippecanoe_that_fails_leaves_the_former_map(
    mapped: Ground, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tippecanoe, "find_program", lambda: Path("/bin/false"))
    before = map_path().read_bytes()
    with pytest.raises(CommandError, match=r"tiles\.failed"):
        call_command("tiles_bake")
    assert map_path().read_bytes() == before
    assert [p.name for p in map_path().parent.iterdir()] == [map_path().name]


def test_ground_of_all_maps_comes_from_the_registers_when_asked(mapped: Ground) -> None:
    """Public, so nothing but shapes, kinds and names of streets."""
    call_command("tiles_bake", ground=True)
    _, packed = tiles.tile_of("ground", PLACE, viewer=PUBLIC)
    found = decode(gzip.decompress(packed))
    assert set(found) == {"building"}
    assert all(set(f.properties) <= {"use"} for f in found["building"])
    shown = Client().get("/api/v1/places/tiles").json()["tiles"]
    url = next(s["url"] for s in shown if s["name"] == "ground")
    answer = Client().get(url.format(z=PLACE.z, x=PLACE.x, y=PLACE.y))
    assert decode(answer.content).keys() == found.keys()
    assert answer.headers["Cache-Control"].endswith("immutable")


def test_nothing_to_draw_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"tiles\.empty"):
        bake([], tmp_path / "a.pmtiles", stamps={})
    assert not list(tmp_path.iterdir())


def test_damaged_map_is_refused_not_served(settings: LazySettings, tmp_path: Path) -> None:
    path = tmp_path / "a.pmtiles"
    path.write_bytes(gzip.compress(b"x" * 500))
    with pytest.raises(DomainError, match=r"tiles\.damaged"):
        baked_map(path)


def test_layer_is_cut_out_of_a_tile_by_its_name(mapped: Ground) -> None:
    body = b"".join(drawn(name, stamps()[name], PLACE) for name in ("building", "cell"))
    assert layer_in(body, "cell") == drawn("cell", stamps()["cell"], PLACE)
    assert layer_in(body, "build") == b""


def test_address_outside_of_the_city_is_empty(mapped: Ground) -> None:
    assert tile_of(SYSTEM, "building", Address(15, 0, 0))[1] == b""


def test_far_tiles_of_a_changed_layer_are_drawn_once_a_state(mapped: Ground) -> None:
    [far] = set(tiles_over(Bounds(116.9011, 39.1011, 116.9012, 39.1012), 11))
    line = shapely.LineString([(116.901, 39.101), (116.904, 39.101)])
    street = ElementRow(code="S1", name="和平路", geometry=line, properties={"class": "secondary"})
    _take(mapped, "street", street)
    assert _names(tile_of(SYSTEM, "street", far)[1], "street") == ["和平路"]
    with CaptureQueriesContext(connection) as asked:
        tile_of(SYSTEM, "street", far)
    assert not [q for q in asked if "elements_element" in q["sql"]]
    _take(mapped, "street", replace(street, name="建设路"))
    assert _names(tile_of(SYSTEM, "street", far)[1], "street") == ["建设路"]


@pytest.mark.parametrize(
    ("hour_utc", "changed", "begun"), [(19, True, 1), (19, False, 0), (8, True, 0)]
)
def test_the_map_is_baked_again_at_night_where_a_layer_changed(
    mapped: Ground, monkeypatch: pytest.MonkeyPatch, hour_utc: int, changed: bool, begun: int
) -> None:
    started: list[list[str]] = []

    class Begun:
        def __init__(self, command: list[str], **given: Any) -> None:
            started.append(command)

        def poll(self) -> None:
            return None

    monkeypatch.setattr(nightly.subprocess, "Popen", Begun)
    monkeypatch.setattr(nightly, "_baking", [])
    if changed:
        _take(mapped, "building", ElementRow(code="B2", name="二号楼", geometry=house(0.0015)))
    night = mapped.now.replace(hour=hour_utc)  # 3 in the morning in Shanghai is 19 UTC
    nightly.bake_if_due(night)
    nightly.bake_if_due(night)  # one at a time
    assert [command[3:5] for command in started] == [["tiles", "bake"]] * begun
