"""Replies over REST. Mounted at the root: a draft belongs to its case."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from cityloop.business.replies import queries
from cityloop.business.replies import schemas as s
from cityloop.city.accounts.domain import Viewer

router = Router(tags=["replies 答复"])
Length = Annotated[int, Query(ge=100, le=2_000)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/cases/{number}/reply-draft", response=s.ReplyDraft, summary="答复草稿 Draft reply")
def draft_reply(request: HttpRequest, number: str, length: Length = 400) -> Any:
    """From like closed cases, masked, with gaps to be filled in by a person; never sent."""
    return queries.reply_draft(_viewer(request), number, most_length=length)


@router.post("/replies/check", response=list[s.ReplyFinding], summary="答复检查 Look a reply over")
def check_reply(request: HttpRequest, given: s.ReplyIn) -> Any:
    """Completeness and politeness of form. Nothing is kept."""
    return queries.findings_of(_viewer(request), **given.dict())
