import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cityloop.business.notify import receivers, tasks
from cityloop.business.notify.commands import change_webhook, create_webhook, redeliver
from cityloop.business.notify.domain import MAX_ATTEMPTS, signature
from cityloop.business.notify.models import Delivery, Webhook
from cityloop.business.notify.queries import deliveries, webhooks
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.audit import followers
from cityloop.city.audit.commands import Draft, record_many
from cityloop.city.audit.followers import Follower
from cityloop.city.audit.models import Event
from cityloop.city.db import write
from cityloop.city.jobs import registry, run
from cityloop.city.jobs.models import Job
from cityloop.city.jobs.registry import JobKind
from cityloop.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)
ADMIN = Viewer("person", 1, holdings=(Holding(Role.SYSTEM_ADMIN),))


@pytest.fixture(autouse=True)
def only_webhooks(monkeypatch) -> Iterator[None]:
    """The platform with this follower and this job alone."""
    one = Follower("webhooks", receivers.tell_other_systems, 500)
    kind = JobKind("notify.deliver", tasks.deliver_one, True, 60)
    monkeypatch.setattr(followers, "FOLLOWERS", {"webhooks": one})
    for module in (registry, run):
        monkeypatch.setattr(module, "JOBS", {kind.kind: kind})
        monkeypatch.setattr(module, "PERIODIC", {})
        monkeypatch.setattr(module, "load", lambda: None)
    yield


def hook(url: str, kinds: tuple[str, ...] = ("case.*",)) -> tuple[Webhook, str]:
    return create_webhook("other", url, list(kinds), actor=ADMIN, now=NOW)


def happen(*kinds: str) -> None:
    with write():
        drafts = [Draft(k, "case", 7, {"case": 7, "number": "C7"}, {"text": "王五"}) for k in kinds]
        record_many(drafts, actor=SYSTEM, now=NOW)


def work(now: datetime = NOW) -> None:
    run.run_until_quiet(now)


def test_event_is_delivered_signed_and_without_free_text(receiver):
    _, secret = hook(receiver.url)
    happen("case.close", "user.login")
    work()
    [(headers, body)] = receiver.got
    told = json.loads(body)
    assert (told["type"], told["data"]) == ("case.close", {"case": 7, "number": "C7"})
    assert "王五" not in body.decode()
    assert headers["webhook-signature"] == signature(secret, headers["webhook-id"], NOW, body)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 200)


def test_secret_is_not_kept_in_the_clear(receiver):
    webhook, secret = hook(receiver.url)
    assert secret.removeprefix("whsec_") not in Webhook.objects.get(pk=webhook.pk).secret


def test_failing_receiver_is_tried_again_with_the_same_id(receiver):
    hook(receiver.url)
    receiver.answers = [500, 503]
    happen("case.close")
    now = NOW
    for _ in range(4):
        work(now)
        now += timedelta(minutes=2)
    ids = {headers["webhook-id"] for headers, _ in receiver.got}
    assert (len(receiver.got), len(ids)) == (3, 1)
    assert Delivery.objects.get().state == "delivered"
    assert Webhook.objects.get().failures == 0


def test_dead_receiver_ends_in_the_list_and_redelivery_arrives(receiver):
    webhook, _ = hook(receiver.url)
    receiver.answers = [500] * MAX_ATTEMPTS
    happen("case.close")
    now = NOW
    for _ in range(MAX_ATTEMPTS + 2):
        work(now)
        now += timedelta(hours=2)
    [dead] = deliveries(ADMIN, state="dead")
    assert (dead.attempts, dead.last_status, dead.last_error) == (MAX_ATTEMPTS, 500, "answer")
    assert [(w.dead, w.waiting) for w in webhooks(ADMIN)] == [(1, 0)]
    assert redeliver(webhook.pk, actor=ADMIN, now=now) == 1
    work(now)
    assert Delivery.objects.get().state == "delivered"
    assert not Job.objects.filter(state="dead").exists()


def test_gone_receiver_is_switched_off(receiver):
    hook(receiver.url)
    receiver.answers = [410]
    happen("case.close")
    work()
    assert not Webhook.objects.get().active
    assert Delivery.objects.get().state == "dead"
    happen("case.close")
    work()
    assert len(receiver.got) == 1


def test_switched_off_webhook_waiting_deliveries_are_kept_as_dead(receiver):
    webhook, _ = hook(receiver.url)
    receiver.answers = [500]
    happen("case.close")
    work()
    change_webhook(webhook.pk, active=False, actor=ADMIN, now=NOW)
    work(NOW + timedelta(hours=1))
    assert Delivery.objects.get().state == "dead"
    change_webhook(webhook.pk, active=True, actor=ADMIN, now=NOW)
    redeliver(webhook.pk, actor=ADMIN, now=NOW + timedelta(hours=1))
    work(NOW + timedelta(hours=1))
    assert Delivery.objects.get().state == "delivered"


def test_private_address_is_not_called_and_the_reason_is_kept(receiver, settings):
    hook(receiver.url)
    settings.OUTBOUND_NETWORKS = []
    happen("case.close")
    work()
    assert receiver.got == []
    assert "not public" in Delivery.objects.get().last_error


def test_follower_that_runs_again_after_a_crash_delivers_once(receiver, monkeypatch):
    hook(receiver.url)
    happen("case.close")
    with monkeypatch.context() as patch:
        patch.setattr(receivers, "add_deliveries", lambda events, now: 1 / 0)
        work()
    assert Delivery.objects.count() == 0
    work(NOW + timedelta(minutes=1))
    assert len(receiver.got) == 1


@pytest.mark.parametrize("kinds", [[], ["case"], ["case.close; drop"], ["*.close"]])
def test_create_with_wrong_kinds_is_refused(kinds):
    with pytest.raises(DomainError) as refused:
        create_webhook("x", "https://a.example/", kinds, actor=ADMIN, now=NOW)
    assert refused.value.code == "webhook.kinds"


def test_create_by_anybody_else_is_refused():
    for role in set(Role) - {Role.SYSTEM_ADMIN, Role.HANDLER, Role.DEPARTMENT_LEAD}:
        other = Viewer("person", 2, holdings=(Holding(role),))
        with pytest.raises(DomainError) as refused:
            create_webhook("x", "https://a.example/", ["*"], actor=other, now=NOW)
        assert refused.value.status == 403
    assert not Event.objects.exists()
