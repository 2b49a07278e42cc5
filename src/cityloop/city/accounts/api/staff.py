"""Departments and staff from files, roles asked for and decided."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from cityloop.city.accounts import commands, queries, schemas
from cityloop.city.accounts.api.paging import After, Limit, viewer_of
from cityloop.city.accounts.commands.staff_file import (
    DEPARTMENT_COLUMNS,
    STAFF_COLUMNS,
    StaffImport,
)
from cityloop.city.accounts.domain import ROLE_NAMES, Role
from cityloop.city.accounts.gate import need_confirmed
from cityloop.city.accounts.models import RoleRequest
from cityloop.city.accounts.rules import need_role
from cityloop.city.uploads import as_file
from cityloop.engines.tables.export import csv_chunks
from cityloop.engines.tables.export_xlsx import xlsx_chunks

router = Router(tags=["accounts 机构与人员"])
Upload = Annotated[UploadedFile, File()]
DryRun = Annotated[bool, Form()]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.post(
    "/departments/import", response=schemas.StaffImportOut, summary="Import departments 导入部门"
)
def import_departments(
    request: HttpRequest, file: Upload, dry_run: DryRun = True
) -> dict[str, Any]:
    actor = viewer_of(request)
    with as_file(file) as path:
        done = commands.import_departments(path, dry_run=dry_run, actor=actor, now=timezone.now())
    return import_out(done, actor.language)


@router.post("/users/import", response=schemas.StaffImportOut, summary="Import staff 导入人员")
def import_staff(request: HttpRequest, file: Upload, dry_run: DryRun = True) -> dict[str, Any]:
    """Accounts are made; the roles in the file wait for the security administrator."""
    actor = viewer_of(request)
    with as_file(file) as path:
        done = commands.import_staff(path, dry_run=dry_run, actor=actor, now=timezone.now())
    return import_out(done, actor.language)


@router.get("/roles/template.{form}", response={200: None}, summary="Template 模板")
def template(
    request: HttpRequest, form: Literal["csv", "xlsx"], what: Literal["staff", "departments"]
) -> StreamingHttpResponse:
    """An empty table with the headings and one example row."""
    need_role(viewer_of(request), Role.SYSTEM_ADMIN)
    staff = what == "staff"
    columns = [zh[0] for zh in (STAFF_COLUMNS if staff else DEPARTMENT_COLUMNS).values()]
    example = (
        ["wg001", "王建国", ROLE_NAMES[Role.GRID_WORKER][0], "", "", ""]
        if staff
        else ["sanitation", "环境卫生管理中心", "Sanitation centre", "bureau", "环卫 垃圾", "否"]
    )
    write = xlsx_chunks if form == "xlsx" else csv_chunks
    answer = StreamingHttpResponse(write(columns, [example]), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{what}.{form}"'
    return answer


@router.get("/roles/requests", response=schemas.RoleRequestPage, summary="Roles asked for 任职申请")
def role_requests(
    request: HttpRequest,
    state: Literal["asked", "granted", "refused"] = "asked",
    after: After = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    rows = queries.role_requests(viewer=viewer_of(request), state=state, after=after, limit=limit)
    return {"items": rows, "next_after": rows[-1]["id"] if len(rows) == limit else None}


@router.post("/roles/requests", response={201: schemas.GrantOut}, summary="Ask for a role 申请任职")
def ask_for_role(request: HttpRequest, given: schemas.RoleRequestIn) -> Status[Any]:
    actor = viewer_of(request)
    made = commands.ask_for_role(**given.dict(), actor=actor, now=timezone.now())
    return Status(201, {"id": made or 0})


@router.post(
    "/roles/requests/decide", response=schemas.RoleDecidedOut, summary="Grant or refuse 审批任职"
)
def decide_roles(request: HttpRequest, given: schemas.RoleDecideIn) -> dict[str, Any]:
    need_confirmed(request)
    actor = viewer_of(request)
    done = commands.decide_roles(given.ids, grant=given.grant, actor=actor, now=timezone.now())
    rows = queries.requests_out(RoleRequest.objects.filter(pk__in=done.problems).order_by("pk"))
    return {"granted": done.granted, "refused": done.refused, "problems": rows}


def import_out(done: StaffImport, language: str) -> dict[str, Any]:
    """What a file did, each refused row in the reader's language."""
    plain = ("written", "added", "changed", "unchanged", "requests", "remarks")
    return {
        **{name: getattr(done, name) for name in plain},
        "passwords": [asdict(made) for made in done.passwords],
        "refused": [
            {
                "row": row.number,
                "column": row.column,
                "value": str(row.value)[:200],
                "code": row.error.code,
                "message": row.error.message(language),
            }
            for row in done.refused
        ],
    }
