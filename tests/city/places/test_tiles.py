"""Tiles of the areas: public, kept by version, never made anew for live data."""

from __future__ import annotations

import gzip
import json

import pytest
from django.conf import settings as configured
from django.test import Client
from tests.city.places.conftest import CELLS, COMMUNITY, SOUTH, WEST, city, collection
from tests.engines.tiles.decoder import decode

from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Viewer
from cityloop.city.places import commands, tiles
from cityloop.engines.tiles import tiles_over
from cityloop.kernel.errors import NotAllowed, NotFound
from cityloop.kernel.geo import Bounds

pytestmark = pytest.mark.django_db
API = "/api/v1/places/tiles"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.DATA = tmp_path


def address(zoom):
    return next(tiles_over(Bounds(WEST + 0.005, SOUTH + 0.005, WEST + 0.006, SOUTH + 0.006), zoom))


def features(name, zoom):
    _, packed = tiles.tile_of(name, address(zoom), viewer=PUBLIC)
    return decode(gzip.decompress(packed)) if packed else {}


def test_areas_carry_id_code_names_and_parent(town):
    found = features("areas", 12)
    assert set(found) == {"city", "district", "subdistrict", "community", "name"}
    community = next(f for f in found["community"] if f.id == town.id(COMMUNITY))
    assert community.properties == {
        "code": COMMUNITY, "zh": "community 001", "parent": town.id("110105001"),
    }  # fmt: skip


def test_an_area_without_a_boundary_is_drawn_as_its_children(town):
    (district,) = features("areas", 12)["district"]
    community = sum(sum(f.areas) for f in features("areas", 12)["community"])
    assert district.id == town.id("110105")
    assert sum(district.areas) == pytest.approx(community, rel=0.01)


def test_cells_begin_where_they_can_be_seen(town):
    assert {f.id for f in features("cells", 12)["cell"]} >= {town.id(c) for c in CELLS}
    assert features("cells", 10) == {}


def test_a_tile_is_kept_and_read_again(town, tmp_path):
    first = tiles.tile_of("cells", address(13), viewer=PUBLIC)
    (kept,) = tmp_path.glob("tiles/cells-*/13/*/*.gz")
    assert kept.read_bytes() == first[1]
    kept.write_bytes(b"kept")
    assert tiles.tile_of("cells", address(13), viewer=PUBLIC)[1] == b"kept"


def test_changed_areas_have_another_version_and_leave_no_old_tiles(town, tmp_path):
    before, _ = tiles.tile_of("cells", address(13), viewer=PUBLIC)
    features("areas", 13)
    renamed = city()
    renamed[-1]["properties"]["name_zh"] = "东网格"
    commands.import_areas(collection(*renamed), actor=SYSTEM, now=town.now)
    after, _ = tiles.tile_of("cells", address(13), viewer=PUBLIC)
    assert before != after
    kept = {p.name for p in (tmp_path / "tiles").iterdir()}
    assert kept == {f"cells-{after}", f"areas-{before}"}, "each set tidies up after itself"


def test_the_ground_is_there_where_the_deployment_has_one(town, tmp_path):
    assert [s.name for s in tiles.map_outline(viewer=PUBLIC).sets] == ["areas", "cells"]
    line = {"type": "LineString", "coordinates": [[WEST, SOUTH], [WEST + 0.02, SOUTH + 0.02]]}
    street = {"geometry": line, "properties": {"road": "lane", "name_zh": "和安巷"}}
    nothing = {"features": []}
    ground = {"streets": {"features": [street]}, "landscape": nothing, "buildings": nothing}
    (tmp_path / "basemap.json").write_text(json.dumps(ground))
    assert tiles.map_outline(viewer=PUBLIC).sets[-1].name == "ground"
    assert features("ground", 13) == {}, "a lane is not drawn from so far"
    (drawn,) = features("ground", 14)["street"]
    assert drawn.properties == {"road": "lane", "zh": "和安巷"}


def test_an_unknown_set_and_a_token_without_the_scope_are_refused(town):
    with pytest.raises(NotFound, match=r"areas, cells, ground"):
        tiles.tile_of("people", address(12), viewer=PUBLIC)
    with pytest.raises(NotAllowed):
        tiles.tile_of(
            "areas", address(12), viewer=Viewer("token", scopes=frozenset({"cases:read"}))
        )


def test_over_http_tiles_are_public_compressed_and_immutable_by_version(town):
    client = Client()
    outline = client.get(API).json()
    assert outline["cells"] == 5 and outline["synthetic"] is bool(configured.DEMO)
    assert outline["bounds"] == pytest.approx([WEST, SOUTH, WEST + 0.03, SOUTH + 0.02])
    at = address(12)
    url = outline["tiles"][0]["url"].format(z=at.z, x=at.x, y=at.y)
    given = client.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert (given.status_code, given["Content-Encoding"]) == (200, "gzip")
    assert given["Cache-Control"].endswith("immutable")
    plain = client.get(url.partition("?")[0])
    assert plain["Cache-Control"] == "no-cache"
    assert decode(plain.content).keys() == decode(gzip.decompress(given.content)).keys()
    again = client.get(url, headers={"If-None-Match": given["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_over_http_an_empty_tile_is_204_and_an_impossible_one_404(town):
    client = Client()
    assert client.get(f"{API}/areas/12/0/0.pbf").status_code == 204
    refused = client.get(f"{API}/areas/2/9/0.pbf")
    assert (refused.status_code, refused.json()["code"]) == (404, "tile.outside")
    assert client.get(f"{API}/people/2/0/0.pbf").json()["code"] == "tile.set"
