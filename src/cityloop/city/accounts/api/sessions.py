"""Log in, who am I, my password, my log-ins; log-ins of others for who may end them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Router
from ninja.responses import Status

from cityloop.city.accounts import commands, queries, schemas
from cityloop.city.accounts.api.paging import After, Limit, PathId, person_out, viewer_of
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.entry import Anyone, source_of
from cityloop.city.accounts.gate import login_id_of, need_confirmed
from cityloop.city.accounts.models import User
from cityloop.city.accounts.rules import need_person
from cityloop.kernel.errors import DomainError

router = Router(tags=["accounts 机构与人员"])
BACKEND = "cityloop.city.accounts.backend.LimitedLogin"


@router.post("/session", response=schemas.MeOut, auth=None, summary="Log in 登录")
def open_session(request: HttpRequest, given: schemas.LoginIn) -> dict[str, Any]:
    refuse_forms(request)
    now = timezone.now()
    user = commands.check_login(given.username, given.password, source=source_of(request), now=now)
    login(request, user, backend=BACKEND)
    return me_out(request, queries.viewer_of(user))


@router.delete("/session", response={204: None}, summary="Log out 退出")
def close_session(request: HttpRequest) -> Status[None]:
    commands.close_login(actor=viewer_of(request), now=timezone.now())
    logout(request)
    return Status(204, None)


@router.get("/me", response=schemas.MeOut, auth=Anyone(), summary="Who am I 当前用户")
def me(request: HttpRequest) -> dict[str, Any]:
    return me_out(request, viewer_of(request))


@router.patch("/me", response=schemas.MeOut, summary="Change my name or language 修改个人设置")
def change_me(request: HttpRequest, given: schemas.MeIn) -> dict[str, Any]:
    viewer = viewer_of(request)
    if given.email is not None:
        need_confirmed(request)
    commands.update_user(need_person(viewer), **given.dict(), actor=viewer, now=timezone.now())
    return me_out(request, viewer)


@router.put("/me/password", response={204: None}, summary="Change my password 修改密码")
def change_password(request: HttpRequest, given: schemas.PasswordIn) -> Status[None]:
    user = commands.change_password(
        given.old,
        given.new,
        keep=login_id_of(request),
        actor=viewer_of(request),
        now=timezone.now(),
    )
    update_session_auth_hash(request, user)
    return Status(204, None)


@router.post("/session/confirm", response={204: None}, summary="Password once more 再次验证密码")
def confirm(request: HttpRequest, given: schemas.ConfirmIn) -> Status[None]:
    """Before acts of weight; the cookie gets a new value with it."""
    actor = viewer_of(request)
    commands.confirm_login(
        given.password,
        login_id_of(request),
        source=source_of(request),
        actor=actor,
        now=timezone.now(),
    )
    request.session.cycle_key()
    return Status(204, None)


@router.get("/sessions", response=schemas.SessionPage, summary="Log-ins 登录会话")
def sessions(
    request: HttpRequest,
    user_id: schemas.Id | None = None,
    live: bool = True,
    before: After = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """One's own, newest first; those of all for the security and the audit administrator."""
    rows = queries.login_sessions(
        viewer=viewer_of(request), user_id=user_id, live=live, before=before, limit=limit
    )
    own = login_id_of(request)
    items = [{**row, "current": row["id"] == own} for row in rows]
    return {"items": items, "next_before": items[-1]["id"] if len(items) == limit else None}


@router.delete("/sessions/{session_id}", response={204: None}, summary="End a log-in 结束会话")
def end_session(request: HttpRequest, session_id: PathId) -> Status[None]:
    need_confirmed(request)
    commands.end_session(session_id, actor=viewer_of(request), now=timezone.now())
    return Status(204, None)


@router.delete("/sessions", response=schemas.EndedOut, summary="Log out everywhere 退出所有会话")
def end_sessions(request: HttpRequest, user_id: schemas.Id | None = None) -> dict[str, int]:
    """All of a user's; of one's own, all others than this one."""
    need_confirmed(request)
    actor = viewer_of(request)
    whose = need_person(actor) if user_id is None else user_id
    keep = login_id_of(request) if whose == actor.user_id else None
    return {"ended": commands.end_sessions(whose, keep=keep, actor=actor, now=timezone.now())}


def me_out(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    row = queries.person(viewer.user_id, viewer=viewer) if viewer.user_id else None
    user = request.user
    return {
        "kind": viewer.kind,
        "name": viewer.name,
        "must_change_password": isinstance(user, User) and user.must_change_password,
        "person": person_out(row) if row else None,
        "scopes": sorted(viewer.scopes) if viewer.scopes is not None else None,
        "csrf": get_token(request) if viewer.kind != "token" else "",
    }


def refuse_forms(request: HttpRequest) -> None:
    """JSON only: a browser sends it across sites only after asking, a form it sends unasked."""
    if request.content_type != "application/json":
        raise DomainError(
            "login.json_only",
            f"Log in with Content-Type application/json, not {request.content_type!r}.",
            "登录请求须使用 Content-Type: application/json。",
            status=415,
        )
