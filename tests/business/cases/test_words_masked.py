"""Who only analyses, and every file, gets the matter without the persons; who works gets all."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.models import Case
from cityloop.city.audit.followers import advance_all
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from tests.business.cases.stories import Walk, received
from tests.engines.privacy.hard import HARD
from tests.world import World

pytestmark = pytest.mark.django_db
TEXT, SECRETS = HARD[7]  # a name, a door and a child's name


@pytest.fixture
def walk(world: World) -> Walk:
    """A case whose words name persons, handled, with a second one beside it."""
    reporter = NewReporter(name="赵合成", phone="13800000000")
    given = {
        "title": TEXT[:30],
        "text": TEXT,
        "address": "阜通东大街6号院3号楼1201室",
        "class_key": "",
    }
    received(world, 0, reporter=reporter, **given)
    case = Case.objects.get(pk=received(world, 0, reporter=reporter, **given).case_id)
    walk = Walk(world, case).to_handling()
    walk.step("handler", "feed_back", text=TEXT)
    load()
    sequence_all(now=walk.at)
    advance_all(now=walk.at)  # reporters are told
    return walk


PAGES = (
    "cases", "cases?text=楼道堆物", "cases/{n}", "cases/{n}/page", "cases/{n}/near",
    "supervision/cases?what=open", "cases/{n}/hints", "cases/{n}/trace", "notices/case/{id}",
)  # fmt: skip


def read(client: Client, world: World, who: str, path: str, number: str) -> str:
    client.force_login(world.users[who])
    answer = client.get(f"/api/v1/{path.format(n=number, id=Case.objects.get(number=number).pk)}")
    assert answer.status_code == 200, (who, path, answer.content)
    return str(answer.json())


@pytest.mark.parametrize("path", PAGES)
def test_an_analyst_reads_the_matter_without_the_persons(
    path: str, walk: Walk, world: World, client: Client
) -> None:
    shown = read(client, world, "analyst", path, walk.case.number)
    assert [s for s in SECRETS if s in shown] == []


def test_who_works_on_the_case_reads_what_was_written(
    walk: Walk, world: World, client: Client
) -> None:
    for who in ("acceptor", "handler", "worker", "district"):
        shown = read(client, world, who, "cases/{n}/page", walk.case.number)
        assert all(secret in shown for secret in SECRETS), who


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_cases_holds_no_person_whoever_takes_it(
    kind: str, walk: Walk, world: World, client: Client
) -> None:
    client.force_login(world.users["acceptor"])
    taken = b"".join(client.get(f"/api/v1/cases/export.{kind}"))
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(taken)) as book:
            taken = b"".join(book.read(name) for name in book.namelist())
    shown = taken.decode()
    assert walk.case.number in shown and "阜通东大街" in shown
    assert [s for s in SECRETS if s in shown] == []
