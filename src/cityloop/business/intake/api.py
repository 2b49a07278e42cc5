"""Imports over REST: a file and a mapping go in, a job carries them through."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status

from cityloop.business.intake import commands, queries
from cityloop.business.intake.commands import MapFile
from cityloop.business.intake.files import map_names, named_map
from cityloop.business.intake.models import ImportRun
from cityloop.business.intake.rules import need_importer
from cityloop.city.refusals import Problem
from cityloop.kernel.errors import DomainError

router = Router(tags=["imports 导入"])
MOST_BYTES = 512 * 1024 * 1024


class ImportOut(Schema):
    """An import and how far it is. `counts`: see docs/guide/import.md."""

    id: int
    file_name: str
    file_sha256: str
    channel: str
    map_name: str
    dry_run: bool
    state: str
    position: int
    rows_expected: int
    counts: dict[str, Any]
    remarks: list[str]
    error: dict[str, Any] | None
    seconds: float
    created_at: datetime
    finished_at: datetime | None


class ImportDetail(ImportOut):
    """With its closing summary and the address of the rows left out."""

    summary: list[str]
    left_out_url: str | None


class ImportPage(Schema):
    items: list[ImportOut]
    after: int | None


ERRORS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}


@router.post("", response={202: ImportDetail, 200: ImportDetail, **ERRORS}, summary="导入 Import")
def create_import(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    map_name: Annotated[str, Form(max_length=80)] = "",
    map_text: Annotated[str, Form(max_length=500_000)] = "",
    channel: Annotated[str, Form(max_length=24)] = "",
    dry_run: Annotated[bool, Form()] = False,
) -> Any:
    """CSV, XLSX or JSON lines, with a mapping by its name or as TOML. 200: imported before."""
    viewer = request.viewer  # type: ignore[attr-defined]
    need_importer(viewer)
    run = commands.upload(
        _checked(file),
        file.name or "upload",
        given=_map_file(map_name, map_text),
        channel=channel,
        dry_run=dry_run,
        actor=viewer,
        now=timezone.now(),
    )
    return Status(200 if run.state == "done" else 202, _detail(run))


@router.get("", response={200: ImportPage, **ERRORS}, summary="导入列表 Imports")
def list_imports(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=queries.MOST)] = 50,
) -> Any:
    found = queries.runs(request.viewer, after=after, limit=limit)  # type: ignore[attr-defined]
    return {"items": found, "after": found[-1].pk if len(found) == limit else None}


@router.get("/mappings", response={200: list[str], **ERRORS}, summary="映射 Mappings")
def list_mappings(request: HttpRequest) -> Any:
    need_importer(request.viewer)  # type: ignore[attr-defined]
    return map_names()


@router.get("/{int:run_id}", response={200: ImportDetail, **ERRORS}, summary="导入详情 An import")
def read_import(request: HttpRequest, run_id: int) -> Any:
    return _detail(queries.get_run(request.viewer, run_id))  # type: ignore[attr-defined]


@router.get("/{int:run_id}/left-out", summary="未入库行 Rows left out (CSV)", response=ERRORS)
def read_left_out(request: HttpRequest, run_id: int) -> Any:
    """Refused and skipped rows: row, column, value, code, reason_zh, reason_en, outcome."""
    run = queries.get_run(request.viewer, run_id)  # type: ignore[attr-defined]
    answer = StreamingHttpResponse(queries.left_out_file(run), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}-left-out.csv"'
    return answer


def _detail(run: ImportRun) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(run, name) for name in ImportOut.model_fields}
    left_out = run.tally.refused.total() + run.tally.skipped.total()
    url = f"/api/v1/imports/{run.pk}/left-out" if left_out else None
    return shown | {"summary": queries.summary_of(run, url or ""), "left_out_url": url}


def _checked(file: UploadedFile) -> UploadedFile:
    if file.size is None or file.size > MOST_BYTES:
        raise DomainError(
            "import.too_big",
            f"The file has {file.size or 0:,} bytes; at most {MOST_BYTES:,} by upload. Use "
            "`cityloop import reports` on the server for larger ones.",
            f"文件为 {file.size or 0:,} 字节，上传最多 {MOST_BYTES:,} 字节；更大的文件请在服务器上"
            "使用 cityloop import reports。",
            where="file",
        )
    return file


def _map_file(name: str, text: str) -> MapFile:
    if bool(name) == bool(text):
        raise DomainError(
            "import.map",
            f"Give a mapping by `map_name` ({', '.join(map_names())}) or as `map_text` (TOML), "
            "one of them.",
            f"请以 map_name（{'、'.join(map_names())}）或 map_text（TOML）指定映射，二选一。",
            where="map_name",
        )
    return MapFile(text or named_map(name), name)
