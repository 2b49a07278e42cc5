"""One batch: rows to reports, into the loop, counted. All in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from cityloop.business.cases.commands import receive_many
from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.business.intake.domain import RowReader, RowResult, Tally
from cityloop.business.intake.domain.report_map import PointRule
from cityloop.business.intake.domain.storable import storable
from cityloop.business.intake.models import LeftOutRow
from cityloop.city.accounts.domain import Viewer
from cityloop.city.places.queries import bounds, locate
from cityloop.engines.tables import RefusedRow
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import check_many, to_wgs84

Answer = Receipt | DomainError
Receive = Callable[[Sequence[NewReport]], list[Answer]]
Item = RefusedRow | tuple[int, Mapping[str, Any]]


@dataclass
class BatchDone:
    """What a batch came to."""

    tally: Tally = field(default_factory=Tally)
    left_out: list[LeftOutRow] = field(default_factory=list)


def read_items(items: Sequence[Item], reader: RowReader, *, now: datetime) -> list[RowResult]:
    """Rows to reports or reasons; what depends on the city's map is decided here, too."""
    results = [_read(item, reader, now) for item in items]
    return _with_points_judged(results, reader.mapping.point)


def take_results(
    results: Sequence[RowResult], items: Sequence[Item], reader: RowReader, receive: Receive
) -> BatchDone:
    """Hand the reports to the loop and count what came of every row."""
    done = BatchDone()
    ready = [r for r in results if r.report is not None]
    answers = iter(receive([r.report for r in ready if r.report is not None]))
    for result, item in zip(results, items, strict=True):
        if result.report is not None:
            answer = next(answers)
            if isinstance(answer, DomainError):
                result = _refused(result, answer, item, reader)  # noqa: PLW2901
            else:
                done.tally.take_receipt(result.report, answer)
                if answer.created:
                    done.tally.take_notes(result.remarks, result.unmapped)
                continue
        _left_out(result, done)
    return done


def receive_as(actor: Viewer, now: datetime) -> Receive:
    """The loop's own command, as one actor at one moment."""
    return lambda reports: receive_many(reports, actor=actor, now=now)


def _read(item: Item, reader: RowReader, now: datetime) -> RowResult:
    if isinstance(item, RefusedRow):
        return RowResult(item.number, error=item.error, column=item.column, value=item.value)
    return reader.read(item[0], item[1], now=now)


def _refused(result: RowResult, error: DomainError, item: Item, reader: RowReader) -> RowResult:
    row = item[1] if isinstance(item, tuple) else {}
    column, value = reader.cell_of(error.where or "", row)
    return replace(result, report=None, error=error, column=column, value=value)


def _left_out(result: RowResult, done: BatchDone) -> None:
    row = LeftOutRow(
        row=result.number, column=storable(result.column, 300), value=storable(result.value, 400)
    )
    if result.error is not None:
        done.tally.take_refused(result.error.code)
        row.code, row.zh, row.en = result.error.code[:120], result.error.zh, result.error.en
    else:
        done.tally.take_skipped(result.skipped)
        row.skipped, row.code = True, result.skipped[:120]
        row.zh = f"按映射规则“{result.skipped}”略过"
        row.en = f"Skipped by the rule '{result.skipped}' of the mapping"
    row.zh, row.en = storable(row.zh, 2_000), storable(row.en, 2_000)
    done.left_out.append(row)


def _with_points_judged(results: list[RowResult], rule: PointRule) -> list[RowResult]:
    """Where the mapping says so: no points as missing, points outside refused."""
    if rule.unusable != "missing" and rule.outside != "refuse":
        return results
    at = [n for n, r in enumerate(results) if r.report is not None and r.report.lon is not None]
    if not at:
        return results
    lon = np.array([results[n].report.lon for n in at], float)  # type: ignore[union-attr]
    lat = np.array([results[n].report.lat for n in at], float)  # type: ignore[union-attr]
    bad = check_many(lon, lat, bounds()) != ""
    if rule.outside == "refuse":
        outside = np.zeros(len(at), bool)
        if (~bad).any():
            cells, _ = locate(*to_wgs84(lon[~bad], lat[~bad], rule.crs))
            outside[~bad] = cells < 0
        for n in (n for n, out in zip(at, outside, strict=True) if out):
            results[n] = _outside(results[n])
    if rule.unusable == "missing":
        for n in (n for n, wrong in zip(at, bad, strict=True) if wrong):
            results[n] = _without_point(results[n])
    return results


def _outside(result: RowResult) -> RowResult:
    report = result.report
    if report is None or report.area_code:  # the area is known, so the matter has a place
        return result
    error = DomainError(
        "coords.outside",
        f"lon={report.lon}, lat={report.lat} lies in no area of this city. Correct it, or set "
        'outside = "keep" under [coordinates] to let a person look.',
        f"坐标 {report.lon}, {report.lat} 不在本市任何区域内。请更正，或在 [coordinates] 中设 "
        'outside = "keep" 由人工处理。',
        where="lon,lat",
    )
    return replace(result, report=None, error=error, column="", value=f"{report.lon}, {report.lat}")


def _without_point(result: RowResult) -> RowResult:
    report = result.report
    if report is None:
        return result
    remarks = (*result.remarks, "coords.unusable")
    extra = {**report.extra, "remarks": list(remarks), "point": [report.lon, report.lat]}
    return replace(result, report=replace(report, lon=None, lat=None, extra=extra), remarks=remarks)
