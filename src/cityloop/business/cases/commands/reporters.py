"""The reporter: sealed when taken in, opened for a purpose on record, erased by rule."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from cityloop.ai.triage.commands import erase_corrections
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.models import Case, Reporter
from cityloop.business.cases.rules import may_open_reporter
from cityloop.business.cases.settings import loop_settings
from cityloop.city import key_rings
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.audit.commands import Draft, record, record_many
from cityloop.city.bulk import blank
from cityloop.city.db import write
from cityloop.engines.sealing import KeyRing
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

FIELDS = ("name", "phone", "contact")


def key_ring() -> KeyRing:
    """The keys of what is sealed here."""
    return key_rings.key_ring("reporters")


def new_follow_key() -> str:
    """The key with which a reporter follows the case; shown once."""
    return secrets.token_urlsafe(12)


def follow_digest(key: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(f"follow:{key}".encode()).hexdigest()


def sealed_reporter(
    pk: int,
    report_id: int,
    given: NewReporter | None,
    *,
    key: str,
    confidential: bool,
    now: datetime,
) -> Reporter:
    """The reporter's row, unsaved; the report's id is bound into every sealed value."""
    ring, who = key_ring(), given or NewReporter()
    row = blank(Reporter)
    row.id, row.report_id, row.user_id = pk, report_id, who.user_id
    row.confidential, row.follow_digest = confidential, follow_digest(key)
    row.erase_after = (now + timedelta(days=loop_settings().retention_days)).date()
    for name in FIELDS:
        value = getattr(who, name).strip()
        if value:
            setattr(row, name, ring.seal(value[:200], context=f"reporter:{report_id}:{name}"))
    if who.phone.strip():
        row.phone_index = ring.blind_index(who.phone, "phone")
    return row


def open_reporter(
    case: Case, *, purpose: str, actor: Viewer, now: datetime
) -> list[dict[str, str | int]]:
    """The reporters' data in the clear, for a purpose, on record.

    Raises: NotAllowed("reporter.not_yours"), DomainError("reporter.purpose").
    """
    if not may_open_reporter(actor, case):
        raise NotAllowed(
            "reporter.not_yours",
            "Reporters are opened by the acceptor, the hotline operator or the district "
            "supervisor of the area.",
            "反映人信息仅限本区域受理员、热线话务员或区级督办查看。",
        )
    if len(purpose.strip()) < 4:
        raise DomainError(
            "reporter.purpose",
            "Say for what purpose you open the reporter's data (at least four characters).",
            "请填写查看反映人信息的用途（不少于四个字）。",
            where="purpose",
        )
    with write():
        rows = list(Reporter.objects.filter(report__case=case, erased_at__isnull=True))
        record(
            Draft(
                "reporter.opened",
                "case",
                case.pk,
                {"reporters": [r.pk for r in rows]},
                {"purpose": purpose},
            ),
            actor=actor,
            now=now,
        )
    return [_in_the_clear(row) for row in rows]


def _in_the_clear(row: Reporter) -> dict[str, str | int]:
    shown: dict[str, str | int] = {"report_id": row.report_id}
    for name in FIELDS:
        token = getattr(row, name)
        shown[name] = (
            key_ring().unseal(token, context=f"reporter:{row.report_id}:{name}") if token else ""
        )
    return shown


def masked_reporter(row: Reporter) -> dict[str, str | bool]:
    """What everybody else sees of a reporter."""
    from cityloop.engines.sealing import mask_name, mask_phone

    if row.erased_at is not None or row.confidential:
        return {"name": "", "phone": "", "erased": row.erased_at is not None}
    clear = _in_the_clear(row)
    return {
        "name": mask_name(str(clear["name"])) if clear["name"] else "",
        "phone": mask_phone(str(clear["phone"])) if clear["phone"] else "",
        "erased": False,
    }


def erase_reporters(*, now: datetime, limit: int = 1000) -> int:
    """Retention: erase what is past its day. The ledger keeps no personal data, so it stands."""
    with write():
        due = Reporter.objects.filter(erase_after__lt=now.date(), erased_at__isnull=True)
        rows = list(due.select_related("report").order_by("pk")[:limit])
        erase(rows, actor=SYSTEM, now=now)
    return len(rows)


def erase(rows: Sequence[Reporter], *, actor: Viewer, now: datetime) -> None:
    """These reporters, and what people corrected of their words; inside the caller's transaction.

    `rows` carry their reports.
    """
    gone = dict.fromkeys((*FIELDS, "phone_index", "follow_digest"), "")
    ids = [row.pk for row in rows]
    Reporter.objects.filter(pk__in=ids).update(**gone, user_id=None, erased_at=now)
    erase_corrections({row.report.case_id for row in rows})
    if rows:
        drafts = [Draft("reporter.erased", "report", row.report_id) for row in rows]
        record_many(drafts, actor=actor, now=now)


def find_by_follow_key(key: str) -> int:
    """The case a follow-up key belongs to. Raises: NotFound("follow.unknown")."""
    found = (
        Reporter.objects.filter(follow_digest=follow_digest(key))
        .values_list("report__case_id", flat=True)
        .first()
        if key
        else None
    )
    if found is None:
        raise NotFound(
            "follow.unknown",
            "This follow-up key is not known. Check the link of your receipt.",
            "查询码无效，请核对回执中的链接。",
            where="follow_key",
        )
    return found
