"""Reading imports: what ran, what came of it, which rows were left out."""

from __future__ import annotations

from collections.abc import Iterator

from cityloop.business.intake.domain import summary_lines
from cityloop.business.intake.models import ImportRun, LeftOutRow
from cityloop.business.intake.rules import need_importer
from cityloop.city.accounts.domain import Viewer
from cityloop.engines.tables.export import csv_chunks
from cityloop.kernel.errors import NotFound

MOST = 200
LEFT_OUT_COLUMNS = ("row", "column", "value", "code", "reason_zh", "reason_en", "outcome")


def runs(viewer: Viewer, *, after: int = 0, limit: int = 50) -> list[ImportRun]:
    """Imports, newest first; `after` is the id of the last one of the page before."""
    need_importer(viewer)
    rows = ImportRun.objects.order_by("-pk").defer("map_text")
    rows = rows.filter(pk__lt=after) if after else rows
    return list(rows[: max(1, min(limit, MOST))])


def get_run(viewer: Viewer, run_id: int) -> ImportRun:
    """One import. Raises: NotFound("import.unknown")."""
    need_importer(viewer)
    run = ImportRun.objects.filter(pk=run_id).first() if 0 < run_id < 2**63 else None
    if run is None:
        raise NotFound(
            "import.unknown", f"There is no import {run_id}.", f"没有编号为 {run_id} 的导入。"
        )
    return run


def left_out_file(run: ImportRun) -> Iterator[bytes]:
    """The rows left out as CSV (UTF-8 with BOM), formulas disarmed, in pieces."""
    return csv_chunks(LEFT_OUT_COLUMNS, _left_out_rows(run))


def _left_out_rows(run: ImportRun) -> Iterator[tuple[object, ...]]:
    rows: Iterator[LeftOutRow] = LeftOutRow.objects.filter(run=run).order_by("pk").iterator(2_000)
    for r in rows:
        outcome = "skipped" if r.skipped else "refused"
        yield r.row, r.column, r.value, r.code, r.zh, r.en, outcome


def summary_of(run: ImportRun, refused_file: str = "") -> list[str]:
    """The closing summary of a run."""
    return summary_lines(
        run.tally, seconds=run.seconds, dry_run=run.dry_run, refused_file=refused_file
    )
