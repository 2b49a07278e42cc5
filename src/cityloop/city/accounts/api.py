"""Log in, who am I, departments, people, roles, tokens. Mounted at the root of the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Path, Query, Router
from ninja.responses import Status

from cityloop.city.accounts import commands, queries, schemas
from cityloop.city.accounts.domain import (
    DEPARTMENT_ROLES,
    ROLE_NAMES,
    SCOPES,
    Role,
    Viewer,
)
from cityloop.city.accounts.entry import Anyone, source_of
from cityloop.city.accounts.models import User
from cityloop.city.accounts.rules import LEVEL_OF_ROLE, need_person
from cityloop.kernel.errors import DomainError

router = Router(tags=["accounts 机构与人员"])
Limit = Annotated[int, Query(ge=1, le=queries.MOST)]
After = Annotated[int, Query(ge=0, le=2**62)]
PathId = Annotated[int, Path(ge=0, le=2**62)]
BACKEND = "cityloop.city.accounts.backend.LimitedLogin"


@router.post("/session", response=schemas.MeOut, auth=None, summary="Log in 登录")
def open_session(request: HttpRequest, given: schemas.LoginIn) -> dict[str, Any]:
    _refuse_forms(request)
    now = timezone.now()
    user = commands.check_login(given.username, given.password, source=source_of(request), now=now)
    login(request, user, backend=BACKEND)
    return _me(request, queries.viewer_of(user))


@router.delete("/session", response={204: None}, summary="Log out 退出")
def close_session(request: HttpRequest) -> Status[None]:
    commands.close_login(actor=request.viewer, now=timezone.now())  # type: ignore[attr-defined]
    logout(request)
    return Status(204, None)


@router.get("/me", response=schemas.MeOut, auth=Anyone(), summary="Who am I 当前用户")
def me(request: HttpRequest) -> dict[str, Any]:
    return _me(request, request.viewer)  # type: ignore[attr-defined]


@router.patch("/me", response=schemas.MeOut, summary="Change my name or language 修改个人设置")
def change_me(request: HttpRequest, given: schemas.MeIn) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    commands.update_user(need_person(viewer), **given.dict(), actor=viewer, now=timezone.now())
    return _me(request, viewer)


@router.put("/me/password", response={204: None}, summary="Change my password 修改密码")
def change_password(request: HttpRequest, given: schemas.PasswordIn) -> Status[None]:
    user = commands.change_password(
        given.old,
        given.new,
        actor=request.viewer,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    update_session_auth_hash(request, user)
    return Status(204, None)


@router.get("/departments", response=schemas.DepartmentPage, summary="Departments 部门")
def departments(
    request: HttpRequest, after: After = 0, limit: Limit = 50, active: bool | None = True
) -> dict[str, Any]:
    rows = queries.department_rows(
        viewer=request.viewer,  # type: ignore[attr-defined]
        after=after,
        limit=limit,
        active=active,
    )
    return _page(rows, limit)


@router.put("/departments/{key}", response=schemas.GrantOut, summary="Set a department 维护部门")
def set_department(
    request: HttpRequest, key: schemas.Word, given: schemas.DepartmentIn
) -> dict[str, int]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    return {"id": commands.set_department(key, **given.dict(), actor=actor, now=timezone.now())}


@router.get("/roles", response=list[schemas.RoleOut], summary="Roles there are 角色")
def roles(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "role": role.value,
            "zh": zh,
            "en": en,
            "needs_department": role in DEPARTMENT_ROLES,
            "area_level": LEVEL_OF_ROLE.get(role),
        }
        for role, (zh, en) in ROLE_NAMES.items()
    ]


@router.get("/users", response=schemas.PersonPage, summary="People 人员")
def users(
    request: HttpRequest,
    after: After = 0,
    limit: Limit = 50,
    role: Role | None = None,
    department_id: schemas.Id | None = None,
    area_id: schemas.Id | None = None,
    search: schemas.Line = "",
) -> dict[str, Any]:
    rows = queries.users(
        viewer=request.viewer,  # type: ignore[attr-defined]
        after=after,
        limit=limit,
        role=role,
        department_id=department_id,
        area_id=area_id,
        search=search,
    )
    return {**_page(rows, limit), "items": [_person(row) for row in rows]}


@router.post("/users", response={201: schemas.OneTimePassword}, summary="New user 新建用户")
def create_user(request: HttpRequest, given: schemas.PersonIn) -> Status[Any]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    return Status(201, commands.create_user(**given.dict(), actor=actor, now=timezone.now()))


@router.get("/users/{user_id}", response=schemas.PersonOut, summary="One user 用户")
def user(request: HttpRequest, user_id: PathId) -> dict[str, Any]:
    return _person(queries.person(user_id, viewer=request.viewer))  # type: ignore[attr-defined]


@router.delete("/users/{user_id}", response={204: None}, summary="Close an account 停用用户")
def deactivate_user(request: HttpRequest, user_id: PathId) -> Status[None]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    commands.deactivate_user(user_id, actor=actor, now=timezone.now())
    return Status(204, None)


@router.post(
    "/users/{user_id}/roles", response={201: schemas.GrantOut}, summary="Grant a role 授予角色"
)
def grant_role(request: HttpRequest, user_id: PathId, given: schemas.GrantIn) -> Status[Any]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    held = commands.grant_role(user_id, **given.dict(), actor=actor, now=timezone.now())
    return Status(201, {"id": held.pk})


@router.delete("/roles/{holding_id}", response={204: None}, summary="End a role 免去角色")
def end_role(request: HttpRequest, holding_id: PathId) -> Status[None]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    commands.end_role(holding_id, actor=actor, now=timezone.now())
    return Status(204, None)


@router.get("/scopes", response=list[schemas.ScopeOut], summary="Scopes of tokens 令牌权限")
def scopes(request: HttpRequest) -> list[dict[str, str]]:
    return [{"scope": scope, "zh": zh, "en": en} for scope, (zh, en) in SCOPES.items()]


@router.get("/tokens", response=schemas.TokenPage, summary="Tokens 令牌")
def tokens(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return _page(queries.tokens(viewer=viewer, after=after, limit=limit), limit)


@router.post("/tokens", response={201: schemas.TokenSecret}, summary="New token 新建令牌")
def new_token(request: HttpRequest, given: schemas.TokenIn) -> Status[Any]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    made = commands.new_token(**given.dict(), actor=actor, now=timezone.now())
    return Status(201, {**asdict(made), "scopes": sorted(made.scopes)})


@router.delete("/tokens/{token_id}", response={204: None}, summary="Revoke a token 吊销令牌")
def revoke_token(request: HttpRequest, token_id: PathId) -> Status[None]:
    actor: Viewer = request.viewer  # type: ignore[attr-defined]
    commands.revoke_token(token_id, actor=actor, now=timezone.now())
    return Status(204, None)


def _me(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    row = queries.person(viewer.user_id, viewer=viewer) if viewer.user_id else None
    user = request.user
    return {
        "kind": viewer.kind,
        "name": viewer.name,
        "must_change_password": isinstance(user, User) and user.must_change_password,
        "person": _person(row) if row else None,
        "scopes": sorted(viewer.scopes) if viewer.scopes is not None else None,
        "csrf": get_token(request) if viewer.kind != "token" else "",
    }


def _person(row: queries.PersonRow) -> dict[str, Any]:
    shown = asdict(row)
    for held in shown["holdings"]:
        held["role_zh"], held["role_en"] = ROLE_NAMES[Role(held["role"])]
    return shown


def _page(rows: list[Any], limit: int) -> dict[str, Any]:
    """A page by cursor: `next_after` goes into `after` of the next call; none = the end."""
    last = getattr(rows[-1], "pk", None) or rows[-1].id if len(rows) == limit else None
    return {"items": rows, "next_after": last}


def _refuse_forms(request: HttpRequest) -> None:
    """JSON only: a browser sends it across sites only after asking, a form it sends unasked."""
    if request.content_type != "application/json":
        raise DomainError(
            "login.json_only",
            f"Log in with Content-Type application/json, not {request.content_type!r}.",
            "登录请求须使用 Content-Type: application/json。",
            status=415,
        )
