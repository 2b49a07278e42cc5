"""Carrying an import through, batch by batch, from where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from cityloop.business.cases.settings import loop_settings
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.intake.commands.batch import (
    BatchDone,
    Item,
    Receive,
    read_items,
    receive_as,
    take_results,
)
from cityloop.business.intake.commands.rehearsal import Rehearsal
from cityloop.business.intake.domain import Limits, ReportMap, RowReader, Tally, bind
from cityloop.business.intake.domain.storable import storable_json
from cityloop.business.intake.files import forget_upload, map_of, opened
from cityloop.business.intake.models import ImportRun, LeftOutRow
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places.queries import tree
from cityloop.engines.tables import RefusedRow, Table
from cityloop.kernel.errors import Conflict, DomainError

BATCH = 500
Clock = Callable[[], datetime]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Ready:
    """A file opened under a mapping, both checked."""

    table: Table
    reader: RowReader


def prepared(path: Path, mapping: ReportMap, channel: str, *, run_id: int | None = None) -> Ready:
    """Open a file under a mapping.

    Raises: DomainError of the table reader, "map.column_missing", "map.unknown_class",
        "map.unknown_area", all before the first row.
    """
    table = opened(path, mapping)
    names = bind(mapping, table.columns)
    check_targets(mapping)
    limits = Limits(timezone=settings.TIME_ZONE, text_max=loop_settings().text_max)
    origin = {"import": run_id} if run_id else {}
    return Ready(table, RowReader(mapping, names, channel, limits, origin))


def check_targets(mapping: ReportMap) -> None:
    """Classes and areas that a mapping leads to must exist."""
    classes = catalogue().classes
    wanted = {*mapping.case_class.values.values(), mapping.case_class.default} - {""}
    unknown = sorted(wanted - classes.keys())
    if unknown:
        raise DomainError(
            "map.unknown_class",
            f"[class] leads to {', '.join(unknown[:20])}, which the catalogue in force does not "
            "have. Use keys such as E0112 (kind and four digits).",
            f"[class] 中的 {'、'.join(unknown[:20])} 不在现行目录中，请使用如 E0112 的代码。",
            where="class.values",
            details={"unknown": unknown},
        )
    areas = tree()
    codes = {*mapping.area.values.values(), mapping.area.default} - {""}
    missing = sorted(code for code in codes if areas.find_code(code) is None)
    if missing:
        raise DomainError(
            "map.unknown_area",
            f"[area] leads to codes that no area has: {', '.join(missing[:20])}.",
            f"[area] 中的区域编码不存在：{'、'.join(missing[:20])}。",
            where="area",
            details={"unknown": missing},
        )


def carry_on(
    run: ImportRun,
    path: Path,
    *,
    actor: Viewer,
    clock: Clock,
    progress: Progress | None = None,
    batch: int = BATCH,
    most_batches: int | None = None,
) -> ImportRun:
    """Go on with a run from its position, to its end or for so many batches.

    Each batch is one transaction: its reports, its rows left out, its counts and the new
    position stand together or not at all.
    Raises: DomainError when the file or mapping cannot be used (the run is then "failed"),
        Conflict("import.two_at_once") when another process carries on the same run.
    """
    try:
        ready = prepared(path, map_of(run.map_text), run.channel, run_id=run.pk)
        _set_running(run, ready.table)
        items = islice(_items(ready.table), run.position, None)
        rehearsal = Rehearsal(actor) if run.dry_run else None
        done = 0
        while chunk := list(islice(items, batch)):
            now = clock()
            receive = rehearsal.receive_at(now) if rehearsal else receive_as(actor, now)
            _one_batch(run, chunk, ready.reader, receive, now=now, clock=clock)
            if progress is not None:
                progress(len(chunk))
            done += 1
            if most_batches is not None and done >= most_batches:
                return run
    except Conflict:
        raise
    except DomainError as error:
        _fail(run, error)
        raise
    _finish(run, actor, clock())
    return run


def _items(table: Table) -> Iterator[Item]:
    """Good and refused rows in the order of the file."""
    waiting: list[RefusedRow] = []
    for number, row in table.rows(waiting.append):
        yield from waiting
        waiting.clear()
        yield number, row
    yield from waiting


def _one_batch(
    run: ImportRun,
    chunk: list[Item],
    reader: RowReader,
    receive: Receive,
    *,
    now: datetime,
    clock: Clock,
) -> None:
    results = read_items(chunk, reader, now=now)
    with write():
        done = take_results(results, chunk, reader, receive)
        moved = _save(run, done, len(chunk), (clock() - now).total_seconds())
    # Only what is committed counts: a batch that failed leaves the run as it was.
    for name, value in moved.items():
        setattr(run, name, value)


def _save(run: ImportRun, done: BatchDone, rows: int, seconds: float) -> dict[str, object]:
    tally = run.tally.plus(done.tally)
    moved: dict[str, object] = {
        "position": run.position + rows,
        "counts": tally.as_json(),
        "seconds": run.seconds + max(0.0, seconds),
    }
    mine = ImportRun.objects.filter(pk=run.pk, position=run.position, state="running")
    if mine.update(**moved) != 1:
        raise Conflict(
            "import.two_at_once",
            f"Import {run.pk} is being carried on by another process. Let it finish, or stop it "
            "and start again.",
            f"导入 {run.pk} 正由另一进程执行，请等待其完成，或停止后重新开始。",
        )
    for row in done.left_out:
        row.run_id = run.pk
    LeftOutRow.objects.bulk_create(done.left_out, batch_size=500)
    return moved


def _set_running(run: ImportRun, table: Table) -> None:
    run.state, run.error = "running", None
    run.remarks = storable_json(list(table.remarks)[:50])
    run.rows_expected = table.row_count_estimate
    run.save(update_fields=["state", "error", "remarks", "rows_expected"])


def _fail(run: ImportRun, error: DomainError) -> None:
    run.state, run.error = "failed", storable_json({**error.as_dict("zh"), "en": error.en})
    run.save(update_fields=["state", "error"])


def _finish(run: ImportRun, actor: Viewer, now: datetime) -> None:
    with write():
        run.state, run.finished_at = "done", now
        stored, run.stored = run.stored, ""
        run.save(update_fields=["state", "finished_at", "stored"])
        data = {"channel": run.channel, "sha256": run.file_sha256, "dry_run": run.dry_run}
        data |= _figures(run.tally)
        record(Draft("import.finished", "import", run.pk, data), actor=actor, now=now)
    forget_upload(stored)


def _figures(tally: Tally) -> dict[str, object]:
    numbers = {n: getattr(tally, n) for n in ("read", "accepted", "repeated", "dispatched")}
    return numbers | {"refused": tally.refused.total(), "skipped": tally.skipped.total()}
