"""Upload, dry run, confirmation: who may, what is kept, what is carried out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cityloop.city.accounts.commands import create_user, grant_role
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.models import User
from cityloop.city.elements import queries as registers
from cityloop.data.geography.uploads import forget_old
from tests.data.geography import made
from tests.data.geography.conftest import Ground

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/places/geography"
BACKEND = "cityloop.city.accounts.backend.LimitedLogin"


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def client(role: Role, ground: Ground, name: str = "somebody") -> Client:
    user_id = create_user(
        name, display_name=name, password="a long synthetic phrase 7", actor=SYSTEM, now=ground.now
    ).user_id
    grant_role(user_id, role, actor=SYSTEM, now=ground.now)
    browser = Client()
    browser.force_login(User.objects.get(pk=user_id), backend=BACKEND)
    return browser


def upload(tmp_path: Path, name: str = "q.osm.pbf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, made.write_osm(tmp_path / "q.osm.pbf").read_bytes())


def tried(browser: Client, file: SimpleUploadedFile, **more: Any) -> Any:
    return browser.post(f"{ROOT}/imports", {"file": file, "mapping": "osm", **more})


def test_a_whole_file_is_tried_and_confirmed_with_what_goes(ground: Ground, tmp_path: Path) -> None:
    browser = client(Role.SYSTEM_ADMIN, ground)
    old = tried(browser, upload(tmp_path)).json()
    browser.post(f"{ROOT}/imports/confirm", {"key": old["confirm"]}, "application/json")
    path = made.write_osm(tmp_path / "less.osm.pbf", without={110})
    new = SimpleUploadedFile("less.osm.pbf", path.read_bytes())
    dry = tried(browser, new, complete="*", most_missing="0.5").json()
    assert [(m["kind"], m["of"], m["gone"], m["held"]) for m in dry["missing"] if m["gone"]] == [
        ("building", 2, 1, False)
    ]
    wet = browser.post(f"{ROOT}/imports/confirm", {"key": dry["confirm"]}, "application/json")
    assert wet.json()["missing"] == dry["missing"]
    assert len(registers.arrays("building")) == 1
    wrong = tried(browser, upload(tmp_path), complete="*", most_missing="3")
    assert wrong.status_code == 400
    assert tried(browser, upload(tmp_path), complete="nowhere").status_code == 404


def test_dry_run_then_confirm_carries_out_the_same(ground: Ground, tmp_path: Path) -> None:
    browser = client(Role.SYSTEM_ADMIN, ground)
    dry = tried(browser, upload(tmp_path)).json()
    assert len(registers.arrays("building")) == 0
    assert len(dry["preview"]["features"]) == 9
    key = {"key": dry["confirm"]}
    wet = browser.post(f"{ROOT}/imports/confirm", key, content_type="application/json").json()
    assert (dry["written"], wet["written"]) == (False, True)
    assert wet["counts"] == dry["counts"]
    assert len(registers.arrays("building")) == 2
    again = browser.post(f"{ROOT}/imports/confirm", key, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (404, "geography.upload_gone")


def test_only_the_system_administrator_may(ground: Ground, tmp_path: Path) -> None:
    browser = client(Role.ACCEPTOR, ground)
    assert tried(browser, upload(tmp_path)).status_code == 403
    assert browser.get(f"{ROOT}/mappings").status_code == 403
    assert not default_storage.exists("geography")


def test_key_of_another_or_changed_opens_nothing(ground: Ground, tmp_path: Path) -> None:
    key = tried(client(Role.SYSTEM_ADMIN, ground), upload(tmp_path)).json()["confirm"]
    other = client(Role.SYSTEM_ADMIN, ground, "another")
    for given in (key, key[:-2] + "xx", ""):
        answer = other.post(
            f"{ROOT}/imports/confirm", {"key": given}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "geography.upload_gone")


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("plan.dwg", {}, "geography.kind"),
        ("q.osm.pbf", {"mapping": "none-such"}, "geography.no_map"),
        ("q.osm.pbf", {"mapping_text": "a = 1"}, "geography.map"),
        ("q.osm.pbf", {"crs": "EPSG:4548"}, "geography.crs_conflict"),
        ("q.osm.pbf", {"crs": "mars"}, "place.unknown_crs"),
        ("q.osm.pbf", {"anchor": "somewhere"}, "geography.anchor"),
        ("broken.zip", {}, "geography.damaged"),
    ],
)
def test_refused_uploads_say_why_and_are_not_kept(
    ground: Ground, tmp_path: Path, name: str, more: dict[str, str], code: str
) -> None:
    answer = tried(client(Role.SYSTEM_ADMIN, ground), upload(tmp_path, name), **more)
    assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
    folders = default_storage.listdir("geography")[0] if default_storage.exists("geography") else []
    assert folders == []


def test_upload_that_nobody_confirmed_goes_after_a_day(ground: Ground, tmp_path: Path) -> None:
    from django.utils import timezone

    tried(client(Role.SYSTEM_ADMIN, ground), upload(tmp_path))
    now = timezone.now()
    assert forget_old(now) == 0
    assert forget_old(now + timedelta(days=1, minutes=1)) == 1
    assert default_storage.listdir("geography")[0] == []
