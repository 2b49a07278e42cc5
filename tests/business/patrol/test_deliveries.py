"""What a device hands in happens once: reports, photos, moves, tracks; also sent by two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cityloop.business.cases.models import Case, Photo, Report
from cityloop.business.patrol import commands
from cityloop.business.patrol.models import Delivery, Patrol, TrackPart
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError
from tests.business.cases.stories import default_condition, jpeg, unclassed
from tests.business.patrol.outings import (
    MINUTE,
    agree,
    new_id,
    path,
    send_photo,
    send_report,
    set_out,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def move(world: World, client_id: str, name: str, *, who: str = "worker", **given: Any) -> Any:
    inputs = given.pop("inputs", {})
    given.setdefault("at", world.now)
    return commands.deliver_move(
        client_id, name, inputs=inputs, actor=world.viewer(who), now=world.now, **given
    )


def to_check(world: World) -> Case:
    """A case in the worker's cell that waits to be checked."""
    from cityloop.business.cases import commands as cases

    case = unclassed(world)
    return cases.move(case.pk, "ask_check", actor=world.viewer("acceptor"), now=world.now)


def test_a_report_sent_twice_is_one_case_with_one_answer(world: World) -> None:
    key = new_id()
    first, again = send_report(world, key), send_report(world, key)
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["number"] == again["number"]
    assert (Case.objects.count(), Delivery.objects.count()) == (1, 1)
    assert Report.objects.get().channel == "grid"


def test_the_same_id_with_other_words_is_a_contradiction(world: World) -> None:
    key = new_id()
    send_report(world, key)
    with pytest.raises(Conflict) as error:
        send_report(world, key, text="别的事情")
    assert error.value.code == "report.contradicts"


def test_a_refused_report_leaves_nothing_and_may_be_mended_under_its_id(world: World) -> None:
    key = new_id()
    with pytest.raises(DomainError):
        send_report(world, key, class_key="E0000")
    assert Delivery.objects.count() == 0
    assert send_report(world, key, class_key="E0111")["repeated"] is False


def test_a_photo_goes_to_its_report_once(world: World) -> None:
    report, photo = new_id(), new_id()
    send_report(world, report)
    first = send_photo(world, photo, report=report)
    again = send_photo(world, photo, report=report)
    assert (first["repeated"], again["repeated"]) == (False, True)
    row = Photo.objects.get()
    assert (row.report_id, row.pk) == (Report.objects.get().pk, again["photo_id"])


def test_a_photo_before_its_report_waits(world: World) -> None:
    with pytest.raises(Conflict) as error:
        send_photo(world, new_id(), report=new_id())
    assert error.value.code == "delivery.report_first"


def test_another_workers_report_is_not_mine(world: World) -> None:
    key = new_id()
    send_report(world, key, who="worker_east", n=2)
    with pytest.raises(Conflict):
        send_photo(world, new_id(), report=key)


def test_a_move_sent_twice_is_made_once(world: World) -> None:
    case, key = to_check(world), new_id()
    first = move(world, key, "confirm", number=case.number, inputs={"text": "属实"})
    again = move(world, key, "confirm", number=case.number, inputs={"text": "属实"})
    assert (first["state"], again["state"], again["repeated"]) == ("reported", "reported", True)
    assert Event.objects.filter(kind="case.confirm").count() == 1


def test_a_move_made_long_ago_says_so(world: World) -> None:
    case = to_check(world)
    move(world, new_id(), "confirm", number=case.number, at=world.now - 20 * MINUTE)
    event = Event.objects.get(kind="case.confirm")
    assert "09:40" in (event.private or "")


def test_on_the_spot_goes_from_report_to_verified_and_no_department_is_asked(world: World) -> None:
    report, photo = new_id(), new_id()
    send_report(world, report, on_the_spot=True)
    send_photo(world, photo, report=report, stage="after")
    answer = move(world, new_id(), "settle", report=report, photos=[photo],
                  inputs={"text": "已清走", "condition_id": default_condition()})  # fmt: skip
    assert answer["state"] == "verified"
    assert Case.objects.get().tasks.count() == 0


def test_a_report_not_settled_is_dispatched_as_ever(world: World) -> None:
    assert send_report(world, new_id())["state"] == "dispatched"


def test_a_move_whose_photo_has_not_come_is_refused(world: World) -> None:
    case = to_check(world)
    with pytest.raises(Conflict) as error:
        move(world, new_id(), "confirm", number=case.number, photos=[new_id()])
    assert error.value.code == "delivery.photo_first"
    assert Delivery.objects.filter(kind="move").count() == 0


def test_a_move_on_a_case_of_another_community_is_unknown(world: World) -> None:
    case = to_check(world)
    with pytest.raises(DomainError) as error:
        move(world, new_id(), "confirm", number=case.number, who="worker_east")
    assert error.value.code == "case.unknown"


def test_an_item_of_another_person_waits_for_that_person(world: World) -> None:
    with pytest.raises(Conflict) as error:
        commands.need_same_user(world.viewer("worker_east"), world.users["worker"].pk)
    assert error.value.code == "delivery.other_user"


@pytest.mark.parametrize("who", ["citizen", "acceptor", "handler", "system", "district"])
def test_who_is_no_grid_worker_hands_nothing_in(world: World, who: str) -> None:
    with pytest.raises(DomainError) as error:
        send_report(world, new_id(), who=who)
    assert error.value.code == "role.needed"


def at_once(path: Path | None, *acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread and a connection of its own, all let go together."""
    gate, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        if path is not None:
            connection.settings_dict = {**connection.settings_dict, "NAME": str(path)}
        gate.wait(20)
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_who_send_everything_at_once_do_it_once(now: Any, tmp_path: Path) -> None:
    from tests.world import build

    world = build(now)
    agree(world)
    case = to_check(world)
    report, photo, mark, track = new_id(), new_id(), new_id(), new_id()
    worker, picture = world.viewer("worker"), jpeg()
    patrol = set_out(world)
    points = path(world.now)
    later = world.now + 30 * MINUTE
    own = None
    if connection.vendor == "sqlite":  # in memory its readers and writers shut each other out
        own = tmp_path / "own.sqlite3"
        connection.cursor().execute("VACUUM INTO %s", [str(own)])
    rounds: list[Callable[[], Any]] = [
        lambda: send_report(world, report),
        lambda: send_photo(world, photo, data=picture, report=report),
        lambda: move(world, mark, "confirm", number=case.number),
        lambda: commands.deliver_track(
            track, patrol=patrol, points=points, actor=worker, now=later
        ),
        lambda: commands.deliver_start("start-twice-1", plan="", at=later, actor=worker, now=later),
    ]
    for act in rounds:
        answers = at_once(own, act, act)
        assert sorted(a["repeated"] for a in answers) == [False, True], answers

    def counted() -> tuple[int, ...]:
        return (
            Report.objects.filter(channel="grid").count(),
            Photo.objects.count(),
            TrackPart.objects.count(),
            Event.objects.filter(kind="case.confirm").count(),
            Patrol.objects.count(),
        )

    assert at_once(own, counted) == [(1, 1, 1, 1, 2)]
