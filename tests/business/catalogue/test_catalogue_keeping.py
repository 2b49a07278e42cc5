"""The catalogue kept over the web: what a file would change, versions, calendar, limits."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.world import World

from cityloop.business.catalogue.models import CaseClass, Version, WorkDay
from cityloop.business.catalogue.queries import catalogue, classes_without_owner

pytestmark = pytest.mark.django_db
API = "/api/v1/catalogue"
JSON = "application/json"


@pytest.fixture
def system(world: World) -> Client:
    client = Client(raise_request_exception=False)
    backend = "cityloop.city.accounts.backend.LimitedLogin"
    client.force_login(world.users["system"], backend=backend)
    return client


def exported(client: Client) -> str:
    pieces = client.get(f"{API}/export.csv").streaming_content
    return b"".join(pieces).decode("utf-8-sig")


def hand_in(client: Client, text: str, **fields: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("new.csv", text.encode(), content_type="text/csv")
    answer = client.post(f"{API}/import", {"file": file, **fields})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def changed(text: str) -> str:
    """The catalogue with the first class renamed and the last one taken out."""
    head, *rows = csv.reader(text.splitlines())
    code, name = [head.index(n) for n in ("kind", "big_code", "small_code")], head.index("zh")
    keys = [tuple(row[n] for n in code) for row in rows]
    for row, key in zip(rows, keys, strict=True):
        row[name] += "改名" if key == keys[0] else ""
    out = io.StringIO()
    kept = [row for row, key in zip(rows, keys, strict=True) if key != keys[-1]]
    csv.writer(out).writerows([head, *kept])
    return out.getvalue()


def test_the_same_catalogue_changes_nothing(system: Client) -> None:
    told = hand_in(system, exported(system))
    assert (told["added"], told["changed"], told["gone"]) == ([], [], [])
    assert told["unchanged"] == len(catalogue().classes) == told["classes"]
    assert (told["written"], Version.objects.count()) == (False, 1)


def test_a_dry_run_tells_what_differs_and_the_import_writes_it(system: Client) -> None:
    text = exported(system)
    key = CaseClass.objects.order_by("pk").first().key
    told = hand_in(system, changed(text))
    assert [c["key"] for c in told["changed"]] == [key]
    assert "name_zh" in told["changed"][0]["what"]
    assert len(told["gone"]) == 1
    assert Version.objects.count() == 1, "a dry run"
    done = hand_in(system, changed(text), dry_run="false", name="新版")
    assert (done["written"], done["version"]) == (True, 2)
    assert done["changed"] == told["changed"], "told against the version before"
    assert Version.objects.get(active=True).name == "新版"


def test_rows_in_error_are_named_and_nothing_is_written(system: Client) -> None:
    lines = exported(system).splitlines()
    lines[3] = lines[3].replace("clock", "moon").replace("个", "?")
    cells = lines[3].split(",")
    cells[1] = "xx"
    lines[3] = ",".join(cells)
    done = hand_in(system, "\n".join(lines), dry_run="false")
    assert (done["written"], done["refused_count"]) == (False, 1)
    [refused] = done["refused"]
    assert (refused["row"], refused["value"]) == (4, "xx")
    allowed = hand_in(system, "\n".join(lines), dry_run="false", allow_refused="true")
    assert allowed["written"]


def test_an_earlier_version_is_used_again(system: Client) -> None:
    hand_in(system, changed(exported(system)), dry_run="false")
    answer = system.post(f"{API}/versions/1/activate", content_type=JSON)
    assert answer.json()["active"] is True
    assert list(Version.objects.filter(active=True).values_list("number", flat=True)) == [1]


def test_a_holiday_moves_a_deadline_in_work_days(system: Client) -> None:
    given = {"starts_at": "2026-03-19T02:00:00Z", "value": 2, "unit": "work_day"}
    before = system.post(f"{API}/deadline", given, content_type=JSON).json()
    assert before["due_at"].startswith("2026-03-23T02:00")
    assert [d["why"] for d in before["left_out"]] == ["weekend", "weekend"]
    day = {"works": False, "name": "测试假"}
    assert system.put(f"{API}/calendar/2026-03-20", day, content_type=JSON).status_code == 204
    after = system.post(f"{API}/deadline", given, content_type=JSON).json()
    assert after["due_at"].startswith("2026-03-24T02:00")
    assert after["left_out"][0] == {"day": "2026-03-20", "why": "holiday", "name": "测试假"}
    assert system.delete(f"{API}/calendar/2026-03-20").status_code == 204
    assert not WorkDay.objects.filter(day=date(2026, 3, 20)).exists()


def test_a_clock_limit_leaves_nothing_out(system: Client) -> None:
    given = {"starts_at": "2026-03-20T02:00:00Z", "value": 48, "unit": "clock_hour"}
    told = system.post(f"{API}/deadline", given, content_type=JSON).json()
    assert (told["due_at"][:16], told["left_out"]) == ("2026-03-22T02:00", [])


def test_the_published_days_of_a_year_are_entered(system: Client) -> None:
    system.post(f"{API}/calendar/published", {"years": [2026]}, content_type=JSON)
    found = system.get(f"{API}/calendar?year=2026").json()
    assert {"day": "2026-10-01", "works": False, "name": ""} in found["days"]
    unknown = system.post(f"{API}/calendar/published", {"years": [2099]}, content_type=JSON)
    assert unknown.status_code == 400


def test_classes_without_an_owner_are_those_nobody_answers_for(world: World) -> None:
    assert classes_without_owner({"nobody"}) != []
    from cityloop.city.accounts.queries import departments_by_key

    assert classes_without_owner(set(departments_by_key())) == []
