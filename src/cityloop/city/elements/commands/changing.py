"""One element by hand: add, change, retire."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.elements.commands.taking import close, take, touch
from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.models import Element
from cityloop.city.elements.queries.one import current_row
from cityloop.city.elements.rules import need_keeper
from cityloop.kernel.errors import Conflict, DomainError

BY_HAND = "hand"
CHANGEABLE = ("name", "name_en", "address", "lon", "lat", "geometry", "households", "properties")


def add(row: ElementRow, *, kind: str, actor: Viewer, now: datetime) -> Element:
    """A new element; without a code it gets the next number.

    Raises: Conflict("element.known") for a code that is there; what `take` refuses, as an error.
    """
    need_keeper(actor)
    if not row.code:
        row.source_key = row.source_key or secrets.token_hex(6)
    with write():
        if (
            row.code
            and Element.objects.filter(
                kind__code=kind, code=row.code, valid_to__isnull=True
            ).exists()
        ):
            raise Conflict(
                "element.known",
                f"There is an element {row.code} of this kind already. Change that one.",
                f"该类要素已有编码 {row.code}，请修改原有要素。",
                where="code",
            )
        return _taken(row, kind, BY_HAND, actor, now)


def change(
    element_id: int, changes: dict[str, Any], *, version: int, actor: Viewer, now: datetime
) -> Element:
    """Change some of what is known of an element; the former version stays in its history.

    Args:
        element_id: id of any version of it.
        changes: of CHANGEABLE; a point that moves drops a former shape unless one is given.
        version: the version that the change was made from.
    Raises: NotFound("element.unknown"), Conflict("element.changed"), what `take` refuses.
    """
    need_keeper(actor)
    with write():
        old = _unchanged(element_id, version)
        values = {name: getattr(old, name) for name in CHANGEABLE}
        if "geometry" in changes and "lon" not in changes:
            values |= {"lon": None, "lat": None}  # a point on the new shape
        values |= changes
        row = ElementRow(code=old.code, source_key=old.source_key, **values)
        return _taken(row, old.kind.code, old.source or BY_HAND, actor, now)


def retire(element_id: int, *, reason: str, version: int, actor: Viewer, now: datetime) -> None:
    """End an element: it is no longer there. Its history stays.

    Raises: NotFound("element.unknown"), Conflict("element.changed"),
        DomainError("element.reason").
    """
    need_keeper(actor)
    if len(reason.strip()) < 2:
        raise DomainError(
            "element.reason",
            "Say why the element ends (at least two characters).",
            "请填写注销原因（不少于两个字）。",
            where="reason",
        )
    with write():
        old = _unchanged(element_id, version)
        close([old.pk], now)
        touch(old.kind_id)
        _record("element.retired", old, actor, now, {"reason": reason.strip()[:500]})


def _unchanged(element_id: int, version: int) -> Element:
    row = current_row(element_id)
    if row.version != version:
        raise Conflict(
            "element.changed",
            f"Somebody changed it meanwhile: it is at version {row.version}, your change was made "
            f"from version {version}. Look at it again.",
            f"该要素已被他人修改：现为第 {row.version} 版，您基于第 {version} 版，请重新查看。",
            details={"version": row.version},
        )
    return row


def _taken(row: ElementRow, kind: str, source: str, actor: Viewer, now: datetime) -> Element:
    done = take([row], kind=kind, source=source, actor=actor, now=now)
    if done.refused:
        raise done.refused[0].error
    made = Element.objects.select_related("kind").get(
        kind__code=kind, code=row.code, valid_to__isnull=True
    )
    if not done.same:
        _record("element.changed" if done.changed else "element.added", made, actor, now)
    return made


def _record(
    event: str, row: Element, actor: Viewer, now: datetime, private: dict[str, Any] | None = None
) -> None:
    data = {"kind": row.kind.code, "code": row.code, "version": row.version}
    record(Draft(event, "element", row.pk, data, private), actor=actor, now=now)
