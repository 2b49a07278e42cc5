"""What staff are told: of models and warnings, each for oneself, read when it was seen."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests.world import SUBDISTRICT, World

from cityloop.ai.forecasts.models import EarlyWarning
from cityloop.ai.registry.domain import Mode
from cityloop.ai.registry.models import Rollout
from cityloop.business.notify.commands import read_up_to, tell_of_stop, tell_of_warning
from cityloop.business.notify.domain import STAFF_KINDS, checked_kinds
from cityloop.business.notify.models import StaffNotice
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.domain import EventView
from cityloop.kernel.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db


def event(world: World, kind: str, subject: int, **data: object) -> EventView:
    return EventView(7, 7, world.now, kind, "x", subject, "system", None, data)


def told(world: World) -> set[str]:
    ids = set(StaffNotice.objects.values_list("user_id", flat=True))
    return {name for name, user in world.users.items() if user.pk in ids}


def warn(world: World, area: str) -> None:
    row = EarlyWarning.objects.create(
        day=world.now.date(), area_id=world.area(area), topic="", horizon=2, made_at=world.now,
        chance=0.71, mean=40.0, low=30.0, high=52.0, line=45.0,
        reasons=[["暴雨预警：过去 4 天", "Rain warning: on 4 days"]],
    )  # fmt: skip
    data = {"area": row.area_id, "topic": ""}
    tell_of_warning(event(world, "forecast.warned", row.pk, **data), now=world.now)


def test_a_warning_is_told_to_the_area_and_above_with_its_reason(world: World) -> None:
    warn(world, SUBDISTRICT)
    assert told(world) == {"dispatcher", "analyst", "subdistrict", "district"}
    one = StaffNotice.objects.all()[0]
    assert one.link == "/forecasts/" and "暴雨预警" in one.text_zh and "71%" in one.text_zh
    assert "Rain warning" in one.text_en and "more than 45" in one.text_en


def test_what_happened_long_ago_is_told_to_nobody(world: World) -> None:
    Rollout.objects.create(kind="class", model="class-3", mode=Mode.STOPPED, promise=0.9,
                           begun_at=world.now)  # fmt: skip
    old = event(world, "model.stopped", 1, model="class-3")
    tell_of_stop(old, now=world.now + timedelta(days=4))
    assert not StaffNotice.objects.exists()


def test_a_stopped_model_is_told_to_who_may_let_one_in(world: World) -> None:
    Rollout.objects.create(
        kind="class", model="class-3", mode=Mode.STOPPED, promise=0.95, begun_at=world.now,
        why_zh="核对正确率 50/100", why_en="accuracy 50/100",
    )  # fmt: skip
    tell_of_stop(event(world, "model.stopped", 1, model="class-3"), now=world.now)
    assert told(world) == {"analyst", "system"}
    assert "核对正确率 50/100" in StaffNotice.objects.all()[0].text_zh


def test_told_twice_is_there_once_and_read_when_it_was_seen(world: World, client: Client) -> None:
    warn(world, SUBDISTRICT)
    row = EarlyWarning.objects.get()
    again = event(world, "forecast.warned", row.pk, area=row.area_id, topic="")
    tell_of_warning(again, now=world.now)
    assert StaffNotice.objects.filter(user=world.users["dispatcher"]).count() == 1

    client.force_login(world.users["dispatcher"])
    mine = client.get("/api/v1/notices/mine").json()
    assert (len(mine["items"]), mine["unread"]) == (1, 1)
    body = json.dumps({"up_to": mine["items"][0]["id"]})
    read = client.post("/api/v1/notices/mine/read", body, "application/json").json()
    assert read["unread"] == 0 and read["items"][0]["read_at"]
    assert StaffNotice.objects.get(user=world.users["analyst"]).read_at is None


def test_a_token_is_told_nothing_and_an_unknown_kind_is_named(world: World) -> None:
    token = Viewer("token", user_id=world.users["analyst"].pk)
    with pytest.raises(NotAllowed):
        read_up_to(1, actor=token, now=world.now)
    with pytest.raises(DomainError, match=r"issue\.alarms"):
        checked_kinds(["issue.alarms"])
    assert checked_kinds(STAFF_KINDS) == set(STAFF_KINDS)
