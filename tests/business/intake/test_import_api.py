from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cityloop.business.cases.queries import cases_of
from cityloop.business.intake import tasks
from cityloop.business.intake.models import ImportRun
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.jobs.run import run_jobs
from tests.business.intake.conftest import MAP
from tests.business.intake.test_import_run import row
from tests.world import World

pytestmark = pytest.mark.django_db
CsvFile = Callable[..., Path]
URL = "/api/v1/imports"


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def send(client: Client, path: Path, **given: Any) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(URL, {"file": file, "map_text": MAP, **given})


def test_upload_is_imported_by_a_job_and_forgotten(
    world: World, csv_file: CsvFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCHES_A_JOB", 1)
    client = client_of(world, "operator")
    path = csv_file(*[row(n) for n in range(1, 502)], row(502, when="never"))
    answer = send(client, path)
    assert answer.status_code == 202, answer.content
    run = ImportRun.objects.get()
    assert run.state == "waiting" and default_storage.exists(run.stored)
    stored = run.stored
    while run_jobs(now=ImportRun.objects.get().created_at.replace(year=2999)):
        pass
    shown = client.get(f"{URL}/{run.pk}").json()
    assert (shown["state"], shown["position"]) == ("done", 502)
    assert (shown["counts"]["accepted"], shown["counts"]["refused"]) == (
        501,
        {"date.unknown_format": 1},
    )
    assert cases_of(SYSTEM).count() == 501
    assert not default_storage.exists(stored)
    left = client.get(shown["left_out_url"])
    assert b"date.unknown_format" in left.getvalue()
    assert client.get(URL).json()["items"][0]["id"] == run.pk


def test_file_that_cannot_be_read_is_refused_and_not_kept(world: World, csv_file: CsvFile) -> None:
    client = client_of(world, "operator")
    answer = send(client, csv_file("1,2", header="a,b"))
    assert answer.status_code == 400
    assert answer.json()["code"] == "map.column_missing"
    assert not ImportRun.objects.exists()
    assert not default_storage.exists("imports") or not default_storage.listdir("imports")[1]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"map_text": ""}, "import.map"),
        ({"map_text": "", "map_name": "nope"}, "map.unknown"),
        ({"map_name": "nyc_311"}, "import.map"),
        ({"channel": "Not A Channel"}, "import.channel"),
        ({"map_text": "[columns"}, "map.not_toml"),
    ],
)
def test_wrong_request_is_refused(
    world: World, csv_file: CsvFile, given: dict[str, str], code: str
) -> None:
    answer = send(client_of(world, "operator"), csv_file(row(1)), **given)
    assert (answer.status_code // 100, answer.json()["code"]) == (4, code)


def test_same_file_again_is_answered_with_the_same_import(world: World, csv_file: CsvFile) -> None:
    client = client_of(world, "operator")
    path = csv_file(row(1))
    first, second = send(client, path).json(), send(client, path).json()
    assert first["id"] == second["id"]
    assert len(default_storage.listdir("imports")[1]) == 1


@pytest.mark.parametrize("name", ["citizen", "handler", "analyst", "system", "audit"])
def test_others_see_and_start_no_imports(world: World, csv_file: CsvFile, name: str) -> None:
    client = client_of(world, name)
    assert send(client, csv_file(row(1))).status_code == 403
    for path in (URL, f"{URL}/mappings", f"{URL}/1", f"{URL}/1/left-out"):
        assert client.get(path).status_code == 403


def test_unknown_import_is_not_found(world: World) -> None:
    answer = client_of(world, "operator").get(f"{URL}/{2**62}")
    assert answer.status_code == 404 and json.loads(answer.content)["code"] == "import.unknown"


def test_ready_mappings_are_listed(world: World) -> None:
    assert "nyc_311" in client_of(world, "operator").get(f"{URL}/mappings").json()
