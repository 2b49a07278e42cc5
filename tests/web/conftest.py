"""Clients of the whole site, one for each person of the small city."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cityloop.city.accounts.commands import new_token
from cityloop.city.accounts.domain import SYSTEM
from tests.world import World

BACKEND = "cityloop.city.accounts.backend.LimitedLogin"
Sign = Callable[[str], Client]


@pytest.fixture
def site(world: World) -> Sign:
    """A client logged in as a person of the small city; "" is nobody. CSRF is checked."""

    def sign(who: str) -> Client:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if who:
            client.force_login(world.users[who], backend=BACKEND)
            csrf = client.get("/api/v1/me").json()["csrf"]
            client.defaults["HTTP_X_CSRFTOKEN"] = csrf
        return client

    return sign


@pytest.fixture
def token(world: World) -> Callable[..., Client]:
    """A client with a token of a person."""

    def make(who: str, *scopes: str) -> Client:
        made = new_token("测试", world.users[who].pk, scopes, actor=SYSTEM, now=world.now)
        return Client(
            raise_request_exception=False, headers={"Authorization": f"Bearer {made.secret}"}
        )

    return make


def problem_of(answer: Any) -> dict[str, Any]:
    """The refusal as sent: always a code and a sentence."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.content[:500])
    body: dict[str, Any] = answer.json()
    assert body["code"]
    assert body["message"]
    return body
