"""Elements that a source has no more: retired, unless suspiciously many would go at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.elements.commands.taking import close, touch
from cityloop.city.elements.domain import Missing
from cityloop.city.elements.models import Element
from cityloop.city.elements.queries.areas import conditions
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.rules import need_keeper

MOST_SHARE = 0.1
_SHOWN = 10


def end_missing(
    *,
    kind: str,
    source: str,
    codes: Collection[str],
    keys: Collection[str] = (),
    area: str = "",
    most_share: float = MOST_SHARE,
    nameless: int = 0,
    dry_run: bool = False,
    actor: Viewer,
    now: datetime,
) -> Missing:
    """Retire the current elements of a source that are neither among `codes` nor `keys`.

    Their history stays. Elements of other sources and those entered by hand are left alone.

    Args:
        codes: of the elements that the source still has.
        keys: the same by what the source calls them, where a row has not become an element.
        area: code of an area: only what lies in it; "" = everywhere.
        most_share: 0..1; should more than this share of the current ones go, none does.
        nameless: refused rows that say neither code nor key: with one of them none goes.
        dry_run: count only.
    Raises: NotAllowed; NotFound("element.no_kind"), NotFound("place.unknown_code").
    """
    need_keeper(actor)
    row = kind_row(kind)
    current = Element.objects.filter(kind=row, source=source, valid_to__isnull=True)
    if area:
        current = current.filter(conditions(area))
    known = list(current.order_by("code").values_list("id", "code", "source_key", "name"))
    gone = [k for k in known if k[1] not in codes and not (k[2] and k[2] in keys)]
    held = bool(gone) and (nameless > 0 or len(gone) > most_share * len(known))
    shown = tuple((code, name) for _, code, _, name in gone[:_SHOWN])
    if gone and not held and not dry_run:
        with write():
            close([k[0] for k in gone], now)
            touch(row.pk)
            counts = {"kind": kind, "source": source, "retired": len(gone), "area": area}
            record(Draft("elements.retired", "elements", row.pk, counts), actor=actor, now=now)
    return Missing(len(known), len(gone), held, shown, nameless)
