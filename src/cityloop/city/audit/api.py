"""/ledger: checkpoints and proofs for everybody, entries for the audit administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from cityloop.city.audit import queries

router = Router(tags=["留痕 ledger"])
Size = Annotated[int, Query(ge=0, le=2**62)]
MaybeSize = Annotated[int | None, Query(ge=0, le=2**62)]
After = Annotated[int, Query(ge=-1, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=200)]


class CheckpointOut(Schema):
    """A signed tree head: keep it, and nobody can rewrite what lies below it."""

    size: int
    at: datetime
    note: str
    public_key: str


class InclusionOut(Schema):
    """What `python -m cityloop.verify` takes."""

    kind: str
    entry: str
    index: int
    size: int
    proof: list[str]
    checkpoint: str


class ConsistencyOut(Schema):
    """Two signed notes, or two sizes, and the hashes between them."""

    kind: str
    first: str | int
    second: str | int
    proof: list[str]


class EntryOut(Schema):
    """One action; numbers and addresses in free text are masked."""

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


@router.get("/checkpoint", response=CheckpointOut)
def checkpoint(request: HttpRequest) -> dict[str, Any]:
    """最新检查点 The newest signed tree head."""
    newest = queries.latest_checkpoint()
    return {
        "size": newest.size,
        "at": newest.at,
        "note": newest.note,
        "public_key": queries.public_key(),
    }


@router.get("/proof/{int:event_id}", response=InclusionOut)
def proof(request: HttpRequest, event_id: Annotated[int, Path(ge=0, le=2**62)]) -> dict[str, Any]:
    """存在证明 Proof that an event is in the ledger; nothing in it names a person.

    Open to people who are logged in; a citizen gets that of the own report with the receipt.
    """
    queries.check_may_prove(request.viewer)  # type: ignore[attr-defined]
    return queries.receipt(event_id)


@router.get("/consistency", response=ConsistencyOut)
def consistency(request: HttpRequest, first: Size, second: MaybeSize = None) -> dict[str, Any]:
    """一致性证明 Proof that an earlier log is the unchanged beginning of a later one."""
    return queries.consistency(first, second)


@router.get("/entries", response=list[EntryOut])
def entries(request: HttpRequest, after: After = -1, limit: Limit = 100) -> list[queries.TraceRow]:
    """日志条目 The ledger in its order, for the audit administrator."""
    return queries.entries(viewer=request.viewer, after=after, limit=limit)  # type: ignore[attr-defined]
