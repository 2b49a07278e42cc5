"""A client of the endpoint, a key, the schemas written from the GeoReport v2 specification."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import LazySettings
from django.test import Client

from cityloop.city.accounts.commands import new_token
from tests.world import World, centre

SCHEMAS = Path(__file__).parent / "schemas"
V2 = "/open311/v2"


@pytest.fixture(autouse=True)
def _endpoint(settings: LazySettings, tmp_path: Path) -> None:
    settings.ROOT_URLCONF = "tests.hub.federation.addresses"
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def api_key(world: World) -> str:
    return new_token(
        "partner",
        world.users["operator"].pk,
        ["open311:write"],
        actor=world.viewer("security"),
        now=world.now,
    ).secret


@pytest.fixture
def ask(world: World) -> Callable[..., Any]:
    """GET under /open311/v2: (status, JSON)."""

    def get(path: str, **given: str) -> tuple[int, Any]:
        answer = Client().get(f"{V2}/{path}", given)
        return answer.status_code, json.loads(answer.content)

    return get


@pytest.fixture
def post(world: World, api_key: str) -> Callable[..., Any]:
    """POST requests.json: (status, JSON). A good request unless told otherwise."""

    def send(**given: Any) -> tuple[int, Any]:
        lon, lat = centre(0)
        good = {
            "api_key": api_key,
            "service_code": "E0112",
            "lat": str(lat),
            "long": str(lon),
            "description": "路面很脏，我叫张三丰，电话13800138000",
        }
        body = {k: v for k, v in {**good, **given}.items() if v is not None}
        answer = Client().post(f"{V2}/requests.json", body)
        return answer.status_code, json.loads(answer.content)

    return send


@pytest.fixture
def conforms() -> Callable[[Any, str], None]:
    """Whether a value is as a schema has it."""

    def check(value: Any, name: str) -> None:
        schema = json.loads((SCHEMAS / f"{name}.json").read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema.validate(value, schema)

    return check
