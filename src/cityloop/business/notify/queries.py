"""Reading webhooks, their deliveries, and notices."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from cityloop.business.notify.models import Delivery, Notice, Webhook
from cityloop.business.notify.rules import need_webhooks
from cityloop.city.accounts.domain import Viewer


def webhooks(viewer: Viewer) -> QuerySet[Webhook]:
    """All webhooks, each with `dead` and `waiting` counted. Raises: NotAllowed."""
    need_webhooks(viewer)
    return Webhook.objects.order_by("pk").annotate(
        dead=Count("deliveries", filter=Q(deliveries__state="dead")),
        waiting=Count("deliveries", filter=Q(deliveries__state="waiting")),
    )


def deliveries(
    viewer: Viewer,
    *,
    webhook_id: int | None = None,
    state: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> QuerySet[Delivery]:
    """Deliveries by id; state "dead" is the dead-letter list. Raises: NotAllowed."""
    need_webhooks(viewer)
    rows = Delivery.objects.filter(pk__gt=after).order_by("pk")
    if webhook_id is not None:
        rows = rows.filter(webhook_id=webhook_id)
    if state is not None:
        rows = rows.filter(state=state)
    return rows[: min(limit, 200)]


def notices_of_reports(report_ids: list[int]) -> QuerySet[Notice]:
    """What the senders of these reports were told, oldest first.

    The caller has shown that the viewer may see the reports: by role, or by the follow-up key.
    """
    return Notice.objects.filter(report_id__in=report_ids).order_by("position", "pk")
