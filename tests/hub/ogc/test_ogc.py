"""The standard over HTTP: documents against its schemas, paging, who may, GDAL as a client."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import Any

import jsonschema
import pyogrio
import pytest
import shapely
from django.test import Client
from pyproj import Transformer
from pytest_django.live_server_helper import LiveServer

from cityloop.city.accounts.commands import new_token
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements import commands as registers
from cityloop.city.elements.domain import ElementRow
from cityloop.hub.ogc import profile
from cityloop.hub.ogc.domain import telling
from cityloop.kernel.errors import DomainError
from tests.business.cases.stories import unclassed
from tests.data.geography.made import house
from tests.hub.ogc import schemas
from tests.world import LAT, LON, SIDE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(world: World) -> World:
    """The small city with three buildings and two cases."""
    registers.register_profile_kinds(actor=SYSTEM, now=world.now)
    rows = [
        ElementRow(code=f"B{n}", name=f"{n}号楼", geometry=house(0.004 * n + 0.001), households=72)
        for n in range(3)
    ]
    registers.take(rows, kind="building", source="test", actor=SYSTEM, now=world.now)
    for n in (0, 1):
        unclassed(world, n)
    return world


def get(path: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(f"/ogc/{path}", headers=headers)


def token(world: World, who: str, *scopes: str) -> Client:
    made = new_token("QGIS", world.users[who].pk, scopes, actor=SYSTEM, now=world.now)
    return Client(headers={"Authorization": f"Bearer {made.secret}"})


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", schemas.LANDING),
        ("conformance", schemas.CONFORMANCE),
        ("collections", schemas.COLLECTIONS),
        ("collections/cells", schemas.COLLECTION),
        ("collections/cells/items", schemas.FEATURES),
    ],
)
def test_documents_fit_the_schemas_of_the_standard(
    full: World, path: str, schema: dict[str, Any]
) -> None:
    answer = get(path)
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), schema)


def test_links_that_the_standard_asks_for_lead_somewhere(full: World) -> None:
    document = get("").json()
    rels = {one["rel"]: one["href"] for one in document["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(rels)
    for href in rels.values():
        assert Client().get(href.removeprefix("http://testserver")).status_code == 200
    assert get("conformance").json()["conformsTo"] == list(telling.CONFORMS_TO)
    assert get("api").headers["Content-Type"] == telling.OPENAPI


def test_pages_follow_each_other_and_hold_everything_once(full: World) -> None:
    seen: list[int] = []
    path = "/ogc/collections/cells/items?limit=3"
    pages = 0
    while path:
        page = Client().get(path).json()
        assert page["numberMatched"] == 4
        seen += [f["id"] for f in page["features"]]
        links = [one["href"] for one in page["links"] if one["rel"] == "next"]
        path = links[0].removeprefix("http://testserver") if links else ""
        pages += 1
    assert (pages, len(seen), len(set(seen))) == (2, 4, 4)


def test_properties_choose_features_and_an_offset_steps_over_them(full: World) -> None:
    admin = token(full, "district", "places:read")
    cells = get("collections/cells/items").json()["features"]
    own = cells[1]["properties"]
    found = get(f"collections/cells/items?code={own['code']}&parent={own['parent']}").json()
    assert [f["id"] for f in found["features"]] == [cells[1]["id"]]
    assert found["numberMatched"] == 1
    later = get("collections/cells/items?offset=1&limit=1").json()
    assert [f["id"] for f in later["features"]] == [cells[1]["id"]]
    following = next(one["href"] for one in later["links"] if one["rel"] == "next")
    page = get(following.partition("/ogc/")[2]).json()
    assert [f["id"] for f in page["features"]] == [cells[2]["id"]]
    houses = get("collections/elements.building/items", admin).json()["features"]
    for name in ("code", "cell"):
        wanted = houses[2]["properties"][name]
        same = [h["id"] for h in houses if h["properties"][name] == wanted]
        chosen = get(f"collections/elements.building/items?{name}={wanted}", admin).json()
        assert [f["id"] for f in chosen["features"]] == same
    stepped = get("collections/elements.building/items?offset=2", admin).json()["features"]
    assert [f["id"] for f in stepped] == [houses[2]["id"]]
    assert get("collections/elements.building/items?offset=3", admin).json()["features"] == []
    none = get("collections/elements.building/items?use=residential", admin).json()
    assert none["features"] == []
    for query in ("offset=-1", "offset=100001", "colour=red"):
        assert get(f"collections/cells/items?{query}").status_code == 400


def test_coordinates_in_the_citys_own_zone_and_a_box_in_it(full: World) -> None:
    zone = "http://www.opengis.net/def/crs/EPSG/0/4548"
    assert zone in get("collections/cells").json()["crs"]
    plain = get("collections/cells/items").json()["features"]
    answer = get(f"collections/cells/items?crs={zone}")
    assert answer["Content-Crs"] == f"<{zone}>"
    one = answer.json()["features"][0]
    way = Transformer.from_crs(4490, 4548, always_xy=True)
    east, north = way.transform(*plain[0]["geometry"]["coordinates"][0][0])
    assert one["geometry"]["coordinates"][0][0] == pytest.approx([north, east], abs=1e-3)
    inside = shapely.geometry.shape(one["geometry"]).buffer(-20).bounds
    box = ",".join(map(str, inside))
    found = get(f"collections/cells/items?bbox={box}&bbox-crs={zone}").json()["features"]
    assert [f["id"] for f in found] == [one["id"]]
    item = get(f"collections/cells/items/{one['id']}?crs={zone}").json()
    assert item["geometry"] == one["geometry"]
    assert get("collections/cells/items?crs=EPSG:4548").status_code == 400


def test_links_of_a_page_name_that_very_page(full: World) -> None:
    first = get("collections/cells/items?limit=2&f=json").json()
    second = Client().get(_link(first, "next")).json()
    assert [f["id"] for f in second["features"]] != [f["id"] for f in first["features"]]
    itself = Client().get(_link(second, "self")).json()
    assert itself["features"] == second["features"]
    page = Client().get(_link(second, "alternate")).content.decode()
    assert "网格3" in page and "网格1" not in page


def _link(document: dict[str, Any], rel: str) -> str:
    [found] = [one["href"] for one in document["links"] if one["rel"] == rel]
    return str(found.removeprefix("http://testserver"))


def test_only_shapes_that_meet_the_box_and_rings_as_geojson_wants_them(full: World) -> None:
    corner = shapely.Polygon([
        (LON, LAT), (LON, LAT + 0.002), (LON + 0.0002, LAT + 0.002), (LON + 0.0002, LAT + 0.0002),
        (LON + 0.002, LAT + 0.0002), (LON + 0.002, LAT),
    ])  # fmt: skip
    row = ElementRow(code="L", name="L", geometry=corner)
    registers.take([row], kind="building", source="test", actor=SYSTEM, now=full.now)
    client = token(full, "district", "places:read")
    path = "collections/elements.building/items?bbox="
    hollow = f"{LON + 0.0011},{LAT + 0.0011},{LON + 0.0019},{LAT + 0.0019}"
    codes = [f["properties"]["code"] for f in get(path + hollow, client).json()["features"]]
    assert "L" not in codes
    touched = f"{LON},{LAT + 0.001},{LON + 0.0001},{LAT + 0.0019}"
    [found] = get(path + touched, client).json()["features"]
    assert found["properties"]["code"] == "L"
    assert shapely.is_ccw(shapely.LinearRing(found["geometry"]["coordinates"][0]))
    before = get(f"{path}{touched}&datetime=../2001-01-01", client).json()
    assert before["features"] == []


def test_other_methods_are_told_which_there_are(full: World) -> None:
    refused = Client().post("/ogc/collections")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    asked = Client().options("/ogc/collections")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_box_chooses_what_meets_it_and_one_item_is_the_same(full: World) -> None:
    west = f"{LON + 0.0001},{LAT},{LON + SIDE / 2},{LAT + SIDE}"
    [only] = get(f"collections/cells/items?bbox={west}").json()["features"]
    one = get(f"collections/cells/items/{only['id']}")
    assert one.headers["Content-Type"] == telling.GEOJSON
    assert one.json()["properties"] == only["properties"]
    jsonschema.validate(one.json(), schemas.FEATURE)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("collections/cells/items?colour=red", 400, "ogc.parameter"),
        ("collections/cells/items?bbox=1,2", 400, "ogc.parameter"),
        ("collections/cells/items?after=x", 400, "ogc.parameter"),
        ("collections/cells/items?datetime=yesterday", 400, "ogc.parameter"),
        ("collections/cells/items/999999", 404, "ogc.no_feature"),
        ("collections/cells/items/x", 404, "ogc.no_feature"),
        ("collections/moons", 404, "ogc.no_collection"),
        ("nowhere/at/all", 404, "ogc.address"),
        ("?f=xml", 400, "ogc.parameter"),
        ("collections/open_cases/items", 401, "login.needed"),
        ("collections/elements.building/items", 401, "login.needed"),
    ],
)
def test_refusals_have_the_shape_of_the_standard(
    full: World, path: str, status: int, code: str
) -> None:
    answer = get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    jsonschema.validate(answer.json(), schemas.EXCEPTION)
    assert status != 401 or "Bearer" in answer.headers["WWW-Authenticate"]


def test_a_page_for_people_escapes_what_it_shows(full: World) -> None:
    page = get("collections/cells/items", Accept="text/html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "网格1" in page.content.decode()
    assert b"<script" not in page.content


def listed(client: Client | None = None) -> set[str]:
    return {one["id"] for one in get("collections", client).json()["collections"]}


def test_the_public_sees_what_the_profile_opens_and_no_more(full: World) -> None:
    assert listed() == {"districts", "subdistricts", "communities", "cells"}


def test_a_token_opens_registers_and_cases_by_its_scopes_and_roles(full: World) -> None:
    with_places = listed(token(full, "district", "places:read"))
    assert "elements.building" in with_places and "open_cases" not in with_places
    both = token(full, "district", "places:read", "cases:read")
    assert "open_cases" in listed(both)
    citizen = token(full, "citizen", "places:read", "cases:read")
    assert "elements.building" not in listed(citizen) and "open_cases" not in listed(citizen)
    assert get("collections", Client(headers={"Authorization": "Bearer x"})).status_code == 401


def test_a_token_as_the_password_of_basic_opens_the_same(full: World) -> None:
    made = new_token("GIS", full.users["district"].pk, ["places:read"], actor=SYSTEM, now=full.now)
    basic = base64.b64encode(f"any:{made.secret}".encode()).decode()
    client = Client(headers={"Authorization": f"Basic {basic}"})
    page = get("collections/elements.building/items?limit=2", client).json()
    jsonschema.validate(page, schemas.FEATURES)
    assert page["numberReturned"] == 2
    assert any(one["rel"] == "next" for one in page["links"])


def test_open_cases_name_nobody_and_quote_nothing(full: World) -> None:
    client = token(full, "district", "cases:read", "places:read")
    answer = get("collections/open_cases/items", client)
    jsonschema.validate(answer.json(), schemas.FEATURES)
    assert answer.json()["numberReturned"] == 2
    assert set(answer.json()["features"][0]["properties"]) == {
        "number", "class", "class_zh", "class_en", "state", "clock", "urgency", "received_at",
        "cell", "community",
    }  # fmt: skip
    later = get("collections/open_cases/items?datetime=2030-01-01T00:00:00Z/..", client)
    assert later.json()["numberReturned"] == 0


def test_profile_opens_registers_but_never_cases(
    full: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given(*public: str) -> None:
        monkeypatch.setitem(profile.load_profile().settings, "ogc", {"public": list(public)})
        profile.ogc_profile.cache_clear()

    try:
        given("elements.building")
        assert listed() == {"elements.building"}
        first = get("collections/elements.building/items").json()["features"][0]
        assert get(f"collections/elements.building/items/{first['id']}").status_code == 200
        given("open_cases")
        with pytest.raises(DomainError, match="never public"):
            profile.ogc_profile()
    finally:
        monkeypatch.undo()
        profile.ogc_profile.cache_clear()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"public": "cells"}, "a list"),
        ({"public": ["celss"]}, "'celss'"),
        ({"enabled": "no"}, "true or false"),
        ({"open": True}, "not known"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], named: str
) -> None:
    settings = profile.load_profile().settings
    assert settings["ogc"]["public"], "the default profile names what is open"
    monkeypatch.setitem(settings, "ogc", given)
    profile.ogc_profile.cache_clear()
    try:
        with pytest.raises(DomainError, match=named):
            profile.ogc_profile()
    finally:
        monkeypatch.undo()
        profile.ogc_profile.cache_clear()


def test_export_is_streamed_and_whole(full: World) -> None:
    answer = get("collections/cells/export.geojson")
    assert answer.streaming
    document = json.loads(b"".join(answer.streaming_content))
    jsonschema.validate(document, schemas.FEATURES)
    assert len(document["features"]) == 4


# GDAL holds the interpreter's lock while it waits for the server, so it has a process of its own.
_GDAL = """
import json, sys, pyogrio
source, box = sys.argv[1], tuple(float(v) for v in sys.argv[2].split(","))
names = sorted(name for name, _ in pyogrio.list_layers(source))
info, _, shapes, _ = pyogrio.raw.read(source, layer="cells")
inside = pyogrio.raw.read(source, layer="cells", bbox=box)[2]
print(json.dumps([names, len(shapes), sorted(info["fields"]), len(inside)]))
"""


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_it_as_qgis_does(full: World, live_server: LiveServer) -> None:
    """The OAPIF driver, by which QGIS and GDAL read such services, over a real connection."""
    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("this GDAL has no OAPIF driver")
    box = f"{LON + 0.0001},{LAT},{LON + SIDE / 2},{LAT + SIDE}"
    run = subprocess.run(
        [sys.executable, "-c", _GDAL, f"OAPIF:{live_server.url}/ogc/", box],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    names, count, fields, inside = json.loads(run.stdout.splitlines()[-1])
    assert names == ["cells", "communities", "districts", "subdistricts"]
    assert (count, inside) == (4, 1)
    assert {"code", "name_zh", "households"} <= set(fields)
