"""Who saw the data of a reporter: every opening and every search of one phone number, on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cityloop.business.cases.commands.reporters import key_ring
from cityloop.business.cases.models import Reporter
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.queries import names_of
from cityloop.city.audit.commands import Draft, record
from cityloop.city.audit.queries import TraceRow
from cityloop.city.audit.search import LONGEST, MOST, Asked, search
from cityloop.city.db import write
from cityloop.city.viewer import SYSTEM
from cityloop.engines.sealing import mask_phone
from cityloop.kernel.errors import DomainError, NotAllowed

OPENED, SEARCHED = "reporter.opened", "reporter.searched"


def who_saw(phone: str, *, purpose: str, actor: Viewer, now: datetime) -> dict[str, Any]:
    """Everybody who had this number shown, or looked for cases by it and found any, within a year.

    The question itself is on record with its purpose and the masked number.
    Returns: `cases` that were reported from it, `rows` newest first.
    Raises: NotAllowed("reporter.seen_by"), DomainError("reporter.purpose",
        "sealing.not_a_phone").
    """
    if not actor.holds(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        raise NotAllowed(
            "reporter.seen_by",
            "Who saw a number is asked by the security or the audit administrator.",
            "仅安全管理员与审计管理员可查询号码的查看记录。",
        )
    if len(purpose.strip()) < 4:
        raise DomainError(
            "reporter.purpose",
            "Say for what purpose you ask (at least four characters).",
            "请填写查询用途（不少于四个字）。",
            where="purpose",
        )
    index = key_ring().blind_index(phone, "phone")
    with write():
        kept = Reporter.objects.filter(phone_index=index, erased_at__isnull=True)
        rows = list(kept.values_list("pk", "report__case_id", "report__case__number"))
        record(
            Draft(
                "reporter.seen_by",
                "user",
                actor.user_id or 0,
                {"cases": sorted({case_id for _, case_id, _ in rows})},
                {"purpose": purpose.strip(), "phone": mask_phone(phone)},
            ),
            actor=actor,
            now=now,
        )
    # An opening names the reporters it showed, a search the cases it found.
    opened = _showing(OPENED, "reporters", {pk: number for pk, _, number in rows}, now)
    searched = _showing(SEARCHED, "cases", {pk: number for _, pk, number in rows}, now)
    seen = sorted([*opened, *searched], key=lambda row: row["at"], reverse=True)
    people = names_of(row["by_id"] for row in seen)
    return {
        "cases": sorted({number for _, _, number in rows}),
        "since": now - LONGEST,
        "rows": [{**row, "by": people.get(row["by_id"] or 0, "")} for row in seen],
    }


def _showing(
    kind: str, name: str, numbers: Mapping[int, str], now: datetime
) -> Iterator[dict[str, Any]]:
    """Entries of a kind that name one of these ids, with the case numbers they stand for."""
    for entry in _entries(kind, now):
        of = {numbers[pk] for pk in entry.data.get(name, ()) if pk in numbers}
        if of:
            yield {
                "id": entry.id,
                "at": entry.at,
                "by_id": entry.actor_id,
                "how": kind.removeprefix("reporter."),
                "numbers": sorted(of),
                "purpose": str((entry.private or {}).get("purpose", "")),
                "erased": entry.erased,
            }


def _entries(kind: str, now: datetime) -> Iterator[TraceRow]:
    until = now + timedelta(minutes=1)
    asked, before = Asked(until - LONGEST, until, kind), None
    while rows := search(asked, viewer=SYSTEM, before=before, limit=MOST):
        yield from rows
        before = rows[-1].id
