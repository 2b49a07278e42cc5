"""Departments, people, the roles they hold. Mounted at the root of the API."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.responses import Status

from cityloop.city.accounts import commands, queries, schemas
from cityloop.city.accounts.api.paging import After, Limit, PathId, page, person_out, viewer_of
from cityloop.city.accounts.domain import DEPARTMENT_ROLES, ROLE_NAMES, Role
from cityloop.city.accounts.gate import need_confirmed
from cityloop.city.accounts.rules import LEVEL_OF_ROLE, need_role

router = Router(tags=["accounts 机构与人员"])


@router.get("/departments", response=schemas.DepartmentPage, summary="Departments 部门")
def departments(
    request: HttpRequest, after: After = 0, limit: Limit = 50, active: bool | None = True
) -> dict[str, Any]:
    rows = queries.department_rows(
        viewer=viewer_of(request),
        after=after,
        limit=limit,
        active=active,
    )
    return page(rows, limit)


@router.put("/departments/{key}", response=schemas.GrantOut, summary="Set a department 维护部门")
def set_department(
    request: HttpRequest, key: schemas.Word, given: schemas.DepartmentIn
) -> dict[str, int]:
    actor = viewer_of(request)
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


@router.get("/users", response=schemas.UserPage, summary="People 人员")
def users(
    request: HttpRequest,
    after: After = 0,
    limit: Limit = 50,
    role: Role | None = None,
    department_id: schemas.Id | None = None,
    area_id: schemas.Id | None = None,
    search: schemas.Line = "",
    active: bool | None = None,
) -> dict[str, Any]:
    rows = queries.users(
        viewer=viewer_of(request),
        after=after,
        limit=limit,
        role=role,
        department_id=department_id,
        area_id=area_id,
        search=search,
        active=active,
    )
    return {**page(rows, limit), "items": [person_out(row) for row in rows]}


@router.post("/users", response={201: schemas.OneTimePassword}, summary="New user 新建用户")
def create_user(request: HttpRequest, given: schemas.PersonIn) -> Status[Any]:
    actor = viewer_of(request)
    return Status(201, commands.create_user(**given.dict(), actor=actor, now=timezone.now()))


@router.get("/users/{user_id}", response=schemas.UserOut, summary="One user 用户")
def user(request: HttpRequest, user_id: PathId) -> dict[str, Any]:
    return person_out(queries.person(user_id, viewer=viewer_of(request)))


@router.delete("/users/{user_id}", response={204: None}, summary="Close an account 停用用户")
def deactivate_user(request: HttpRequest, user_id: PathId) -> Status[None]:
    actor = viewer_of(request)
    commands.deactivate_user(user_id, actor=actor, now=timezone.now())
    return Status(204, None)


@router.post(
    "/users/{user_id}/roles", response={201: schemas.GrantOut}, summary="Grant a role 授予角色"
)
def grant_role(request: HttpRequest, user_id: PathId, given: schemas.GrantIn) -> Status[Any]:
    need_confirmed(request)
    actor = viewer_of(request)
    held = commands.grant_role(user_id, **given.dict(), actor=actor, now=timezone.now())
    return Status(201, {"id": held.pk})


@router.delete("/roles/{holding_id}", response={204: None}, summary="End a role 免去角色")
def end_role(request: HttpRequest, holding_id: PathId) -> Status[None]:
    need_confirmed(request)
    actor = viewer_of(request)
    commands.end_role(holding_id, actor=actor, now=timezone.now())
    return Status(204, None)


@router.patch("/users/{user_id}", response=schemas.UserOut, summary="Change a user 修改用户")
def change_user(request: HttpRequest, user_id: PathId, given: schemas.MeIn) -> dict[str, Any]:
    actor = viewer_of(request)
    commands.update_user(user_id, **given.dict(), actor=actor, now=timezone.now())
    return person_out(queries.person(user_id, viewer=actor))


@router.post(
    "/users/{user_id}/password",
    response=schemas.OneTimePassword,
    summary="New one-time password 重置密码",
)
def reset_password(request: HttpRequest, user_id: PathId) -> dict[str, Any]:
    """Shown once; all log-ins of the user end. For a closed account: opens it again."""
    actor, now = viewer_of(request), timezone.now()
    need_role(actor, Role.SYSTEM_ADMIN)
    need_confirmed(request)
    person = queries.person(user_id, viewer=actor)
    change = commands.reset_password if person.is_active else commands.reopen_user
    password = change(user_id, actor=actor, now=now)
    return {"user_id": user_id, "username": person.username, "password": password}


@router.get("/names", response=list[schemas.NameOut], summary="Names of people 姓名")
def names(
    request: HttpRequest, id: Annotated[list[schemas.Id], Query(max_length=200)]
) -> list[dict[str, Any]]:
    """For lists that hold ids alone, such as the trace."""
    found = queries.names_for(id, viewer=viewer_of(request))
    return [{"id": pk, "name": name} for pk, name in found.items()]
