"""Proofs of a whole trace at once, under one checkpoint."""

from __future__ import annotations

import base64
from typing import Any

from cityloop.city.audit.models import Checkpoint, Event
from cityloop.city.audit.queries import entry_of, public_key
from cityloop.city.audit.tiles import TableTiles
from cityloop.engines.ledger import TileLog


def proofs_of(
    subject_type: str, subject_id: int, *, after: int = 0, most: int = 200
) -> dict[str, Any]:
    """Entry and path of each signed event of a subject, and the checkpoint they lead to.

    The app that owns the subject decides who may ask. Nothing in it names a person. Events that
    wait for their signature are left out (a matter of seconds).
    Returns: checkpoint (signed note), public_key, size, proofs: [{id, index, entry, proof}].
    """
    newest = Checkpoint.objects.order_by("-size").first()
    shown: dict[str, Any] = {
        "checkpoint": newest.note if newest else "",
        "public_key": public_key(),
        "size": newest.size if newest else 0,
        "proofs": [],
    }
    if newest is None:
        return shown
    rows = Event.objects.filter(
        subject_type=subject_type,
        subject_id=subject_id,
        id__gt=after,
        position__lt=newest.size,
    )
    log = TileLog(TableTiles(), newest.size)
    shown["proofs"] = [_proof(log, event, newest.size) for event in rows.order_by("id")[:most]]
    return shown


def _proof(log: TileLog, event: Event, size: int) -> dict[str, Any]:
    index = event.position or 0
    return {
        "id": event.pk,
        "index": index,
        "entry": entry_of(event).decode(),
        "proof": [base64.b64encode(h).decode() for h in log.inclusion(index, size)],
    }
