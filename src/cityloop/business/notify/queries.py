"""Reading webhooks, their deliveries, and notices."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from cityloop.business.cases.informing import report_of_key, reports_to_tell
from cityloop.business.cases.queries import get_case
from cityloop.business.notify.models import Delivery, Notice, StaffNotice, Webhook
from cityloop.business.notify.rules import need_webhooks
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_person
from cityloop.kernel.errors import NotAllowed


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
    before: int | None = None,
    limit: int = 50,
) -> QuerySet[Delivery]:
    """Deliveries by id; state "dead" is the dead-letter list. Raises: NotAllowed.

    before: the newest first, those before an id (0 = from the newest).
    """
    need_webhooks(viewer)
    rows = Delivery.objects.filter(pk__gt=after).order_by("pk")
    if before is not None:
        rows = rows.order_by("-pk")
        rows = rows.filter(pk__lt=before) if before else rows
    if webhook_id is not None:
        rows = rows.filter(webhook_id=webhook_id)
    if state is not None:
        rows = rows.filter(state=state)
    return rows[: min(limit, 200)]


def notices_of_key(key: str) -> QuerySet[Notice]:
    """What the holder of a follow-up key was told, oldest first.

    Raises: NotFound("follow.unknown").
    """
    return notices_of_reports([report_of_key(key)])


def notices_of_case(viewer: Viewer, case_id: int) -> QuerySet[Notice]:
    """What all reporters of a case (merged ones too) were told; for the staff.

    Raises: NotFound("case.unknown") also for who may not know of it, NotAllowed("notice.staff").
    """
    if viewer.kind == "public" or not viewer.holds(*(set(Role) - {Role.CITIZEN})):
        raise NotAllowed(
            "notice.staff",
            "All notices of a case are for its staff; use the follow-up key for your own.",
            "案卷的全部告知仅供工作人员查看；本人告知请用查询码。",
        )
    case = get_case(viewer, case_id)
    behind = reports_to_tell([case.pk]).get(case.pk, [])
    return notices_of_reports([to.report_id for to in behind])[:200]


def notices_of_reports(report_ids: list[int]) -> QuerySet[Notice]:
    """What the senders of these reports were told, oldest first.

    The caller has shown that the viewer may see the reports.
    """
    return Notice.objects.filter(report_id__in=report_ids).order_by("position", "pk")


def told_to(viewer: Viewer, *, most: int = 50) -> tuple[list[StaffNotice], int]:
    """What this person was told, newest first, and how much of all is unread.

    Raises: NotAllowed("login.needed", 401).
    """
    rows = StaffNotice.objects.filter(user_id=need_person(viewer))
    return list(rows.order_by("-pk")[:most]), rows.filter(read_at=None).count()
