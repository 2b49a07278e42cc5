"""The registers over REST: list, one, history, change, import, inspections."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.city.elements.conftest import lamp
from tests.web.conftest import site  # noqa: F401
from tests.world import centre

LAMP = "component.lamp"
API = "/api/v1/elements"


@pytest.fixture
def admin(city, site):  # noqa: F811
    return site("system")


def send(client, method, path, body):
    return getattr(client, method)(f"{API}/{path}", json.dumps(body), "application/json")


def test_an_element_is_added_found_changed_and_retired(admin):
    lon, lat = centre(0)
    body = {"name": "一号灯", "lon": lon, "lat": lat, "properties": {"height_m": 8}}
    made = send(admin, "post", f"of/{LAMP}", body).json()
    assert (made["code"], made["community"], made["version"]) == (
        "9901000137000001", "永宁社区", 1)  # fmt: skip
    listed = admin.get(f"{API}/of/{LAMP}?search=一号").json()
    assert [i["id"] for i in listed["items"]] == [made["id"]]
    one = f"one/{made['id']}"
    changed = send(admin, "patch", one, {"version": 1, "properties": {"height_m": 9}}).json()
    assert (changed["version"], changed["name"]) == (2, "一号灯")
    stale = send(admin, "patch", one, {"version": 1, "name": "x"})
    assert (stale.status_code, stale.json()["code"]) == (409, "element.changed")
    wrong = send(admin, "patch", one, {"version": 2, "properties": {"height_m": "high"}})
    assert (wrong.status_code, wrong.json()["where"]) == (400, "properties.height_m")
    history = admin.get(f"{API}/{one}/history").json()
    assert [(h["version"], h["valid_to"] is None) for h in history] == [(2, True), (1, False)]
    assert send(admin, "post", f"{one}/retire", {"version": 2, "reason": "拆除"}).status_code == 204
    assert admin.get(f"{API}/of/{LAMP}").json()["items"] == []


def test_a_file_is_tried_and_then_taken(admin):
    lon, lat = centre(0)
    text = f"code,name,lon,lat\nL1,灯,{lon},{lat}\nL2,灯,{lat},{lon}\n"

    def sent(**more):
        file = SimpleUploadedFile("lamps.csv", text.encode())
        return admin.post(f"{API}/of/{LAMP}/import", {"file": file, "crs": "wgs84", **more}).json()

    tried = sent()
    assert (tried["written"], tried["new"], tried["refused_count"]) == (False, 1, 1)
    assert (tried["refused"][0]["row"], tried["refused"][0]["code"]) == (3, "place.swapped")
    assert sent(dry_run="false")["written"] is True
    box = admin.get(f"{API}/box?bbox={lon - 1},{lat - 1},{lon + 1},{lat + 1}&kinds={LAMP}").json()
    assert [f["properties"]["code"] for f in box["features"]] == ["L1"]
    rows = b"".join(admin.get(f"{API}/of/{LAMP}/export.csv").streaming_content).decode("utf-8-sig")
    assert rows.splitlines()[1].startswith("L1,灯,")


def test_a_worker_reads_and_inspects_but_does_not_keep(city, site, take_in):  # noqa: F811
    take_in(LAMP, lamp("L1"))
    worker = site("worker")
    row = worker.get(f"{API}/of/{LAMP}").json()["items"][0]
    assert send(worker, "patch", f"one/{row['id']}", {"version": 1, "name": "x"}).status_code == 403
    found = {"result": "fine", "external_id": "a"}
    one = f"one/{row['id']}/inspections"
    assert send(worker, "post", one, found).status_code == 201
    assert send(worker, "post", one, found).status_code == 200
    assert [i["result"] for i in worker.get(f"{API}/{one}").json()] == ["fine"]
    assert worker.get(f"{API}/inspections/due?within_days=366").json()["total"] == 1


def test_kinds_and_plans_are_the_administrators(admin, site, take_in):  # noqa: F811
    take_in(LAMP, lamp("L1"))
    kinds = {k["code"]: k for k in admin.get(f"{API}/kinds").json()}
    assert (kinds[LAMP]["elements"], kinds[LAMP]["component_code"]) == (1, "0137")
    body = {"family": "thing", "name_zh": "旗杆", "name_en": "Flagpole"}
    assert send(admin, "put", "kinds/component.flagpole", body).status_code == 204
    bad = send(admin, "put", "kinds/component.flagpole", body | {"own_fields": {"type": 1}})
    assert bad.json()["code"] == "element.schema"
    plan = send(admin, "put", "inspections/plans", {"kind": LAMP, "every_days": 5}).json()
    assert admin.get(f"{API}/inspections/plans").json() == [plan]
    assert admin.delete(f"{API}/inspections/plans/{plan['id']}").status_code == 204
    assert site("dispatcher").delete(f"{API}/inspections/plans/{plan['id']}").status_code == 404
    assert admin.get(f"{API}/persons?area_code=990100001001").json()["code"] == "persons.off"
