"""The trace as values: what followers get, what readers see of free text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cityloop.engines.ledger.entry import entry_around
from cityloop.engines.ledger.hashing import leaf_hash
from cityloop.engines.privacy import Kind, Mode, find
from cityloop.engines.sealing import mask_email, mask_id_number, mask_name, mask_phone


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as its followers get it: in the order of positions, without free text.

    Args:
        position: place in the ledger, from 0, no gaps.
        data: ids, codes, states, times; never anything that names a person.
    """

    position: int
    id: int
    at: datetime
    kind: str
    subject_type: str
    subject_id: int
    actor_kind: str
    actor_id: int | None
    data: Mapping[str, Any]


# Digits that stand together, as people write them: 138 0013 8000, 010-6512 3456.
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_DATE = r"(?!\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
_PHONE = re.compile(
    rf"(?<![0-9０-９]){_DATE}\+?[0-9０-９](?:[-\s]?[0-9０-９]){{6,13}}(?![0-9０-９])"
)


_SHOWN_AS: Mapping[Kind, Callable[[str], str]] = {
    Kind.NAME: mask_name,
    # Written in a way that the forms above do not know: 1１0105 1949…, a mobile with dots.
    Kind.ID_NUMBER: mask_id_number,
    Kind.MOBILE: mask_phone,
    Kind.LANDLINE: mask_phone,
    Kind.EMAIL: mask_email,
    Kind.DOOR: lambda _: "***",
    Kind.PLATE: lambda plate: plate[:1] + "*****",
    Kind.BANK_CARD: lambda _: "****",
    Kind.PASSPORT: lambda _: "****",
    Kind.ACCOUNT: lambda _: "****",
}


def masked_text(text: str, mode: Mode = Mode.PLAIN) -> str:
    """Free text with addresses of mail, numbers of persons, plates, and names after a cue masked.

    Args:
        mode: PLAIN for staff who need not know who it was; LEAVING, which takes names anywhere and
            doors too, for what is exported or shown to the public.
    Example: >>> masked_text("请联系13800138000")
        '请联系138****8000'
    """
    text = _known_kinds(text, mode)
    text = _EMAIL.sub(lambda m: mask_email(m[0]), text)
    text = _ID_NUMBER.sub(lambda m: mask_id_number(m[0]), text)
    return _PHONE.sub(lambda m: mask_phone(m[0]), text)


def _known_kinds(text: str, mode: Mode) -> str:
    """What engines.privacy knows, before any other run of digits is taken for a telephone."""
    parts, at = [], 0
    for one in find(text, mode):
        if one.kind in _SHOWN_AS:
            parts += [text[at : one.start], _SHOWN_AS[one.kind](one.of(text))]
            at = one.end
    return "".join([*parts, text[at:]])


def masked(value: Any, mode: Mode = Mode.PLAIN) -> Any:
    """The same for every text inside a JSON value."""
    if isinstance(value, str):
        return masked_text(value, mode)
    if isinstance(value, Mapping):
        return {key: masked(item, mode) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, mode) for item in value]
    return value


def retry_after_s(failures: int) -> float:
    """How long a failing follower waits: 1 s, 2 s, 4 s ... 5 minutes."""
    return float(min(300, 2 ** min(failures - 1, 9)))


LEAST_BITE = 20


def next_bite(bite: int, taken: int, took_s: float, *, most: int, hold_s: float) -> int:
    """How many events a follower takes next time, so that it writes for about `hold_s` seconds.

    Args:
        bite, taken: what it might have taken just now, and what it took.
        took_s: how long that was.
        most: never more (1 or more).

    Example: >>> next_bite(1000, 1000, 0.5, most=1000, hold_s=0.05)
        100
    """
    if took_s > hold_s:
        return max(min(LEAST_BITE, most), int(taken * hold_s / took_s))
    if taken >= bite and took_s < hold_s / 2:
        return min(most, 2 * bite)
    return bite


def shrunk_batch(batch: int, failures: int) -> int:
    """A failing follower takes smaller bites, down to the one event that breaks it."""
    return max(1, batch >> min(failures, 30))


def public_part(
    *,
    event_id: int,
    at: datetime,
    kind: str,
    subject_type: str,
    subject_id: int,
    actor_kind: str,
    actor_id: int | None,
    data: Any,
) -> dict[str, Any]:
    """What the ledger commits to in the open."""
    return {
        "id": event_id,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "subject": f"{subject_type}:{subject_id}",
        "actor": actor_kind if actor_id is None else f"{actor_kind}:{actor_id}",
        "data": data,
    }


def leaf_of(
    data: bytes,
    *,
    event_id: int,
    at: datetime,
    kind: str,
    subject_type: str,
    subject_id: int,
    actor_kind: str,
    actor_id: int | None,
    committed: str | None,
) -> bytes:
    """Leaf hash of an event whose data is canonical already; equals the leaf of `public_part`."""
    public = public_part(
        event_id=event_id,
        at=at,
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        actor_kind=actor_kind,
        actor_id=actor_id,
        data=None,
    )
    before = {name: public[name] for name in ("actor", "at")}
    after = {name: public[name] for name in ("id", "kind", "subject")}
    return leaf_hash(entry_around(data, before, after, committed))
