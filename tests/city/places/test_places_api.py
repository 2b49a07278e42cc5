"""The door: areas, points, duty, import."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.city.places.conftest import CELLS, COMMUNITY, EAST_CELL, city, collection, feature

from cityloop.city.accounts import commands as accounts
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.models import User

JSON = "application/json"
API = "/api/v1/places"


@pytest.fixture
def api(settings, town) -> Client:
    settings.ROOT_URLCONF = "tests.city.urls"
    return Client()


def enter(api, town, role=Role.DISPATCHER):
    api.force_login(User.objects.get(pk=town.user("me", role)))


def test_areas_by_level_and_parent(api, town):
    enter(api, town)
    found = api.get(f"{API}/areas?level=cell&parent_id={town.id(COMMUNITY)}&limit=3").json()
    assert [a["code"] for a in found["items"]] == CELLS[:3]
    rest = api.get(f"{API}/areas?level=cell&limit=3&after={found['next_after']}").json()
    assert [a["code"] for a in rest["items"]] == [CELLS[3], EAST_CELL]
    assert rest["next_after"] is None


def test_one_area_shows_those_above_and_unknown_is_404(api, town):
    enter(api, town)
    shown = api.get(f"{API}/areas/{town.id(CELLS[0])}").json()
    levels = [a["level"] for a in shown["above"]]
    assert levels == ["city", "district", "subdistrict", "community"]
    assert api.get(f"{API}/areas/999999").status_code == 404


def test_points_need_a_declared_system(api, town):
    enter(api, town)
    point = {"lon": 116.405, "lat": 39.905}
    without = api.post(f"{API}/locate", {"points": [point]}, content_type=JSON)
    assert without.status_code == 422
    given = {"crs": "wgs84", "points": [point, {"lon": 39.905, "lat": 116.405}]}
    fine, swapped = api.post(f"{API}/locate", given, content_type=JSON).json()["points"]
    assert (fine["cell_code"], fine["kind"]) == (CELLS[0], "inside")
    assert (swapped["error"]["code"], swapped["cell_id"]) == ("place.swapped", None)


def test_map_is_geojson(api, town):
    enter(api, town)
    drawn = api.get(f"{API}/map?level=cell&bbox=116.421,39.9,116.5,40&simplify_m=5").json()
    assert [f["properties"]["code"] for f in drawn["features"]] == [EAST_CELL]
    assert api.get(f"{API}/map?bbox=1,2,3").status_code == 400
    assert api.get(f"{API}/map?bbox=nan,2,3,4").status_code == 400


def test_duty_is_for_those_who_work_with_it(api, town):
    enter(api, town, Role.CITIZEN)
    assert api.get(f"{API}/duty/cover").status_code == 403


def test_duty_tells_who_answers(api, town):
    enter(api, town)
    one = town.user("one")
    town.grid("G1", CELLS, one)
    cell = town.id(CELLS[0])
    assert api.get(f"{API}/duty/answerers?cell={cell}").json() == [
        {"cell_id": cell, "user_id": None, "how": "nobody"}
    ]
    assert api.get(f"{API}/duty/cover").json()["counts"]["nobody"] == 5


def test_import_by_the_system_administrator(api, town):
    enter(api, town, Role.SYSTEM_ADMIN)
    changed = collection(feature("community", COMMUNITY, name_zh="新名"))
    done = api.post(f"{API}/import", changed, content_type=JSON).json()
    assert (done["written"], done["changed"]) == (True, [COMMUNITY])
    bad = collection(feature("cell", "12"))
    dry = api.post(f"{API}/import?dry_run=true", bad, content_type=JSON).json()
    assert dry["refused"][0]["code"] == "place.code"
    refused = api.post(f"{API}/import", bad, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "areas.refused")


def test_import_by_others_is_refused(api, town):
    enter(api, town)
    answer = api.post(f"{API}/import", collection(*city()), content_type=JSON)
    assert answer.status_code == 403


def test_token_with_the_scope_reads_areas(api, town, now):
    from django.utils import timezone

    user = town.user("machine", Role.ANALYST)
    made = accounts.new_token("m", user, ["places:read"], actor=SYSTEM, now=timezone.now())
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert api.get(f"{API}/areas", headers=headers).status_code == 200
    given = {"name": "x", "cell_codes": []}
    put = api.put(f"{API}/duty/grids/G1", given, content_type=JSON, headers=headers)
    assert (put.status_code, put.json()["code"]) == (403, "token.scope")


@pytest.mark.parametrize("path", ["area/", "dutygrid/", "shift/", "placename/", "area/add/"])
def test_staff_site_opens_by_role(api, town, path):
    api.force_login(User.objects.get(pk=town.user("root1", Role.SYSTEM_ADMIN)))
    expected = 403 if path == "area/add/" else 200
    assert api.get(f"/admin/places/{path}").status_code == expected


@pytest.mark.parametrize("count", [1, 3])
def test_areas_list_takes_the_same_queries(api, town, count, django_assert_num_queries):
    enter(api, town)
    api.get(f"{API}/areas")
    with django_assert_num_queries(5):  # session, user, log-in, holdings, version of the areas
        assert len(api.get(f"{API}/areas?limit={count}").json()["items"]) == count
