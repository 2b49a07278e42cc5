"""The synthetic district: made by commands, the same for the same seed, alive, and polite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from cityloop.ai.triage import queries as triage
from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport
from cityloop.business.cases.queries import cases_of
from cityloop.business.catalogue import queries as catalogue
from cityloop.business.dispatch import queries as dispatch
from cityloop.city.accounts.domain import PUBLIC, SYSTEM
from cityloop.city.accounts.models import User
from cityloop.city.audit.queries import trace
from cityloop.city.places.queries import cover
from cityloop.hub.demo import simulator
from cityloop.hub.demo.commands.control import set_simulator
from cityloop.hub.demo.commands.doors import enter
from cityloop.hub.demo.commands.seed import Seeded, seed, settle_ledger
from cityloop.hub.demo.models import Town, Visit
from cityloop.kernel.errors import DomainError, NotFound

NOW = datetime(2026, 3, 18, 7, 30, tzinfo=UTC)  # a Wednesday, 15:30 in Shanghai
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, _demo: None) -> Iterator[Seeded]:
    """One town for all tests of this file; each test's changes are taken back after it."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                yield seed("community", 7, now=NOW, days=3)
                raise _Undo
        except _Undo:
            pass


@pytest.fixture
def town(made: Seeded, db: None) -> Seeded:
    simulator._running.clear()
    simulator._planned.clear()
    return made


class _Undo(Exception):
    """Takes a transaction back."""


def histories() -> list[tuple[str, str, tuple[tuple[str, datetime], ...]]]:
    """What happened to every case, without ids."""
    found = []
    for case in cases_of(SYSTEM).order_by("id"):
        rows = trace("case", case.pk, viewer=SYSTEM, limit=200)
        found.append((case.title, case.state, tuple((r.kind, r.at) for r in rows)))
    return found


def forget() -> None:
    for app in (triage, catalogue, dispatch):
        app.forget()


def test_seed_twice_gives_the_same_history(db: None) -> None:
    """Stands first: it needs a database without a town."""
    found = []
    for _ in range(2):
        forget()
        try:
            with transaction.atomic():
                made = seed("community", 7, now=NOW, days=1)
                found.append((made, histories()))
                raise _Undo
        except _Undo:
            pass

    assert found[0] == found[1]
    assert found[0][0].refused == 0


def test_seed_leaves_open_work_and_ended_cases(town: Seeded) -> None:
    states = Counter(cases_of(SYSTEM).values_list("state", flat=True))

    assert (
        town.reports == sum(states.values()) - cases_of(SYSTEM).filter(parent__isnull=False).count()
    )
    assert states["closed"] + states["evaluated"] >= 5
    assert states["dispatched"] + states["handling"] >= 3
    assert not cases_of(SYSTEM).filter(timer_at__lt=NOW).exclude(state="evaluated").exists()


def test_seed_every_report_says_that_it_is_synthetic(town: Seeded) -> None:
    extras = cases_of(SYSTEM).exclude(reports__isnull=True).values_list("reports__extra", flat=True)

    assert extras
    assert all(extra["synthetic"] is True for extra in extras)


def test_seed_every_cell_has_somebody_by_day(town: Seeded) -> None:
    assert cover(NOW).uncovered == []
    assert cover(NOW + timedelta(days=6)).uncovered == []


def test_seed_a_second_time_is_refused(town: Seeded) -> None:
    with pytest.raises(DomainError) as refused:
        seed("community", 7, now=NOW, days=1)

    assert refused.value.code == "demo.exists"


def test_tick_reports_come_in_and_people_act(town: Seeded) -> None:
    set_simulator(runs=True, speed=3600.0, now=NOW)
    before = histories()

    for second in range(1, 6):
        simulator.tick(NOW + timedelta(seconds=second))

    assert len(histories()) > len(before)
    assert Town.objects.get().acted > 0


def test_tick_while_stopped_does_nothing(town: Seeded) -> None:
    before = histories()

    assert simulator.tick(NOW + timedelta(minutes=1)) == (0, 0)
    assert histories() == before


def test_tick_leaves_a_visitors_case_alone_until_it_has_waited(town: Seeded) -> None:
    said = NewReport("citizen", "visitor-1", text="小区门口的路灯三天不亮了")
    got = receive(said, actor=PUBLIC, now=NOW)
    settle_ledger(now=NOW)
    set_simulator(runs=True, speed=3600.0, now=NOW)

    def kinds() -> list[str]:
        return [r.kind for r in trace("case", got.case_id, viewer=SYSTEM)]

    alone = kinds()
    simulator.tick(NOW + timedelta(minutes=2))
    after_two_minutes = kinds()
    for n in range(8):
        simulator.tick(NOW + timedelta(minutes=4, seconds=n))

    assert Visit.objects.filter(case_id=got.case_id).exists()
    assert after_two_minutes == alone
    assert len(kinds()) > len(alone)


def test_set_simulator_refuses_impossible_speed(town: Seeded) -> None:
    with pytest.raises(DomainError) as refused:
        set_simulator(speed=0.5, now=NOW)

    assert refused.value.code == "demo.speed"


def test_enter_outside_the_demo_is_refused(town: Seeded) -> None:
    with override_settings(DEMO=False), pytest.raises(NotFound):
        enter("try_district", now=NOW)


def test_enter_as_somebody_who_is_no_visitor_is_refused(town: Seeded) -> None:
    with pytest.raises(NotFound):
        enter("acceptor01", now=NOW)


def test_one_click_opens_the_operations_centre(town: Seeded) -> None:
    client = Client()

    answer = client.post("/login/as/", {"username": "try_district"})

    assert (answer.status_code, answer["Location"]) == (302, "/centre/")
    assert client.get("/api/v1/cases?order=received").json()["items"]
    assert client.get("/api/v1/overview").json()["open"]["total"] > 0


def test_people_of_the_demo_have_no_password(town: Seeded) -> None:
    assert not any(user.has_usable_password() for user in User.objects.all())
