"""Reading the trace and proving it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cityloop.city.audit.domain import masked, public_part
from cityloop.city.audit.followers import head_size
from cityloop.city.audit.models import Checkpoint, Event, LedgerHead
from cityloop.city.audit.tiles import TableTiles
from cityloop.city.viewer import Role, Viewer
from cityloop.engines.ledger import TileLog, consistency_receipt, entry_bytes, inclusion_receipt
from cityloop.engines.privacy import Mode
from cityloop.kernel.errors import Conflict, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One action as a reader sees it. `private` is None where there is none or it was erased."""

    id: int
    position: int | None
    at: datetime
    kind: str
    subject_type: str
    subject_id: int
    actor_kind: str
    actor_id: int | None
    data: dict[str, Any]
    private: dict[str, Any] | None
    erased: bool


def _row(event: Event, *, is_open: bool, mode: Mode = Mode.PLAIN) -> TraceRow:
    private = json.loads(event.private) if event.private is not None else None
    return TraceRow(
        id=event.pk,
        position=event.position,
        at=event.at,
        kind=event.kind,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        data=json.loads(event.data),
        private=private if is_open else masked(private, mode),
        erased=bool(event.commitment) and private is None,
    )


def trace(
    subject_type: str,
    subject_id: int,
    *,
    viewer: Viewer,
    may_read_private: bool = False,
    mode: Mode = Mode.PLAIN,
    after: int = 0,
    limit: int = 200,
) -> list[TraceRow]:
    """What happened to a subject, oldest first.

    The app that owns the subject decides whether the viewer may know of it, and passes
    `may_read_private` for whom free text is shown in full; to others numbers and addresses in
    it are masked (in `mode`), to the public it is left out.
    """
    rows = Event.objects.filter(subject_type=subject_type, subject_id=subject_id, id__gt=after)
    found = [
        _row(e, is_open=may_read_private or viewer.is_system, mode=mode)
        for e in rows.order_by("id")[: min(limit, 200)]
    ]
    if viewer.kind != "public":
        return found
    return [replace(row, private=None, actor_id=None) for row in found]


def private_texts(event_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Private texts of events, in full: for the platform's own use, never for a viewer."""
    rows = Event.objects.filter(id__in=event_ids, private__isnull=False)
    return {pk: json.loads(text or "{}") for pk, text in rows.values_list("id", "private")}


def entries(*, viewer: Viewer, after: int = -1, limit: int = 200) -> list[TraceRow]:
    """The ledger in its order, free text masked: for the audit administrator.

    Raises: NotAllowed("ledger.audit_only").
    """
    need_auditor(viewer)
    rows = Event.objects.filter(position__gt=after).order_by("position")[: min(limit, 200)]
    return [_row(e, is_open=False) for e in rows]


def need_auditor(viewer: Viewer) -> None:
    """Raises: NotAllowed("ledger.audit_only") unless the audit administrator looks."""
    if not (viewer.is_system or viewer.holds(Role.AUDIT_ADMIN)):
        raise NotAllowed(
            "ledger.audit_only",
            "The whole ledger is for the audit administrator alone; a case shows its own trace.",
            "完整日志只对审计管理员开放；单个案卷的留痕请在案卷中查看。",
        )


def entry_of(event: Event) -> bytes:
    """The bytes that the leaf of an event is the hash of, from its columns.

    Raises: ValueError, DomainError when the columns were changed to what no event can hold.
    """
    public = public_part(
        event_id=event.pk,
        at=event.at,
        kind=event.kind,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        data=json.loads(event.data),
    )
    return entry_bytes(public, event.commitment or None)


def latest_checkpoint() -> Checkpoint:
    """The newest signed tree head. Raises: NotFound("ledger.empty")."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        raise NotFound(
            "ledger.empty",
            "Nothing has been signed yet. The worker signs a second after the first action.",
            "尚无已签名的检查点，第一条留痕一秒后由后台签署。",
        )
    return newest


def public_key() -> str:
    """The key that checkpoints are checked with, in the form verifiers take."""
    return LedgerHead.objects.filter(pk=1).values_list("public_key", flat=True).first() or ""


def receipt(event_id: int) -> dict[str, Any]:
    """Entry, proof and checkpoint of an event: what `python -m cityloop.verify` accepts.

    Nothing in it names a person: free text enters the entry only as a commitment.
    Raises: NotFound("ledger.event_unknown"), Conflict("ledger.not_signed_yet").
    """
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound(
            "ledger.event_unknown",
            f"There is no event {event_id}.",
            f"没有编号为 {event_id} 的留痕。",
            where="event_id",
        )
    newest = Checkpoint.objects.order_by("-size").first()
    if event.position is None or newest is None or event.position >= newest.size:
        raise Conflict(
            "ledger.not_signed_yet",
            f"Event {event_id} is recorded and will be signed within seconds. Ask again then.",
            f"留痕 {event_id} 已记录，数秒内完成签署，请稍后再取。",
            where="event_id",
        )
    log = TileLog(TableTiles(), newest.size)
    return inclusion_receipt(
        log, index=event.position, entry=entry_of(event), checkpoint=newest.note
    )


def receipt_of(subject_type: str, subject_id: int, kind: str) -> dict[str, Any]:
    """The receipt of the first event of a kind of a subject: a citizen's proof of reporting.

    Raises: as `receipt`.
    """
    rows = Event.objects.filter(subject_type=subject_type, subject_id=subject_id, kind=kind)
    event_id = rows.order_by("id").values_list("id", flat=True).first()
    return receipt(event_id or 0)


def consistency(first: int, second: int | None = None) -> dict[str, Any]:
    """Proof that the log of `first` entries is the beginning of the log of `second`.

    Where both sizes were signed it is a receipt with both notes, as the verifier takes it;
    else {"kind": "hashes", "first", "second", "proof"}.
    Raises: DomainError("ledger.size_unknown") beyond the log.
    """
    log = TileLog(TableTiles(), head_size())
    if second is None:
        second = latest_checkpoint().size
    notes = dict(Checkpoint.objects.filter(size__in=[first, second]).values_list("size", "note"))
    if first in notes and second in notes:
        return consistency_receipt(log, first=notes[first], second=notes[second])
    proof = [base64.b64encode(h).decode() for h in log.consistency(first, second)]
    return {"kind": "hashes", "first": first, "second": second, "proof": proof}


def check_may_prove(viewer: Viewer) -> None:
    """Entries carry number, cell and class of any case, confidential ones too: of any event for
    the audit administrator; a case shows its own, a receipt that of the report.

    Raises: NotAllowed("ledger.login", HTTP 401), NotAllowed("ledger.audit_only").
    """
    if viewer.kind == "public":
        raise NotAllowed(
            "ledger.login",
            "Log in to fetch the proof of any event; that of your report comes with its receipt.",
            "请登录后获取任意留痕的证明；本人上报的证明随回执提供。",
            status=401,
        )
    need_auditor(viewer)
