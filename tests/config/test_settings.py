"""Settings come from the environment; each is read in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[2]


def settings(folder: Path, wanted: str, **env: str) -> Any:
    """A setting as a fresh process sees it."""
    code = (
        "import json; from django.conf import settings as s;"
        f"print(json.dumps(s.{wanted}, default=str))"
    )
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CITYLOOP_DATA"}}
    kept |= {"DJANGO_SETTINGS_MODULE": "cityloop.config.settings", "CITYLOOP_DATA": str(folder)}
    kept["PYTHONPATH"] = str(REPO / "src")
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept | env, capture_output=True, check=True, text=True
    )
    return json.loads(done.stdout)


def test_sqlite_in_the_data_folder_is_the_default(tmp_path: Path) -> None:
    found = settings(tmp_path, "DATABASES")["default"]
    assert found["NAME"] == str(tmp_path / "cityloop.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_postgresql_by_address_gets_a_pool(tmp_path: Path) -> None:
    address = "postgresql://u:p@db.example/city"
    found = settings(tmp_path, "DATABASES", DATABASE_URL=address)["default"]
    assert (found["HOST"], found["NAME"]) == ("db.example", "city")
    assert found["OPTIONS"]["pool"]["max_size"] >= 4


def test_photos_go_to_an_s3_store_when_a_bucket_is_named(tmp_path: Path) -> None:
    plain = settings(tmp_path, "STORAGES")["default"]["BACKEND"]
    assert plain == "django.core.files.storage.FileSystemStorage"
    found = settings(
        tmp_path,
        "STORAGES",
        CITYLOOP_S3_BUCKET="photos",
        CITYLOOP_S3_ENDPOINT="https://store.example",
    )["default"]
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    assert found["OPTIONS"]["default_acl"] == "private"


def test_the_s3_backend_can_be_built_from_these_options(tmp_path: Path) -> None:
    storages = pytest.importorskip("storages.backends.s3")
    given = settings(tmp_path, "STORAGES", CITYLOOP_S3_BUCKET="photos")["default"]["OPTIONS"]
    assert storages.S3Storage(**given).bucket_name == "photos"


def test_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first, second = settings(tmp_path, "SECRET_KEY"), settings(tmp_path, "SECRET_KEY")
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret_key.secret").stat().st_mode & 0o077 == 0


def test_the_demo_door_is_shut_unless_opened(tmp_path: Path) -> None:
    assert settings(tmp_path, "DEMO") is False
    assert settings(tmp_path, "DEBUG") is False


def test_a_command_on_an_unprepared_database_says_what_to_do(tmp_path: Path) -> None:
    env = {**os.environ, "CITYLOOP_DATA": str(tmp_path), "PYTHONPATH": str(REPO / "src")}
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "cityloop.config.cli", "load", "profile"],
        env=env,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert "cityloop setup" in done.stderr
    assert "Traceback" not in done.stderr
