"""Keeping the catalogue over the web: import with a dry run, versions, calendar, limits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Path, Query, Router
from ninja.files import UploadedFile
from ninja.responses import Status

from cityloop.business.catalogue import commands, queries, schemas
from cityloop.business.catalogue.commands import calendar
from cityloop.business.catalogue.commands.comparing import difference
from cityloop.business.catalogue.commands.import_file import Imported, import_catalogue
from cityloop.business.catalogue.previewing import preview, stage_limits
from cityloop.business.catalogue.rules import need_reader, need_writer
from cityloop.city.accounts.domain import Viewer
from cityloop.city.uploads import as_file
from cityloop.engines.deadlines import Limit, Unit, china_years

router = Router(tags=["catalogue 案卷目录"])
Upload = Annotated[UploadedFile, File()]
Day = Annotated[date, Path()]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.post("/import", response=schemas.CatalogueImportOut, summary="Import 导入目录")
def import_file(
    request: HttpRequest,
    file: Upload,
    name: Annotated[str, Form(max_length=120)] = "",
    create_departments: Annotated[bool, Form()] = False,
    allow_refused: Annotated[bool, Form()] = False,
    dry_run: Annotated[bool, Form()] = True,
) -> dict[str, Any]:
    """XLSX or CSV. With refused rows nothing is written unless `allow_refused`."""
    viewer = _viewer(request)
    with as_file(file) as path:
        asked: dict[str, Any] = {"actor": viewer, "now": timezone.now()}
        told = import_catalogue(path, dry_run=True, **asked)
        changes = difference(told.reading.classes)
        done = told
        if not dry_run:
            done = import_catalogue(
                path,
                name=name,
                create_departments=create_departments,
                allow_refused=allow_refused,
                **asked,
            )
    return _import_out(done, viewer.language) | {
        "added": [asdict(c) for c in changes.added],
        "changed": [asdict(c) for c in changes.changed],
        "gone": [asdict(c) for c in changes.gone],
        "unchanged": changes.unchanged,
    }


@router.post(
    "/versions/{int:number}/activate", response=schemas.VersionOut, summary="Use a version 启用版本"
)
def activate(request: HttpRequest, number: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Any:
    """New cases take it from now on; open cases stay on theirs."""
    return commands.choose_version(number, actor=_viewer(request), now=timezone.now())


@router.get("/duties", response=list[schemas.CatalogueDutyOut], summary="Duty table 权责清单")
def duties(request: HttpRequest) -> list[dict[str, Any]]:
    """Of the active version: who leads for a class pattern in an area."""
    need_reader(_viewer(request))
    return queries.duty_rows()


@router.get("/stages", response=list[schemas.StageLimitOut], summary="Limits of stages 环节时限")
def stages(request: HttpRequest) -> list[dict[str, Any]]:
    """Kept in the profile, so that a city's limits are one file."""
    need_reader(_viewer(request))
    return stage_limits()


@router.get("/calendar", response=schemas.CalendarOut, summary="Work days 工作日历")
def work_days(
    request: HttpRequest, year: Annotated[int, Query(ge=2000, le=2100)]
) -> dict[str, Any]:
    need_reader(_viewer(request))
    return queries.calendar_of(year) | {"published": sorted(china_years())}


@router.post("/calendar/published", response=schemas.EnteredOut, summary="Published years 载入公布")
def enter_published(request: HttpRequest, given: schemas.YearsIn) -> dict[str, int]:
    """Public holidays and swapped workdays of mainland China, for years published already."""
    days = calendar.china_days(given.years)
    entered = calendar.set_work_days(days, actor=_viewer(request), now=timezone.now())
    return {"entered": entered}


@router.post("/calendar/import", response=schemas.EnteredOut, summary="Days of a file 导入日历")
def import_days(request: HttpRequest, file: Upload) -> dict[str, int]:
    """Columns day, works (1 班, 0 休), name."""
    need_writer(_viewer(request))
    with as_file(file) as path:
        days = calendar.read_days(path)
    entered = calendar.set_work_days(days, actor=_viewer(request), now=timezone.now())
    return {"entered": entered}


@router.put("/calendar/{day}", response={204: None}, summary="Set a day 设置放假或上班")
def set_day(request: HttpRequest, day: Day, given: schemas.WorkDayIn) -> Status[None]:
    row = calendar.Day(day, given.works, given.name)
    calendar.set_work_days([row], actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.delete("/calendar/{day}", response={204: None}, summary="As the week has it 恢复常规")
def remove_day(request: HttpRequest, day: Day) -> Status[None]:
    calendar.remove_work_day(day, actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.post("/deadline", response=schemas.DeadlineOut, summary="What a limit becomes 时限试算")
def deadline(request: HttpRequest, given: schemas.DeadlineIn) -> dict[str, Any]:
    """The deadline of something that starts then, with the days left out on the way."""
    need_reader(_viewer(request))
    return preview(given.starts_at, Limit(given.value, Unit(given.unit)))


def _import_out(done: Imported, language: str) -> dict[str, Any]:
    reading = done.reading
    zh = language == "zh"
    refused = [
        {
            "sheet": r.sheet,
            "row": r.row,
            "column": r.column,
            "value": r.value,
            "message": r.zh if zh else r.en,
        }
        for r in reading.refused[:500]
    ]
    return {
        "written": done.version is not None,
        "version": done.version.number if done.version else None,
        "same_as": done.same_as.number if done.same_as else None,
        "rows": reading.rows,
        "classes": len(reading.classes),
        "conditions": reading.conditions,
        "refused_count": len(reading.refused),
        "refused": refused,
        "remarks": reading.remarks[:200],
        "unknown_units": [{"name": n, "count": c} for n, c in done.units.unknown.most_common(200)],
        "created_departments": done.units.created,
        "renamed": list(done.renamed),
    }
