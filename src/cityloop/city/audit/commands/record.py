"""One row an action, written in the transaction of the action itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityloop.city.audit.domain import leaf_of
from cityloop.city.audit.models import Event
from cityloop.city.bulk import blank, insert_rows
from cityloop.city.db import allocate_ids
from cityloop.city.viewer import Viewer
from cityloop.engines.ledger.entry import canonical_bytes, commitment, new_salt


@dataclass(frozen=True, slots=True)
class Draft:
    """An action about to be recorded.

    Args:
        kind: past tense, dotted: "case.filed".
        subject_type, subject_id: what it happened to.
        data: ids, codes, states, times; JSON-serialisable, nothing that names a person.
        private: free text and the like; only its commitment enters the ledger.
    """

    kind: str
    subject_type: str
    subject_id: int
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] | None = None


def _event(draft: Draft, event_id: int, actor: Viewer, now: datetime) -> Event:
    salt = committed = private_text = None
    if draft.private:
        salt = new_salt()
        private_text = canonical_bytes(draft.private).decode()
        committed = commitment(salt, draft.private)
    data = canonical_bytes(draft.data)
    leaf = leaf_of(
        data,
        event_id=event_id,
        at=now,
        kind=draft.kind,
        subject_type=draft.subject_type,
        subject_id=draft.subject_id,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        committed=committed,
    )
    event = blank(Event)
    event.id, event.at, event.kind = event_id, now, draft.kind
    event.subject_type, event.subject_id = draft.subject_type, draft.subject_id
    event.actor_kind, event.actor_id = actor.kind, actor.user_id
    event.data, event.private, event.salt = data.decode(), private_text, salt
    event.commitment, event.leaf_hash = committed or "", leaf
    return event


def record_many(drafts: Sequence[Draft], *, actor: Viewer, now: datetime) -> list[Event]:
    """Write these actions; must be inside the transaction that makes them true.

    Call it once a transaction (ids are drawn in a block).
    """
    ids = allocate_ids(Event, len(drafts))
    events = [_event(d, i, actor, now) for d, i in zip(drafts, ids, strict=True)]
    insert_rows(Event, events)
    return events


def record(draft: Draft, *, actor: Viewer, now: datetime) -> Event:
    """Write one action."""
    return record_many([draft], actor=actor, now=now)[0]
