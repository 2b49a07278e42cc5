"""Tracks: only with consent, only on duty, sealed, the worker's own, gone on their day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.business.patrol import commands
from cityloop.business.patrol.commands.patrols import end_forgotten
from cityloop.business.patrol.models import Patrol, TrackOpening, TrackPart, Visit
from cityloop.business.patrol.queries.coverage import coverage
from cityloop.business.patrol.queries.tracks import own_track, patrols
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError
from tests.business.patrol.outings import agree, new_id, path, send_track, set_out
from tests.world import World, cell_code

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refused(world: World, patrol: str, points: list, *, now) -> str:  # type: ignore[no-untyped-def,type-arg]
    with pytest.raises(DomainError) as error:
        send_track(world, patrol, points, now=now)
    assert TrackPart.objects.count() == 0
    assert Visit.objects.count() == 0
    return error.value.code


def test_a_track_without_consent_is_refused_and_nothing_is_stored(world: World) -> None:
    patrol = set_out(world)
    assert refused(world, patrol, path(world.now), now=world.now + HOUR) == "track.no_consent"


def test_a_patrol_off_duty_cannot_begin(world: World) -> None:
    late = world.now + timedelta(hours=11)  # the shift ended an hour ago
    with pytest.raises(DomainError) as error:
        set_out(world, at=late)
    assert error.value.code == "patrol.off_duty"
    assert Patrol.objects.count() == 0


def test_one_point_off_duty_refuses_the_whole_part(world: World) -> None:
    agree(world)
    start = world.now + timedelta(hours=9, minutes=59)
    patrol = set_out(world, at=start)
    over = path(start, cells=(0,), each=8)  # the last ones after the end of the shift
    code = refused(world, patrol, over, now=start + HOUR)
    assert code == "track.off_duty"


def test_what_was_walked_before_the_consent_is_refused(world: World) -> None:
    patrol = set_out(world)
    agree(world, at=world.now + HOUR)
    assert refused(world, patrol, path(world.now), now=world.now + HOUR) == "track.before_consent"


def test_an_outdated_consent_does_not_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from cityloop.business.patrol.commands import patrols as module
    from cityloop.business.patrol.settings import patrol_settings

    agree(world)
    patrol = set_out(world)
    newer = replace(patrol_settings(), consent_version="2")
    monkeypatch.setattr(module, "patrol_settings", lambda: newer)
    assert refused(world, patrol, path(world.now), now=world.now + HOUR) == "track.no_consent"


def test_points_of_another_patrol_time_are_refused(world: World) -> None:
    agree(world)
    patrol = set_out(world, at=world.now + HOUR)
    code = refused(world, patrol, path(world.now), now=world.now + 2 * HOUR)
    assert code == "track.outside_patrol"


def test_a_track_is_sealed_and_opens_for_its_worker_alone(world: World) -> None:
    agree(world)
    patrol = set_out(world)
    points = path(world.now)
    answer = send_track(world, patrol, points, now=world.now + HOUR)
    assert (answer["kept"], answer["outside"]) == (8, 0)
    part = TrackPart.objects.get()
    assert "116.9" not in part.points
    mine = own_track(patrol, viewer=world.viewer("worker"))
    assert [p[:2] for p in mine["points"]] == [[round(p.lon, 6), round(p.lat, 6)] for p in points]
    with pytest.raises(DomainError) as error:
        own_track(patrol, viewer=world.viewer("worker_east"))
    assert error.value.code == "patrol.unknown"


def test_a_track_counts_the_cells_that_it_proves(world: World) -> None:
    agree(world)
    patrol = set_out(world)
    points = path(world.now, cells=(0,), each=4)
    stray = path(world.now + 5 * timedelta(minutes=1), cells=(1,), each=1)  # one fix proves nothing
    send_track(world, patrol, points + stray, now=world.now + HOUR)
    seen = list(Visit.objects.values_list("cell__code", "by"))
    assert seen == [(cell_code(0), "track")]


def test_points_outside_every_cell_are_not_kept(world: World) -> None:
    from dataclasses import replace

    agree(world)
    patrol = set_out(world)
    away = [replace(p, lon=p.lon + 1) for p in path(world.now, cells=(0,), each=3)]
    answer = send_track(world, patrol, away, now=world.now + HOUR)
    assert (answer["kept"], answer["outside"]) == (0, 3)
    assert TrackPart.objects.count() == 0


def test_withdrawing_deletes_every_part_and_the_coverage_stays(world: World) -> None:
    agree(world)
    patrol = set_out(world)
    send_track(world, patrol, path(world.now), now=world.now + HOUR)
    gone = commands.withdraw_consent(actor=world.viewer("worker"), now=world.now + HOUR)
    assert (gone, TrackPart.objects.count(), Visit.objects.count()) == (1, 0, 2)
    kinds = Event.objects.filter(kind__startswith="patrol.consent").values_list("kind", flat=True)
    assert sorted(kinds) == ["patrol.consent_given", "patrol.consent_withdrawn"]


def test_a_supervisor_sees_cells_and_walks_but_opens_a_path_on_record(world: World) -> None:
    commands.set_plan("P1", name_zh="日巡", duty_grid_codes=["G1"], actor=world.viewer("community"),
                      now=world.now)  # fmt: skip
    agree(world)
    patrol = set_out(world, plan="P1")
    send_track(world, patrol, path(world.now, cells=(0,)), now=world.now + HOUR)
    boss = world.viewer("community")
    seen = coverage(None, viewer=boss, now=world.now + HOUR)
    assert [(c.code, c.visits, c.due) for c in seen.cells] == [
        (cell_code(0), 1, False),
        (cell_code(1), 0, True),
    ]
    row = patrols(None, viewer=boss, now=world.now + HOUR)[0]
    assert (row.worker, row.cells, row.has_track) == ("worker", 1, True)
    with pytest.raises(DomainError) as error:
        commands.open_track(row.id, purpose="看", actor=boss, now=world.now + HOUR)
    assert error.value.code == "track.purpose"
    opened = commands.open_track(row.id, purpose="核对投诉时段", actor=boss, now=world.now + HOUR)
    assert len(opened["points"]) == 4
    told = TrackOpening.objects.get()
    assert (told.worker_id, told.purpose) == (world.users["worker"].pk, "核对投诉时段")
    assert Event.objects.filter(kind="patrol.track_opened").count() == 1


@pytest.mark.parametrize("who", ["worker", "worker_east", "acceptor", "system", "citizen"])
def test_who_is_no_supervisor_of_the_area_opens_no_path(world: World, who: str) -> None:
    set_out(world)
    with pytest.raises(DomainError) as error:
        commands.open_track(
            Patrol.objects.get().pk, purpose="随便看看", actor=world.viewer(who), now=world.now
        )
    assert error.value.code == "role.needed"


def test_tracks_and_hours_go_when_their_day_has_come(world: World) -> None:
    agree(world)
    patrol = set_out(world)
    send_track(world, patrol, path(world.now), now=world.now + HOUR)
    assert commands.erase_old(now=world.now + timedelta(days=29)) == 0
    assert commands.erase_old(now=world.now + timedelta(days=32)) > 0
    assert TrackPart.objects.count() == 0
    assert set(Visit.objects.values_list("at", flat=True)) == {None}


def test_a_forgotten_patrol_ends_with_its_shift(world: World) -> None:
    set_out(world)
    assert end_forgotten(now=world.now + timedelta(hours=9)) == 0
    assert end_forgotten(now=world.now + timedelta(hours=10)) == 1
    row = Patrol.objects.get()
    assert row.ended_at == row.until == world.now + timedelta(hours=10)


def test_a_new_patrol_ends_the_one_left_open(world: World) -> None:
    first = set_out(world)
    set_out(world, at=world.now + HOUR)
    assert Patrol.objects.get(client_id=first).ended_at == world.now + HOUR
    assert Patrol.objects.filter(ended_at=None).count() == 1


def test_answers_beyond_the_checklist_are_refused(world: World) -> None:
    boss = world.viewer("community")
    commands.set_plan("P1", name_zh="日巡", duty_grid_codes=["G1"], actor=boss, now=world.now,
                      checklist=[{"key": "fire", "zh": "消防通道"}])  # fmt: skip
    patrol = set_out(world, plan="P1")

    def tick(answers: dict[str, str]) -> object:
        return commands.deliver_visit(
            new_id(), patrol=patrol, cell_code=cell_code(0), answers=answers, at=world.now,
            actor=world.viewer("worker"), now=world.now,
        )  # fmt: skip

    with pytest.raises(DomainError) as error:
        tick({"mood": "ok"})
    assert error.value.code == "visit.answers"
    tick({"fire": "ok"})
    assert Visit.objects.get().answers == {"fire": "ok"}


def test_a_plan_reaches_no_further_than_who_keeps_it(world: World) -> None:
    with pytest.raises(DomainError) as error:
        commands.set_plan("P2", name_zh="越界", cell_codes=[cell_code(3)],
                          actor=world.viewer("community"), now=world.now)  # fmt: skip
    assert error.value.code == "patrol.not_your_area"
    with pytest.raises(DomainError) as error:
        commands.set_plan("P2", name_zh="空", actor=world.viewer("district"), now=world.now)
    assert error.value.code == "plan.no_cells"


def test_a_visit_outside_the_patrol_is_refused(world: World) -> None:
    patrol = set_out(world, at=world.now + HOUR)
    with pytest.raises(Conflict) as error:
        commands.deliver_visit(
            new_id(), patrol=patrol, cell_code=cell_code(0), answers={}, at=world.now,
            actor=world.viewer("worker"), now=world.now + HOUR,
        )  # fmt: skip
    assert error.value.code == "visit.outside_patrol"
