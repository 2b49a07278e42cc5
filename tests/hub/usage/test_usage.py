"""Counts of people, and what is kept back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from cityloop.city.accounts.models import User
from cityloop.hub.usage.commands import KEEP_DAYS, add_uses, fold_days
from cityloop.hub.usage.counting import Counter, Key
from cityloop.hub.usage.middleware import NoteUse
from cityloop.hub.usage.models import DayFigure, Use
from cityloop.hub.usage.queries import own_history, usage
from cityloop.hub.usage.waiting import unanswered
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import unclassed
from tests.world import World

TODAY = date(2026, 3, 16)


def people(world: World, n: int) -> list[int]:
    made = [User.objects.create_user(f"u{i}") for i in range(n)]
    return [u.pk for u in made]


def used(users: list[int], function: str, day: date = TODAY, n: int = 1) -> None:
    add_uses({(day, u, "acceptor", function): n for u in users})


def function(shown: dict[str, Any], key: str) -> dict[str, Any]:
    return next(f for f in shown["functions"] if f["key"] == key)


def test_the_same_use_twice_adds_up(world: World) -> None:
    users = people(world, 1)
    used(users, "file", n=2)
    used(users, "file", n=3)
    assert list(Use.objects.values_list("uses", flat=True)) == [5]


def test_a_function_shows_its_people_but_not_a_few(world: World, now: datetime) -> None:
    users = people(world, 5)
    used(users, "file", n=2)
    used(users[:4], "merge")

    shown = usage(world.viewer("district"), now=now)

    filing = function(shown, "file")
    assert (filing["people"], filing["uses"], filing["few"]) == (5, 10, False)
    assert filing["posts"] == [{"role": "acceptor", "people": 5}]
    merging = function(shown, "merge")
    assert (merging["people"], merging["uses"], merging["few"]) == (None, None, True)
    assert merging["posts"] == []
    unused = function(shown, "urge")
    assert (unused["people"], unused["last"]) == (0, None)


def test_posts_leave_no_small_rest_to_subtract(world: World, now: datetime) -> None:
    users = people(world, 13)
    used(users[:7], "file")
    add_uses({(TODAY, u, "dispatcher", "file"): 1 for u in users[7:12]})
    add_uses({(TODAY, users[12], "analyst", "file"): 1})
    shown = function(usage(world.viewer("district"), now=now), "file")
    assert shown["people"] == 13
    assert shown["posts"] == [{"role": "acceptor", "people": 7}]  # with 5 more, one would be left


def test_days_before_the_period_do_not_count(world: World, now: datetime) -> None:
    used(people(world, 6), "file", TODAY - timedelta(days=7))
    assert function(usage(world.viewer("analyst"), now=now, days=7), "file")["people"] == 0
    assert function(usage(world.viewer("analyst"), now=now, days=8), "file")["people"] == 6


def test_only_those_who_answer_for_it_read_the_figures(world: World, now: datetime) -> None:
    for name in ("acceptor", "worker", "lead", "community", "audit"):
        with pytest.raises(NotAllowed) as refused:
            usage(world.viewer(name), now=now)
        assert refused.value.code == "usage.not_yours"


def test_everybody_reads_the_own_history_alone(world: World, now: datetime) -> None:
    me, other = world.users["acceptor"].pk, world.users["worker"].pk
    used([me], "file", n=4)
    used([other], "comment", n=9)

    mine = own_history(world.viewer("acceptor"), now=now)

    assert next(i for i in mine["items"] if i["key"] == "file")["uses"] == 4
    assert next(i for i in mine["items"] if i["key"] == "comment")["uses"] == 0


def test_rows_of_persons_become_counts_of_the_day(world: World, now: datetime) -> None:
    users = people(world, 3)
    old = TODAY - timedelta(days=KEEP_DAYS + 1)
    used(users, "file", old, n=2)
    used(users, "file")

    assert fold_days(now=now) == 3

    assert list(DayFigure.objects.values_list("day", "people", "uses")) == [(old, 3, 6)]
    assert Use.objects.count() == 3
    assert fold_days(now=now) == 0


def test_who_never_logs_in_is_counted_by_department_without_names(
    world: World, now: datetime
) -> None:
    shown = usage(world.viewer("system"), now=now)["silent"]

    # Fifteen people of the small city at their posts, no group of five: one row for all.
    assert [(g["department_id"], g["people"], g["away"]) for g in shown] == [(None, 15, 15)]
    User.objects.filter(username="t_worker").update(last_login=now - timedelta(days=2))
    assert usage(world.viewer("system"), now=now)["silent"][0]["away"] == 14


def test_a_case_without_a_move_is_unanswered(world: World, now: datetime) -> None:
    number = unclassed(world).number
    viewer = world.viewer("district")

    assert unanswered(viewer, now=now + timedelta(hours=23))["total"] == 0
    found = unanswered(viewer, now=now + timedelta(hours=25))

    assert [i["number"] for i in found["items"]] == [number]
    assert sum(s["unanswered"] for s in found["stages"]) == 1
    assert unanswered(world.viewer("system"), now=now + timedelta(hours=25))["total"] == 0


def test_calls_of_people_at_their_posts_are_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Key] = []
    counts = Counter(noted.extend, every_s=3600)
    monkeypatch.setattr(NoteUse.__init__, "__defaults__", (counts,))
    counts.start()
    try:
        for name in ("acceptor", "citizen"):
            client = Client()
            client.force_login(world.users[name])
            assert client.get("/api/v1/cases").status_code == 200
            assert client.get("/api/v1/cases/none").status_code == 404
    finally:
        counts.stop()

    assert [(k[1], k[2], k[3]) for k in noted] == [
        (world.users["acceptor"].pk, "acceptor", "cases.list")
    ]


def test_the_api_answers_who_may_read(world: World) -> None:
    client = Client()
    client.force_login(world.users["district"])
    for path in ("", "/mine", "/unanswered?hours=2"):
        assert client.get(f"/api/v1/usage{path}").status_code == 200
    client.force_login(world.users["worker"])
    assert client.get("/api/v1/usage").status_code == 403
    assert client.get("/api/v1/usage/mine").status_code == 200
