"""Making, changing, redelivering webhooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from cityloop.business.notify.domain import MAX_ATTEMPTS, check_secret
from cityloop.business.notify.models import Delivery, Webhook
from cityloop.business.notify.outbound import check_url
from cityloop.business.notify.rules import need_webhooks
from cityloop.business.notify.secrets import new_secret, sealed
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import allocate_ids, write
from cityloop.city.jobs.commands import enqueue_many, forget_dead
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import DomainError, NotFound

JOB = "notify.deliver"
_KIND = re.compile(r"\*|[a-z_]+\.(\*|[a-z_]+)")


def create_webhook(
    name: str,
    url: str,
    kinds: Sequence[str],
    *,
    area_id: int | None = None,
    secret: str | None = None,
    actor: Viewer,
    now: datetime,
) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown this once.

    Raises: NotAllowed("role.needed"), DomainError("outbound.url", "webhook.kinds",
        "webhook.secret", "webhook.area").
    """
    need_webhooks(actor)
    _check_area(area_id)
    secret = check_secret(secret) if secret else new_secret()
    with write():
        [pk] = allocate_ids(Webhook, 1)
        webhook = Webhook(
            id=pk,
            name=name.strip()[:80],
            url=check_url(url),
            secret=sealed(secret, pk),
            kinds=check_kinds(kinds),
            area_id=area_id,
            created_by=actor.user_id,
            created_at=now,
        )
        webhook.save(force_insert=True)
        _record("webhook.create", webhook, actor, now)
    return webhook, secret


def change_webhook(
    webhook_id: int,
    *,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    active: bool | None = None,
    actor: Viewer,
    now: datetime,
) -> Webhook:
    """Change what is given. Raises: as `create_webhook`, NotFound("webhook.unknown")."""
    need_webhooks(actor)
    with write():
        webhook = get_webhook(webhook_id, lock=True)
        if url is not None:
            webhook.url = check_url(url)
        if kinds is not None:
            webhook.kinds = check_kinds(kinds)
        if active is not None:
            webhook.active = active
            webhook.failures = 0 if active else webhook.failures
        webhook.save()
        _record("webhook.change", webhook, actor, now)
    return webhook


def redeliver(webhook_id: int, *, actor: Viewer, now: datetime, limit: int = 1_000) -> int:
    """Send the dead deliveries of a webhook again; returns how many.

    Raises: NotAllowed("role.needed"), NotFound("webhook.unknown").
    """
    need_webhooks(actor)
    with write():
        webhook = get_webhook(webhook_id, lock=True)
        dead = Delivery.objects.filter(webhook=webhook, state="dead").order_by("pk")
        ids = list(dead.values_list("pk", flat=True)[:limit])
        Delivery.objects.filter(pk__in=ids).update(state="waiting", attempts=0)
        forget_dead(JOB, [dedupe_key(pk) for pk in ids])
        want_delivery(ids, now=now)
        if ids:
            _record("webhook.redeliver", webhook, actor, now)
    return len(ids)


def redeliver_one(delivery_id: int, *, actor: Viewer, now: datetime) -> int:
    """Send one delivery again under its old id, so that the receiver can tell it came before.

    Raises: NotAllowed("role.needed"), NotFound("delivery.unknown").
    """
    need_webhooks(actor)
    with write():
        row = Delivery.objects.select_related("webhook").filter(pk=delivery_id).first()
        if row is None:
            raise NotFound(
                "delivery.unknown",
                f"There is no delivery {delivery_id}.",
                f"没有编号为 {delivery_id} 的推送记录。",
                where="delivery_id",
            )
        if row.state == "waiting":
            return 0
        Delivery.objects.filter(pk=row.pk).update(state="waiting", attempts=0)
        forget_dead(JOB, [dedupe_key(row.pk)])
        want_delivery([row.pk], now=now)
        _record("webhook.redeliver", row.webhook, actor, now)
    return 1


def old_deliveries(before: datetime) -> int:
    """Deliveries that arrived or died, made before a moment."""
    return Delivery.objects.filter(created_at__lt=before).exclude(state="waiting").count()


def forget_deliveries(before: datetime, *, limit: int) -> int:
    """Delete those; how many (at most `limit`)."""
    rows = Delivery.objects.filter(created_at__lt=before).exclude(state="waiting")
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    return Delivery.objects.filter(pk__in=ids).delete()[0]


def want_delivery(delivery_ids: Sequence[int], *, now: datetime) -> None:
    """Queue deliveries; in the transaction that wrote them."""
    wanted = [({"delivery": pk}, dedupe_key(pk)) for pk in delivery_ids]
    enqueue_many(JOB, wanted, run_at=now, now=now, max_attempts=MAX_ATTEMPTS)


def dedupe_key(delivery_id: int) -> str:
    """The key of a delivery's job."""
    return f"delivery:{delivery_id}"


def check_kinds(kinds: Sequence[str]) -> list[str]:
    """The kinds, if each is one. Raises: DomainError("webhook.kinds")."""
    wrong = [kind for kind in kinds if not _KIND.fullmatch(kind)]
    if wrong or not kinds:
        raise DomainError(
            "webhook.kinds",
            f"Kinds {wrong or 'missing'}: name at least one, such as case.close, case.* or *.",
            f"事件类型 {wrong or '为空'} 无效，请至少填写一项，例如 case.close、case.* 或 *。",
            where="kinds",
        )
    return sorted(set(kinds))


def _check_area(area_id: int | None) -> None:
    if area_id is None:
        return
    try:
        tree().get(area_id)
    except (DomainError, LookupError) as error:
        raise DomainError(
            "webhook.area",
            f"There is no area {area_id}. Leave it out for the whole city.",
            f"没有编号为 {area_id} 的区域；留空表示全市。",
            where="area_id",
        ) from error


def get_webhook(webhook_id: int, *, lock: bool = False) -> Webhook:
    """Raises: NotFound("webhook.unknown")."""
    rows = Webhook.objects.select_for_update(of=("self",)) if lock else Webhook.objects.all()
    webhook = rows.filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound(
            "webhook.unknown",
            f"There is no webhook {webhook_id}.",
            f"没有编号为 {webhook_id} 的推送。",
            where="webhook_id",
        )
    return webhook


def _record(kind: str, webhook: Webhook, actor: Viewer, now: datetime) -> None:
    data = {"name": webhook.name, "kinds": webhook.kinds, "active": webhook.active}
    draft = Draft(kind, "webhook", webhook.pk, data=data, private={"url": webhook.url})
    record(draft, actor=actor, now=now)
