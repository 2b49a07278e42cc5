"""Duty grids, shifts, who answers, whose role reaches an area. Part of the places API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Path, Query, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import AwareDatetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.city.places import commands, queries, schemas
from cityloop.city.places.queries import rota
from cityloop.city.places.rules import need_duty_keeper, need_duty_reader
from cityloop.city.uploads import as_file
from cityloop.engines.tables.export import csv_chunks

router = Router(tags=["places 区域与网格"])
After = Annotated[int, Query(ge=0, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=rota.MOST)]
PathId = Annotated[int, Path(ge=0, le=2**62)]
PathCode = Annotated[schemas.Code, Path()]
MaybeArea = Annotated[schemas.Id | None, Query()]
TEMPLATES = {
    "duty": (["责任网格编码", "名称", "单元网格", "网格员"], ["G001", "一号责任网格", "", ""]),
    "shifts": (
        ["用户名", "开始", "结束"],
        ["wg001", "2026-05-04 08:00", "2026-05-04 18:00"],
    ),
}


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.post(
    "/places/duty/import/{what}",
    response=schemas.TableOut,
    summary="Import duty 导入责任网格或排班",
)
def import_table(
    request: HttpRequest,
    what: Literal["duty", "shifts"],
    file: Annotated[UploadedFile, File()],
    dry_run: Annotated[bool, Form()] = True,
) -> dict[str, Any]:
    """A table of duty grids or shifts; a dry run does everything and takes it back."""
    viewer, now = _viewer(request), timezone.now()
    need_duty_keeper(viewer)
    read = commands.import_duty if what == "duty" else commands.import_shifts
    with as_file(file) as path, write():
        done = read(path, actor=viewer, now=now)
        transaction.set_rollback(dry_run)
    return _table_out(done, viewer.language, written=not dry_run)


@router.get("/places/duty/template/{what}.csv", response={200: None}, summary="Template 模板")
def template(request: HttpRequest, what: Literal["duty", "shifts"]) -> StreamingHttpResponse:
    need_duty_reader(_viewer(request))
    columns, example = TEMPLATES[what]
    answer = StreamingHttpResponse(
        csv_chunks(columns, [example]), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{what}.csv"'
    return answer


@router.get(
    "/places/areas/{area_id}/roles",
    response=list[schemas.RoleHolderOut],
    summary="Who may do what here 区域任职",
)
def roles_in_area(request: HttpRequest, area_id: PathId) -> list[Any]:
    return rota.roles_in_area(area_id, viewer=_viewer(request))


@router.get(
    "/places/duty/assigned", response=schemas.AssignedOut, summary="Cells assigned 网格责任"
)
def assigned(request: HttpRequest, area_id: MaybeArea = None) -> rota.Cover:
    return rota.assigned_cover(area_id, viewer=_viewer(request))


@router.get("/places/duty/grids", response=schemas.DutyGridPage, summary="Duty grids 责任网格")
def duty_grids(
    request: HttpRequest,
    area_id: MaybeArea = None,
    search: schemas.Line = "",
    after: After = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    rows = rota.duty_grids(
        viewer=_viewer(request), area_id=area_id, search=search, after=after, limit=limit
    )
    return {"items": rows, "next_after": rows[-1]["id"] if len(rows) == limit else None}


@router.delete(
    "/places/duty/grids/{code}", response={204: None}, summary="Remove a duty grid 撤销责任网格"
)
def remove_duty_grid(request: HttpRequest, code: PathCode) -> Status[None]:
    commands.remove_duty_grid(code, actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.get("/places/duty/shifts", response=list[schemas.ShiftOut], summary="Shifts 班次")
def shifts(
    request: HttpRequest, since: AwareDatetime, until: AwareDatetime, area_id: MaybeArea = None
) -> list[dict[str, Any]]:
    return rota.shifts(since, until, viewer=_viewer(request), area_id=area_id)


@router.post("/places/duty/weeks", response=schemas.CopiedOut, summary="Copy a week 复制一周排班")
def copy_week(request: HttpRequest, given: schemas.WeekIn) -> dict[str, int]:
    actor = _viewer(request)
    return {"added": commands.copy_week(**given.dict(), actor=actor, now=timezone.now())}


@router.get(
    "/places/duty/answerers", response=list[schemas.AnswererOut], summary="Who answers 谁负责"
)
def answerers(
    request: HttpRequest, cell: Annotated[list[schemas.Id], Query(max_length=500)]
) -> list[dict[str, Any]]:
    need_duty_reader(_viewer(request))
    found = queries.who_answers(cell, timezone.now())
    return [{"cell_id": c, "user_id": a.user_id, "how": a.how} for c, a in found.items()]


@router.get("/places/duty/cover", response=schemas.CoverOut, summary="Cells covered 网格覆盖")
def cover(request: HttpRequest, area_id: schemas.Id | None = None) -> queries.Cover:
    need_duty_reader(_viewer(request))
    return queries.cover(timezone.now(), area_id)


@router.get(
    "/places/duty/workers", response=list[schemas.OnDutyOut], summary="On duty now 在岗网格员"
)
def on_duty(request: HttpRequest, area_id: schemas.Id | None = None) -> list[queries.OnDuty]:
    return queries.on_duty_workers(area_id, now=timezone.now(), viewer=_viewer(request))


@router.put(
    "/places/duty/grids/{code}", response=schemas.Made, summary="Set a duty grid 维护责任网格"
)
def set_duty_grid(
    request: HttpRequest, code: PathCode, given: schemas.DutyGridIn
) -> dict[str, int]:
    made = commands.set_duty_grid(
        code,
        name=given.name,
        cell_codes=given.cell_codes,
        actor=_viewer(request),
        now=timezone.now(),
    )
    return {"id": made}


@router.put(
    "/places/duty/grids/{code}/workers/{user_id}",
    response={204: None},
    summary="Assign a grid worker 指派网格员",
)
def assign_worker(
    request: HttpRequest, code: PathCode, user_id: PathId, given: schemas.WorkerIn
) -> Status[None]:
    commands.assign_worker(
        code, user_id, rank=given.rank, actor=_viewer(request), now=timezone.now()
    )
    return Status(204, None)


@router.delete(
    "/places/duty/grids/{code}/workers/{user_id}",
    response={204: None},
    summary="Release a grid worker 解除网格员",
)
def release_worker(request: HttpRequest, code: PathCode, user_id: PathId) -> Status[None]:
    commands.release_worker(code, user_id, actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.post("/places/duty/shifts", response={201: schemas.Made}, summary="Add a shift 排班")
def add_shift(request: HttpRequest, given: schemas.ShiftIn) -> Status[Any]:
    made = commands.add_shift(
        given.user_id,
        given.starts_at,
        given.ends_at,
        actor=_viewer(request),
        now=timezone.now(),
    )
    return Status(201, {"id": made})


@router.delete(
    "/places/duty/shifts/{shift_id}", response={204: None}, summary="Remove a shift 撤销班次"
)
def remove_shift(request: HttpRequest, shift_id: PathId) -> Status[None]:
    commands.remove_shift(shift_id, actor=_viewer(request), now=timezone.now())
    return Status(204, None)


def _table_out(done: commands.TableImport, language: str, *, written: bool) -> dict[str, Any]:
    return {
        "written": written,
        "added": done.added,
        "unchanged": done.unchanged,
        "remarks": done.remarks,
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
