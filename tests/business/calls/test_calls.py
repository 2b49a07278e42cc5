"""Calls: several matters in one, a matter that is known already, the same caller again."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from cityloop.business.calls import commands, queries
from cityloop.business.calls.domain import likeness, parts_by_words
from cityloop.business.calls.receivers import tell
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.following import followed_case
from cityloop.business.cases.models import Case, Report
from cityloop.business.notify.models import StaffNotice
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from tests.business.cases.stories import Walk, received
from tests.world import PEOPLE, World, centre

CALLER = NewReporter(name="钱合成", phone="13900000000")
KEY = "a-key-made-by-the-page"
WASTE = "门口又堆了建筑垃圾，三天没人管"


def matter(n: int | None = None, **given: Any) -> dict[str, Any]:
    lon, lat = centre(n) if n is not None else (None, None)
    plain = {"text": WASTE, "address": "", "lon": lon, "lat": lat, "crs": "wgs84",
             "class_key": "E0111", "joins": "", "follow_key": ""}  # fmt: skip
    return {**plain, **given}


def take(world: World, *matters: dict[str, Any], call: str = "call-0001", who: str = "operator",
         at: int = 60) -> list[dict[str, Any]]:  # fmt: skip
    now = world.now + timedelta(minutes=at)
    actor = world.viewer(who)
    return commands.take_call(call, matters, reporter=CALLER, actor=actor, now=now)


@pytest.mark.parametrize(
    ("title", "same", "metres", "likely"),
    [
        ("路边堆着建筑垃圾", True, 20.0, True),  # here, the same class, the same words
        ("路灯不亮", False, 20.0, False),  # only here
        ("路边堆着建筑垃圾", True, 290.0, False),  # at the other end of the street
        ("路边堆着建筑垃圾", True, None, False),  # somewhere in the community
    ],
)
def test_an_open_case_is_likely_the_same_by_place_class_and_words(
    title: str, same: bool, metres: float | None, likely: bool
) -> None:
    assert likeness(WASTE, title, same_class=same, metres=metres).likely is likely


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("路灯坏了三天看不见路。另外楼下垃圾桶满了。还有工地半夜施工，没法睡觉。", 3),
        ("1、楼下路灯不亮很久了。2、垃圾桶满了没人清运。", 2),
        ("The lamp is out at the gate. Another thing: the bin is full again.", 2),
        ("您好！另外楼下垃圾桶满了没人清运。", 1),  # a greeting is no matter
        ("和平路15.5米处井盖破损，直径约1.2米。另外快点。", 1),
        ("", 1),
    ],
)
def test_matters_are_cut_where_the_caller_goes_on_to_another(text: str, parts: int) -> None:
    found = parts_by_words(text)
    assert max(len(found), 1) == parts
    said = re.sub("另外|还有| ", "", text)
    assert not found or re.sub("另外|还有| ", "", "".join(found)) == said, "nothing is left out"


@pytest.mark.django_db
def test_a_call_with_two_matters_makes_two_cases_and_is_not_doubled(world: World) -> None:
    sent = [matter(0), matter(2, text="路灯三天不亮了，晚上看不见路", class_key="")]
    rows = take(world, *sent)
    again = take(world, *sent, at=61)
    numbers = [row["number"] for row in rows]
    assert len(set(numbers)) == 2
    assert [row["problem"] for row in rows] == [None, None]
    assert [row["number"] for row in again] == numbers
    assert Report.objects.filter(channel="hotline").count() == 2


@pytest.mark.django_db
def test_a_matter_that_is_a_case_already_joins_it_and_its_caller_follows_that_one(
    world: World,
) -> None:
    known = Walk(world, Case.objects.get(pk=received(world).case_id)).case
    row = take(world, matter(0, joins=known.number, follow_key=KEY))[0]
    assert (row["joined"], row["problem"]) == (known.number, None)
    assert row["number"] != known.number, "the caller has a number of their own"
    assert Case.objects.get(pk=known.pk).report_count == 2
    assert followed_case(KEY, now=world.now)["merged_into"] == known.number
    again = take(world, matter(0, joins=known.number, follow_key=KEY), at=61)[0]
    assert again == row


@pytest.mark.django_db
def test_a_matter_whose_case_is_not_there_stands_alone_and_says_why(world: World) -> None:
    row = take(world, matter(0, joins="20990101000001"))[0]
    assert row["number"]
    assert row["joined"] is None
    assert row["problem"]["code"] == "merge.unknown_target"


@pytest.mark.django_db
def test_an_empty_matter_is_refused_and_nothing_of_the_call_comes_in(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        take(world, matter(0), matter(1, text=" "))
    assert refused.value.code == "call.empty"
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_what_a_repeat_caller_says_stands_in_the_case_until_it_ends(world: World) -> None:
    walk = Walk(world, Case.objects.get(pk=received(world, follow_key=KEY).case_id))
    operator = world.viewer("operator")
    told = commands.say_again(walk.case.number, "第三次打来，还没人来", actor=operator,
                              now=world.now)  # fmt: skip
    assert told["number"] == walk.case.number
    said = [s["text"] for s in followed_case(KEY, now=world.now)["steps"] if s["kind"] == "said"]
    assert said == ["第三次打来，还没人来"]
    Case.objects.filter(pk=walk.case.pk).update(state="evaluated", due_at=None, timer_at=None)
    with pytest.raises(Conflict):
        commands.say_again(walk.case.number, "又来了", actor=operator, now=world.now)
    with pytest.raises(NotFound):
        commands.say_again("20990101000001", "又来了", actor=operator, now=world.now)


@pytest.mark.django_db
def test_what_is_heard_names_the_place_the_handler_the_limit_and_the_open_case(
    world: World,
) -> None:
    known = received(world)  # in the first cell
    heard = queries.hear(world.viewer("operator"), **_asked(matter(0)), now=world.now)
    assert heard["place"]["area_zh"] == "和安街道永宁社区"
    assert heard["handling"]["department_zh"]
    assert heard["handling"]["limit_zh"]
    assert [(one["number"], one["metres"], one["likely"]) for one in heard["alike"]] == [
        (known.number, 0, True)
    ]
    far = queries.hear(world.viewer("operator"), **_asked(matter(3)), now=world.now)
    assert far["alike"] == []
    nowhere = queries.hear(world.viewer("operator"), **_asked(matter()), now=world.now)
    assert (nowhere["place"], nowhere["alike"]) == (None, [])


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted({name for name, *_ in PEOPLE} - {"operator", "acceptor"}))
def test_calls_are_taken_by_operators_and_acceptors_alone(world: World, who: str) -> None:
    viewer = world.viewer(who)
    with pytest.raises(NotAllowed):
        take(world, matter(0), who=who)
    with pytest.raises(NotAllowed):
        queries.hear(viewer, **_asked(matter(0)), now=world.now)
    with pytest.raises(NotAllowed):
        commands.say_again("1", "x", actor=viewer, now=world.now)
    assert not Report.objects.exists()


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in {"joins", "follow_key"}}


@pytest.mark.django_db
def test_who_asks_again_about_an_overdue_case_reaches_its_department_and_supervisors_once_a_day(
    world: World,
) -> None:
    case = Walk(world, Case.objects.get(pk=received(world).case_id)).case
    told = _told_of(world, case, alert="late", at=world.now)
    assert told == {"handler", "lead", "community", "subdistrict", "district"}
    assert _told_of(world, case, alert="late", at=world.now + timedelta(hours=2)) == set()
    assert _told_of(world, case, alert="late", at=world.now + timedelta(days=2)) == told
    assert _told_of(world, case, alert="", at=world.now + timedelta(days=4)) == set()


def _told_of(world: World, case: Case, *, alert: str, at: datetime) -> set[str]:
    """Who gets a notice when the reporter says something at this moment."""
    StaffNotice.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(
        alert=alert, lead_department_id=world.department("urban")
    )
    commands.say_again(case.number, "请尽快办理", actor=world.viewer("operator"), now=at)
    said = Event.objects.filter(kind="case.said").latest("pk")
    data = json.loads(said.data) if isinstance(said.data, str) else said.data
    event = EventView(said.pk, said.pk, at, said.kind, "case", case.pk, "user", None, data)
    tell([event], at)
    ids = set(StaffNotice.objects.values_list("user_id", flat=True))
    return {name for name, user in world.users.items() if user.pk in ids}
