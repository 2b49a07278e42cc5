"""Cases by the reporter's phone: an exact match on a keyed hash, for a purpose, on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cityloop.business.cases.commands.reporters import key_ring
from cityloop.business.cases.lists import rows_of
from cityloop.business.cases.models import Reporter
from cityloop.business.cases.rules import REPORTER_OPENERS
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.engines.sealing import mask_phone
from cityloop.kernel.errors import DomainError, NotAllowed

MOST = 200


def cases_by_phone(
    phone: str, *, purpose: str, actor: Viewer, now: datetime
) -> list[dict[str, Any]]:
    """Rows of the cases that were reported from this number, newest first, at most 200.

    Only cases whose reporter the actor may open. The search is on record with its purpose, the
    masked number and the cases it found, also when it found none.
    Raises: NotAllowed("reporter.not_yours"), DomainError("reporter.purpose",
        "sealing.not_a_phone").
    """
    if not (actor.may_use("reporters:open") and actor.holds(*REPORTER_OPENERS)):
        raise NotAllowed(
            "reporter.not_yours",
            "Cases are searched by phone by the acceptor, the hotline operator or the district "
            "supervisor.",
            "仅受理员、热线话务员或区级督办可按电话查找案卷。",
        )
    if len(purpose.strip()) < 4:
        raise DomainError(
            "reporter.purpose",
            "Say for what purpose you search by phone (at least four characters).",
            "请填写按电话查找的用途（不少于四个字）。",
            where="purpose",
        )
    index = key_ring().blind_index(phone, "phone")
    with write():
        cases = Reporter.objects.filter(phone_index=index, erased_at__isnull=True)
        ids = list(cases.order_by("-pk").values_list("report__case_id", flat=True)[: 5 * MOST])
        rows = [r for r in rows_of(actor, ids) if actor.holds_in(r.path, *REPORTER_OPENERS)]
        rows = rows[:MOST]
        record(
            Draft(
                "reporter.searched",
                "user",
                actor.user_id or 0,
                {"cases": [r.row["id"] for r in rows]},
                {"purpose": purpose.strip(), "phone": mask_phone(phone)},
            ),
            actor=actor,
            now=now,
        )
    return [r.row for r in rows]
