"""A receiver tested now, and one delivery sent again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cityloop.business.notify.commands import (
    change_webhook,
    create_webhook,
    forget_deliveries,
    old_deliveries,
    redeliver_one,
    test_webhook,
)
from cityloop.business.notify.domain import signature
from cityloop.business.notify.models import Delivery
from cityloop.business.notify.queries import deliveries
from cityloop.city.accounts.domain import Holding, Role, Viewer
from cityloop.city.jobs.models import Job
from cityloop.kernel.errors import NotFound

test_webhook.__test__ = False  # type: ignore[attr-defined]  # the command, not a test
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)
ADMIN = Viewer("person", 1, holdings=(Holding(Role.SYSTEM_ADMIN),))


def made(url: str) -> tuple[int, str]:
    webhook, secret = create_webhook("x", url, ["case.*"], actor=ADMIN, now=NOW)
    return webhook.pk, secret


def delivery(webhook_id: int, n: int, state: str) -> Delivery:
    return Delivery.objects.create(
        webhook_id=webhook_id, position=n, kind="case.close", message_id=f"m{n}", body="{}",
        state=state, created_at=NOW,
    )  # fmt: skip


def test_a_test_is_signed_like_any_message_and_not_kept(receiver) -> None:
    pk, secret = made(receiver.url)
    done = test_webhook(pk, actor=ADMIN, now=NOW)
    assert (done.ok, done.status, done.answer) == (True, 200, "answer")
    [(headers, body)] = receiver.got
    assert headers["webhook-signature"] == signature(secret, headers["webhook-id"], NOW, body)
    assert not Delivery.objects.exists()


def test_a_receiver_that_refuses_or_is_away_is_told_so(receiver) -> None:
    pk, _ = made(receiver.url)
    receiver.answers = [500]
    assert (test_webhook(pk, actor=ADMIN, now=NOW).ok, len(receiver.got)) == (False, 1)
    change_webhook(pk, url="http://localhost:9/nowhere", actor=ADMIN, now=NOW)
    away = test_webhook(pk, actor=ADMIN, now=NOW)
    assert (away.ok, away.status, bool(away.answer)) == (False, None, True)


def test_one_delivery_is_queued_again_once(receiver) -> None:
    pk, _ = made(receiver.url)
    row = delivery(pk, 1, "dead")
    assert redeliver_one(row.pk, actor=ADMIN, now=NOW) == 1
    assert redeliver_one(row.pk, actor=ADMIN, now=NOW) == 0, "it waits already"
    assert Job.objects.filter(kind="notify.deliver", state="waiting").count() == 1
    with pytest.raises(NotFound):
        redeliver_one(row.pk + 1, actor=ADMIN, now=NOW)


def test_the_log_reads_from_the_newest(receiver) -> None:
    pk, _ = made(receiver.url)
    rows = [delivery(pk, n, "delivered") for n in range(3)]
    newest = list(deliveries(ADMIN, webhook_id=pk, before=0, limit=2))
    rest = list(deliveries(ADMIN, webhook_id=pk, before=newest[-1].pk))
    assert [*newest, *rest] == rows[::-1]


def test_what_waits_is_never_forgotten(receiver) -> None:
    pk, _ = made(receiver.url)
    for n, state in enumerate(("waiting", "delivered", "dead")):
        delivery(pk, n, state)
    later = datetime(2027, 8, 5, tzinfo=UTC)
    assert old_deliveries(later) == 2
    assert forget_deliveries(later, limit=10) == 2
    assert [d.state for d in Delivery.objects.all()] == ["waiting"]
