"""Tokens of machines and their scopes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.responses import Status

from cityloop.city.accounts import commands, queries, schemas
from cityloop.city.accounts.api.paging import After, Limit, PathId, page, viewer_of
from cityloop.city.accounts.domain import SCOPES
from cityloop.city.accounts.gate import need_confirmed

router = Router(tags=["accounts 机构与人员"])


@router.get("/scopes", response=list[schemas.ScopeOut], summary="Scopes of tokens 令牌权限")
def scopes(request: HttpRequest) -> list[dict[str, str]]:
    return [{"scope": scope, "zh": zh, "en": en} for scope, (zh, en) in SCOPES.items()]


@router.get("/tokens", response=schemas.TokenPage, summary="Tokens 令牌")
def tokens(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, Any]:
    viewer = viewer_of(request)
    return page(queries.tokens(viewer=viewer, after=after, limit=limit), limit)


@router.post("/tokens", response={201: schemas.TokenSecret}, summary="New token 新建令牌")
def new_token(request: HttpRequest, given: schemas.TokenIn) -> Status[Any]:
    need_confirmed(request)
    actor = viewer_of(request)
    made = commands.new_token(**given.dict(), actor=actor, now=timezone.now())
    return Status(201, {**asdict(made), "scopes": sorted(made.scopes)})


@router.delete("/tokens/{token_id}", response={204: None}, summary="Revoke a token 吊销令牌")
def revoke_token(request: HttpRequest, token_id: PathId) -> Status[None]:
    actor = viewer_of(request)
    commands.revoke_token(token_id, actor=actor, now=timezone.now())
    return Status(204, None)
