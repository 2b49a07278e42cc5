"""A demo lets anybody in and writes invented cases: never into a city."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.business.cases.stories import report
from tests.world import build

from cityloop.business.cases.commands import receive
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import PUBLIC
from cityloop.hub.demo.models import Town
from cityloop.hub.demo.queries import may_be_shown

pytestmark = pytest.mark.django_db


def test_a_database_in_which_nothing_happened_may_be_used() -> None:
    assert may_be_shown()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_city_is_neither_seeded_nor_deleted(now: datetime, settings: object, fresh: bool) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    build(now)
    receive(report(), actor=PUBLIC, now=now)
    with pytest.raises(CommandError, match="holds data that no demo made"):
        call_command("demo", "--only-seed", *(["--fresh"] if fresh else []))
    assert Case.objects.count() == 1


def test_a_demo_town_may_be_shown_again(now: datetime) -> None:
    build(now)
    receive(report(), actor=PUBLIC, now=now)
    when = timezone.now()
    Town.objects.create(size="street", seed=7, made_at=when, told_until=when)
    assert may_be_shown()
