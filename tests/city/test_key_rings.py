"""Changing the keys of sealed fields: everything stays readable, at every moment."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from tests.conftest import REPO
from tests.world import World, centre

from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport, NewReporter
from cityloop.business.cases.models import Reporter
from cityloop.business.notify.commands import create_webhook
from cityloop.business.notify.models import Webhook
from cityloop.business.notify.secrets import opened
from cityloop.city import key_rings
from cityloop.city.accounts.domain import PUBLIC, SYSTEM
from cityloop.city.key_rings import (
    OTHER,
    Resealed,
    add_key,
    forget_key,
    key_ring,
    reseal,
    ring_names,
    standing,
)
from cityloop.engines.sealing import KeyRing
from cityloop.kernel.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of this test alone."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    monkeypatch.delenv("CITYLOOP_KEYS", raising=False)


def reported(n: int, now: datetime) -> None:
    lon, lat = centre(0)
    who = NewReporter(name=f"张{n}", phone=f"1380013800{n}")
    new = NewReport("hotline", f"r{n}", text="路灯不亮", lon=lon, lat=lat, reporter=who)
    receive(new, actor=PUBLIC, now=now)


def names() -> list[str]:
    ring = key_ring("reporters")
    rows = Reporter.objects.order_by("pk")
    return [ring.unseal(r.name, context=f"reporter:{r.report_id}:name") for r in rows]


def test_a_new_key_seals_at_once_and_the_old_values_still_open(world: World, now: datetime) -> None:
    reported(1, now)
    old = standing("reporters").current
    new = add_key("reporters", now=now)
    reported(2, now)
    assert standing("reporters").values == {old: 2, new: 2}
    assert names() == ["张1", "张2"]


def test_resealing_that_was_ended_goes_on_where_it_stood(world: World, now: datetime) -> None:
    for n in range(5):
        reported(n, now)
    old, new = standing("reporters").current, add_key("reporters", now=now)
    next(reseal("reporters", Resealed(), batch=2))  # killed after its first batch
    assert standing("reporters").values == {old: 6, new: 4}
    assert names() == [f"张{n}" for n in range(5)]
    done = Resealed()
    assert sum(reseal("reporters", done, batch=2)) == done.values == 6
    assert standing("reporters").values == {old: 0, new: 10}
    assert names() == [f"张{n}" for n in range(5)]
    index = key_ring("reporters").blind_index("13800138003", "phone")
    assert Reporter.objects.filter(phone_index=index).count() == 1


def test_a_key_is_forgotten_only_when_it_seals_nothing(world: World, now: datetime) -> None:
    reported(1, now)
    old = standing("reporters").current
    for key in (old, add_key("reporters", now=now)):
        with pytest.raises(Conflict, match="keys rotate"):
            forget_key("reporters", key, now=now)
    list(reseal("reporters", Resealed()))
    forget_key("reporters", old, now=now)
    assert list(standing("reporters").values) == [key_ring("reporters").current]
    assert names() == ["张1"]


def test_an_erased_reporter_stays_erased(world: World, now: datetime) -> None:
    reported(1, now)
    Reporter.objects.update(name="", phone="", contact="", phone_index="")
    add_key("reporters", now=now)
    assert list(reseal("reporters", Resealed())) == []
    assert set(Reporter.objects.values_list("name", "phone")) == {("", "")}


def test_a_value_that_does_not_open_is_named_and_left(world: World, now: datetime) -> None:
    for n in range(2):
        reported(n, now)
    first, second = Reporter.objects.order_by("pk")
    Reporter.objects.filter(pk=first.pk).update(name=KeyRing.new().seal("x", context="y"))
    add_key("reporters", now=now)
    done = Resealed()
    list(reseal("reporters", done))
    assert done.broken == [(f"reporter:{first.report_id}:name", "sealing.wrong_key")]
    assert standing("reporters").values[OTHER] == 1
    second.refresh_from_db()
    assert key_ring("reporters").is_current(second.name)


def test_the_command_rotates_every_ring_and_the_secrets_still_sign(now: datetime) -> None:
    webhook, secret = create_webhook("x", "https://a.example/", ["*"], actor=SYSTEM, now=now)
    before = {name: key_ring(name).current for name in ring_names()}
    said = StringIO()
    with pytest.raises(SystemExit, match="0"):
        call_command("keys", "rotate", stdout=said)
    after = {name: key_ring(name).current for name in ring_names()}
    assert before.keys() == {"persons", "reporters", "webhooks"} and not (
        {*before.values()} & {*after.values()}
    )
    row = Webhook.objects.get(pk=webhook.pk)
    assert key_ring("webhooks").is_current(row.secret)
    assert opened(row.secret, row.pk) == secret
    assert "webhooks: 重新加密 resealed 1\n" in said.getvalue()
    assert after["webhooks"] in said.getvalue()


def test_a_ring_of_the_environment_is_resealed_but_not_changed(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing.new()
    monkeypatch.setenv("CITYLOOP_KEYS", ring.text)
    webhook, secret = create_webhook("x", "https://a.example/", ["*"], actor=SYSTEM, now=now)
    with pytest.raises(Conflict, match="keys next"):
        add_key("webhooks", now=now)
    said = StringIO()
    call_command("keys", "next", stdout=said)
    following = KeyRing.parse(said.getvalue())
    assert {*ring.key_ids} < {*following.key_ids} and following.current != ring.current
    monkeypatch.setenv("CITYLOOP_KEYS", following.text)
    assert sum(reseal("webhooks", Resealed())) == 1
    row = Webhook.objects.get(pk=webhook.pk)
    assert following.is_current(row.secret) and opened(row.secret, row.pk) == secret


def test_what_is_no_ring_or_no_key_is_refused_with_what_there_is(now: datetime) -> None:
    for act in (
        lambda: standing("nobody"),
        lambda: forget_key("webhooks", "k0", now=now),
        lambda: forget_key("webhooks", "index", now=now),
    ):
        with pytest.raises(DomainError, match=r"webhooks|k[0-9a-f]{10}"):
            act()


@pytest.mark.once
def test_every_app_that_seals_has_registered_its_columns() -> None:
    """A column nobody registered would be lost with its key."""
    code = REPO / "src/cityloop"
    seals = {
        path.relative_to(code).parts[:2]
        for path in code.rglob("*.py")
        if ".seal(" in path.read_text("utf-8") and path.relative_to(code).parts[0] != "engines"
    }
    ring_names()
    registered = {tuple(m.__module__.split(".")[1:3]) for m in key_rings._sealed}
    assert seals == registered
