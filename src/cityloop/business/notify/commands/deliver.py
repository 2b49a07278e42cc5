"""Events become deliveries, and deliveries are tried until they arrive or are dead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import F

from cityloop.business.notify.commands.webhooks import want_delivery
from cityloop.business.notify.domain import headers_for, is_in_area, wants
from cityloop.business.notify.models import Delivery, Webhook
from cityloop.business.notify.outbound import post
from cityloop.business.notify.secrets import opened
from cityloop.city.audit.domain import EventView
from cityloop.city.db import allocate_ids, write
from cityloop.kernel.errors import DomainError

GONE = 410  # the receiver says: never again


def add_deliveries(events: Sequence[EventView], *, now: datetime) -> int:
    """Deliveries and jobs for the webhooks that want these events; returns how many.

    Events carry ids, codes, states and times; free text does not leave by this way.
    """
    webhooks = list(Webhook.objects.filter(active=True))
    wanted = [
        (webhook, event)
        for event in events
        for webhook in webhooks
        if wants(webhook.kinds, event.kind) and is_in_area(event.data, webhook.area_id)
    ]
    ids = allocate_ids(Delivery, len(wanted))
    rows = [
        Delivery(
            id=pk,
            webhook=webhook,
            position=event.position,
            kind=event.kind,
            message_id=f"msg_{webhook.pk}_{event.position}",
            body=body_of(event),
            created_at=now,
        )
        for pk, (webhook, event) in zip(ids, wanted, strict=True)
    ]
    Delivery.objects.bulk_create(rows)
    want_delivery(ids, now=now)
    return len(rows)


def body_of(event: EventView) -> str:
    """What another system reads: {"type", "timestamp", "position", "subject", "data"}."""
    told = {
        "type": event.kind,
        "timestamp": event.at.astimezone(UTC).isoformat(),
        "position": event.position,
        "subject": f"{event.subject_type}:{event.subject_id}",
        "data": event.data,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def deliver(delivery_id: int, *, now: datetime) -> None:
    """One attempt. What arrived already is not sent again by us; a crash in between may.

    Raises: DomainError("webhook.refused", "outbound.…") to be tried again.
    """
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id).first()
    if delivery is None or delivery.state != "waiting":
        return
    webhook, body = delivery.webhook, delivery.body.encode()
    if not webhook.active:
        _end(delivery, "dead", now, error="the webhook is switched off")
        return
    _note_attempt(delivery, now)
    try:
        secret = opened(webhook.secret, webhook.pk)
        answer = post(webhook.url, body, headers_for(secret, delivery.message_id, now, body))
    except DomainError as error:
        _note_failure(delivery, None, error.en)
        raise
    if answer.is_good:
        _end(delivery, "delivered", now, status=answer.status)
        return
    _note_failure(delivery, answer.status, answer.text)
    if answer.status == GONE:
        _switch_off(delivery, now)
        return
    raise DomainError(
        "webhook.refused",
        f"{webhook.name} answered {answer.status}: {answer.text[:200]}",
        f"{webhook.name} 返回 {answer.status}：{answer.text[:200]}",
        status=502,
    )


def _note_attempt(delivery: Delivery, now: datetime) -> None:
    with write():
        Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1, tried_at=now)


def _note_failure(delivery: Delivery, status: int | None, error: str) -> None:
    with write():
        Delivery.objects.filter(pk=delivery.pk).update(last_status=status, last_error=error[:500])
        Webhook.objects.filter(pk=delivery.webhook_id).update(failures=F("failures") + 1)


def _end(
    delivery: Delivery, state: str, now: datetime, *, status: int | None = None, error: str = ""
) -> None:
    with write():
        arrived = now if state == "delivered" else None
        Delivery.objects.filter(pk=delivery.pk).update(
            state=state, last_status=status, last_error=error, delivered_at=arrived
        )
        if state == "delivered":
            Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0)


def _switch_off(delivery: Delivery, now: datetime) -> None:
    with write():
        Webhook.objects.filter(pk=delivery.webhook_id).update(active=False)
    _end(delivery, "dead", now, status=GONE, error="410: the receiver wants no more")


def bury_deliveries(events: Sequence[EventView]) -> None:
    """Deliveries whose job is dead go to the dead-letter list."""
    ids = [
        event.data["payload"]["delivery"]
        for event in events
        if event.kind == "job.dead" and event.data.get("job") == "notify.deliver"
    ]
    Delivery.objects.filter(pk__in=ids, state="waiting").update(state="dead")
