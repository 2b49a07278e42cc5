"""/ledger: checkpoints and proofs for everybody, entries for the audit administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import AwareDatetime, StringConstraints

from cityloop.city.audit import queries, search
from cityloop.city.audit.commands import Draft, record
from cityloop.city.audit.confirmed import check_confirmed
from cityloop.city.db import write
from cityloop.city.viewer import Viewer
from cityloop.engines.tables.export import csv_chunks

router = Router(tags=["留痕 ledger"])
Size = Annotated[int, Query(ge=0, le=2**62)]
MaybeSize = Annotated[int | None, Query(ge=0, le=2**62)]
After = Annotated[int, Query(ge=-1, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_.*-]*$")]


class TraceAskedIn(Schema):
    """What is looked for in the trace; kind may end with *, number is a case's."""

    since: AwareDatetime
    until: AwareDatetime
    kind: Word = ""
    actor_id: Annotated[int, Query(ge=0, le=2**62)] | None = None
    subject_type: Word = ""
    subject_id: Annotated[int, Query(ge=0, le=2**62)] | None = None
    number: Word = ""
    area_id: Annotated[int, Query(ge=0, le=2**62)] | None = None


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


class TracePage(Schema):
    items: list[EntryOut]
    next_before: int | None


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

    For the audit administrator; a citizen gets that of the own report with the receipt.
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


@router.get("/search", response=TracePage)
def search_entries(
    request: HttpRequest,
    asked: Annotated[TraceAskedIn, Query()],
    before: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """留痕检索 Search the trace, newest first; for the audit administrator."""
    rows = search.search(
        search.Asked(**asked.dict()), viewer=_viewer(request), before=before, limit=limit
    )
    return {"items": rows, "next_before": rows[-1].id if len(rows) == limit else None}


@router.get("/kinds", response=list[str])
def kinds(request: HttpRequest) -> list[str]:
    """动作种类 Kinds of actions there are."""
    return search.kinds_there(viewer=_viewer(request))


@router.get("/search/export.csv", response={200: None})
def export_entries(
    request: HttpRequest, asked: Annotated[TraceAskedIn, Query()]
) -> StreamingHttpResponse:
    """导出检索结果 The search as a table; asked for with a fresh password, and on record itself."""
    viewer = _viewer(request)
    wanted = search.Asked(**asked.dict())
    rows = search.exported(wanted, viewer=viewer)
    check_confirmed(request)
    told = asked.dict(exclude_defaults=True) | {
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
    }
    with write():
        record(Draft("audit.exported", "audit", 0, told), actor=viewer, now=timezone.now())
    pieces = csv_chunks(list(search.COLUMNS), rows)
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="trace.csv"'
    return answer


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]
