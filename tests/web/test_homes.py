"""Everybody begins where their work is; the door of the city is open to all."""

from __future__ import annotations

import pytest

from cityloop.city.accounts.domain import PUBLIC
from cityloop.web.pages.context import home_of
from tests.world import World

HOMES = {
    "citizen": "/",
    "worker": "/worker/",
    "operator": "/calls/",
    "acceptor": "/cases/",
    "dispatcher": "/cases/",
    "handler": "/cases/",
    "lead": "/cases/",
    "community": "/centre/",
    "subdistrict": "/centre/",
    "district": "/centre/",
    "analyst": "/centre/",
    "system": "/manage/",
    "security": "/manage/",
    "audit": "/manage/",
}


@pytest.mark.django_db
def test_everybody_begins_at_the_own_room(world: World) -> None:
    assert {name: home_of(world.viewer(name)) for name in HOMES} == HOMES
    assert home_of(PUBLIC) == "/login/"
