"""Three administrators, a clock that stands still, an API of accounts alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from cityloop.city.accounts import commands, queries
from cityloop.city.accounts.domain import SYSTEM, Role, Viewer
from cityloop.city.accounts.models import User

PASSWORD = "river-stone-42"


@dataclass
class People:
    """Makes users and their viewers."""

    now: datetime

    def user(self, username: str, *roles: Role, **held: int) -> int:
        made = commands.create_user(username, password=PASSWORD, actor=SYSTEM, now=self.now)
        for role in roles:
            commands.grant_role(made.user_id, role, actor=SYSTEM, now=self.now, **held)
        return made.user_id

    def viewer(self, username: str, *roles: Role, **held: int) -> Viewer:
        return queries.viewer_of(User.objects.get(pk=self.user(username, *roles, **held)))


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def people(db: None, now: datetime) -> People:
    return People(now)


@pytest.fixture
def api(settings, db: None) -> Iterator[Client]:
    settings.ROOT_URLCONF = "tests.city.urls"
    yield Client(enforce_csrf_checks=True, raise_request_exception=True)
