"""How long what is kept: counted first, erased when due, on record, never from what is open."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cityloop.business.cases.commands import keeping
from cityloop.business.cases.commands.photos import add_photo
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.models import Case, Photo, Report, Reporter
from cityloop.business.retention import commands, queries
from cityloop.business.retention.domain import Bounds, checked_days
from cityloop.business.retention.models import Rule, Run
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import DomainError, NotAllowed
from tests.business.cases.stories import Walk, jpeg, received, unclassed
from tests.world import World

pytestmark = pytest.mark.django_db
WHO = NewReporter(name="赵合成", phone="13800000000")


@pytest.mark.parametrize(("days", "fine"), [(29, False), (30, True), (730, True), (731, False)])
def test_days_lie_within_their_bounds(days: int, fine: bool) -> None:
    if fine:
        assert checked_days(days, Bounds(30, 730, 730)) == days
        return
    with pytest.raises(DomainError) as refused:
        checked_days(days, Bounds(30, 730, 730))
    assert refused.value.details == {"least": 30, "most": 730}


def test_a_time_chosen_under_wider_bounds_is_brought_within_the_present_ones(world: World) -> None:
    """The law, or the profile, became stricter since: nobody has to choose anew."""
    for key, days in (("reporters", 40_000), ("logins", 1)):
        Rule.objects.create(key=key, days=days, changed_at=world.now)
    held = {kept.kind.key: (kept.days, kept.bounds) for kept in queries.in_force()}
    assert held["reporters"][0] == held["reporters"][1].most
    assert held["logins"][0] == held["logins"][1].least


@pytest.fixture
def ended(world: World) -> Case:
    """A closed case with a photo and a reporter, and an open one with a reporter."""
    case = unclassed(world, 0, reporter=WHO)
    add_photo(case.pk, jpeg(), stage="report", actor=world.viewer("acceptor"), now=world.now)
    received(world, 1, reporter=WHO)
    walk = Walk(world, case).to_closed()
    Case.objects.filter(pk=case.pk).update(ended_at=walk.world.now)
    return Case.objects.get(pk=case.pk)


def test_reporters_of_open_cases_are_kept_however_old(world: World, ended: Case) -> None:
    later = world.now + timedelta(days=31)
    assert keeping.reporters_before(later) == 1
    security = world.viewer("security")
    commands.set_rule("reporters", days=30, active=True, actor=security, now=world.now)
    assert queries.due("reporters", 30, viewer=security, now=later) == 1
    gone = commands.erase_due(now=later)
    assert gone["reporters"] == 1
    held = dict(Reporter.objects.values_list("report__case_id", "phone"))
    assert held[ended.pk] == ""
    assert [phone for case, phone in held.items() if case != ended.pk] != [""]


def test_photos_go_with_their_files_and_the_trace_keeps_the_digest(
    world: World, ended: Case
) -> None:
    photo = Photo.objects.filter(case=ended).order_by("pk").first()
    assert photo is not None
    count, path = Photo.objects.filter(case=ended).count(), photo.image.path
    later = world.now + timedelta(days=2000)
    assert commands.erase_due(now=later)["photos"] == count
    assert not Photo.objects.filter(case=ended).exists()
    assert not Path(path).exists()
    said = [json.loads(e.data) for e in Event.objects.filter(kind="photo.erased")]
    assert photo.sha256 in {data["sha256"] for data in said}
    assert Report.objects.filter(case=ended).exists(), "the matter itself stays"


def test_nothing_goes_before_its_time_or_while_paused(world: World, ended: Case) -> None:
    security = world.viewer("security")
    for key in ("reporters", "photos"):
        kept = next(k for k in queries.in_force() if k.kind.key == key)
        commands.set_rule(key, days=kept.days, active=False, actor=security, now=world.now)
    later = world.now + timedelta(days=10_000)
    assert not {"reporters", "photos"} & commands.erase_due(now=later).keys()
    for key in ("reporters", "photos"):
        commands.set_rule(key, days=365, active=True, actor=security, now=world.now)
    soon = commands.erase_due(now=world.now + timedelta(days=364))
    assert (soon["reporters"], soon["photos"]) == (0, 0)


def test_a_run_that_erased_is_on_record_and_one_that_did_not_is_not(
    world: World, ended: Case
) -> None:
    commands.erase_due(now=world.now)
    assert not Run.objects.exists()
    later = world.now + timedelta(days=2000)
    commands.erase_due(now=later)
    runs = {run.key: run.erased for run in queries.runs(viewer=world.viewer("audit"))}
    said = [json.loads(e.data) for e in Event.objects.filter(kind="retention.ran")]
    assert runs == {data["rule"]: data["erased"] for data in said}
    assert runs.keys() >= {"reporters", "photos"}


def test_only_the_security_administrator_sets_a_time(world: World) -> None:
    for who in ("system", "audit", "district", "citizen"):
        with pytest.raises(NotAllowed):
            commands.set_rule(
                "photos", days=365, active=True, actor=world.viewer(who), now=world.now
            )
