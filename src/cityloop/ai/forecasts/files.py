"""Counts from a file of reports or of daily counts, whatever its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from cityloop.ai.tables import (
    AREA,
    COUNT,
    DAY,
    LOOKED_AT,
    TOPIC,
    cell_text,
    columns_of_counts,
    day_comes_first,
    find_column,
    unpacked,
)
from cityloop.engines.forecast import DailyCounts, count_days
from cityloop.engines.tables import Table, open_table
from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

USUAL_NAMES: Mapping[str, Sequence[str]] = {
    "date": DAY, "area": AREA, "topic": TOPIC, "count": COUNT,
}  # fmt: skip
PARTS = tuple(USUAL_NAMES)
UNKNOWN = "*"
_OFFSET = re.compile(r"(\d:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*[+-]\d{2}:?\d{2}$")


@dataclass
class Read:
    """What a file gave. columns: which stood for what; refused: rows by reason."""

    counts: DailyCounts
    columns: dict[str, str]
    rows: int
    refused: Counter[str] = field(default_factory=Counter)


def read_counts(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    areas: Mapping[str, str] | None = None,
    day_first: bool | None = None,
) -> Read:
    """Daily counts of a CSV, XLSX or JSON-lines file, gzipped or not.

    Args:
        columns: {"date": ..., "area": ..., "topic": ..., "count": ...}; those not named are found
            by usual names. Without a count column each row is one report; where its date has a
            time of day, hours are counted too. "" leaves a part out. Rows that look like counts
            (one a day and cell, beside numbers) are not taken for reports: then the count column
            has to be named, or left out in so many words.
        areas: area by name in the file; rows of names not in it are left out and told.
        day_first: order of 04/12/2018; found out from the file when None.
    Raises: DomainError("forecast.column" | "forecast.are_counts" | "forecast.no_rows" |
        "table.…").
    """
    with unpacked(path) as plain:
        table = open_table(plain, known=_known(columns or {}))
        used = _columns(table, columns or {})
        if "count" not in {*used, *(columns or {})}:
            _refuse_unnamed_counts(table, used["date"])
        order = day_first if day_first is not None else _order(table, used["date"])
        found = _Rows(used, areas, order)
        for _, row in table.rows():
            found.take(row)
        found.refused.update(refused.error.code for refused in table.refused)
        if not found.days:
            raise _no_rows(found)
    hours = found.hours if found.has_hours else None
    counts = count_days(found.days, found.areas, found.topics, found.numbers, hours)
    return Read(counts, used, len(found.days), found.refused)


def area_names(path: Path | str) -> dict[str, str]:
    """{name in the reports: area} from a table with the columns name and area."""
    table = open_table(Path(path))
    if not {"name", "area"} <= set(table.columns):
        raise _no_column("name, area", table.columns)
    return {str(row["name"]).strip(): str(row["area"]).strip() for _, row in table.rows()}


class _Rows:
    """Rows side by side as they are read."""

    def __init__(
        self, columns: Mapping[str, str], areas: Mapping[str, str] | None, day_first: bool | None
    ) -> None:
        self._columns, self._areas, self._day_first = columns, areas, day_first
        self.days: list[date] = []
        self.areas: list[str] = []
        self.topics: list[str] = []
        self.numbers: list[int] = []
        self.hours: list[int] = []
        self.has_hours = False
        self.refused: Counter[str] = Counter()
        self.first_refusal = ("", "")

    def take(self, row: Mapping[str, Any]) -> None:
        try:
            moment = _moment(row.get(self._columns["date"]), self._day_first)
            number = self._number(row)
        except DomainError as error:
            self.first_refusal = self.first_refusal if self.refused else (error.en, error.zh)
            self.refused[error.code] += 1
            return
        area = self._text(row, "area")
        if self._areas is not None:
            if area not in self._areas:
                self.refused["forecast.area_not_named"] += 1
                return
            area = self._areas[area]
        self.days.append(moment.date())
        self.hours.append(moment.hour)
        self.has_hours |= moment.time() != time()
        self.areas.append(area)
        self.topics.append(self._text(row, "topic"))
        self.numbers.append(number)

    def _text(self, row: Mapping[str, Any], part: str) -> str:
        column = self._columns.get(part)
        return (cell_text(row.get(column)).strip() if column else "") or UNKNOWN

    def _number(self, row: Mapping[str, Any]) -> int:
        column = self._columns.get("count")
        if not column:
            return 1
        said = cell_text(row.get(column)).strip()
        if re.fullmatch(r"\d{1,3}(,\d{3})+", said):
            said = said.replace(",", "")
        if not re.fullmatch(r"\d{1,9}(\.0+)?", said):
            raise DomainError(
                "forecast.count", f"{said!r} is no number of reports.", f"“{said}”不是件数。"
            )
        return int(float(said))


def _moment(value: Any, day_first: bool | None) -> datetime:
    """The wall clock as it was written: an offset is dropped, for days are local days."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return _parsed(_OFFSET.sub(r"\1", cell_text(value).strip()), day_first)


@lru_cache(maxsize=100_000)
def _parsed(text: str, day_first: bool | None) -> datetime:
    if len(text) == 10 and text[4:5] == "-":
        try:
            return datetime.combine(date.fromisoformat(text), time())
        except ValueError:
            pass
    if not text:
        raise DomainError("date.unknown_format", "A row has no date.", "有行缺少日期。")
    return parse_datetime(text, timezone=UTC, dayfirst=day_first).replace(tzinfo=None)


def _order(table: Table, column: str) -> bool | None:
    found = day_comes_first(cell_text(row.get(column)) for _, row in table.rows())
    table.refused.clear()
    return found


def _known(columns: Mapping[str, str]) -> list[str]:
    """Names that tell a header; no letters, which may be values as well."""
    usual = [name for names in USUAL_NAMES.values() for name in names if len(name.encode()) > 2]
    return [*filter(None, columns.values()), *usual]


def _columns(table: Table, wanted: Mapping[str, str]) -> dict[str, str]:
    if unknown := sorted(set(wanted) - set(PARTS)):
        raise _no_column(unknown[0], list(PARTS))
    found: dict[str, str] = {}
    for part, usual in USUAL_NAMES.items():
        if part in wanted:
            if wanted[part] and wanted[part] not in table.columns:
                raise _no_column(wanted[part], table.columns)
            name = wanted[part]
        else:
            name = find_column(table.columns, usual)
        if name:
            found[part] = name
    if "date" not in found:
        raise _no_column("date", table.columns)
    return found


def _no_column(column: str, there: list[str]) -> DomainError:
    return DomainError(
        "forecast.column",
        f"The file has no column {column!r}; it has: {', '.join(there)}. Name the right ones: "
        "--columns date=NAME area=NAME topic=NAME count=NAME.",
        f"文件中没有“{column}”列，现有：{'、'.join(there)}。"
        "请用 --columns date=列名 area=列名 topic=列名 count=列名 指定。",
        where=column,
        details={"columns": there},
    )


def _refuse_unnamed_counts(table: Table, day: str) -> None:
    """Raises: DomainError("forecast.are_counts")."""
    shown = [row for _, row in islice(table.rows(), LOOKED_AT)]
    numbers = columns_of_counts(shown, day) if shown else []
    if not numbers:
        return
    some = ", ".join(numbers)
    raise DomainError(
        "forecast.are_counts",
        "Every row is another day of what it is about, so the rows look like daily counts, but "
        f"no column is known to hold them. It may be one of: {some}. Name it: --columns "
        "count=NAME; or say that each row is one report: --columns count= (a file with a column a "
        "topic: write it as one row a day and topic).",
        "每行都是同一事项的不同日期，看来是逐日件数，但未识别出件数列；"
        f"可能是：{some}。请用 --columns count=列名 指定；"
        "若每行确为一件上报，请写 --columns count= 。"
        "（每类一列的文件，请先转为每行一日一类。）",
        where="count",
        details={"columns": numbers},
    )


def _no_rows(found: _Rows) -> DomainError:
    en, zh = found.first_refusal
    reasons = ", ".join(f"{n} × {code}" for code, n in found.refused.most_common(3)) or "0"
    return DomainError(
        "forecast.no_rows",
        f"There is not one usable row to count ({reasons}). The first: {en or 'none'} Check the "
        "column names and the dates; 2015-01-31, 1/31/2015, 2015年1月31日 and 20150131 are read.",
        f"没有可计数的数据行（{reasons}）。首例：{zh or '无'}请检查列名与日期；"
        "可读 2015-01-31、1/31/2015、2015年1月31日、20150131。",
        where="date",
        details={"refused": dict(found.refused)},
    )
