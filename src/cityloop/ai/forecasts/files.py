"""Counts from a file of reports or of daily counts, whatever its columns are called."""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from cityloop.engines.forecast import DailyCounts, count_days
from cityloop.engines.tables import Table, open_table
from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

PARTS = ("date", "area", "topic", "count")
USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": (
        "date", "day", "created_date", "createddate", "creation_date", "open_dt", "opened",
        "requested_datetime", "open_date", "received_at", "created_at", "time", "timestamp",
        "日期", "时间", "留言时间", "上报时间", "受理时间",
    ),
    "area": (
        "area", "neighborhood", "neighbourhood", "police_district", "policedistrict", "district",
        "borough", "region", "ward", "community_area", "区域", "街道", "区县", "地区",
    ),
    "topic": (
        "reason", "topic", "category", "complaint_type", "srtype", "nature", "class", "type",
        "service_name", "大类", "类别", "一级标签", "主题",
    ),
    "count": ("count", "cnt", "n", "number", "数量", "件数"),
}  # fmt: skip
UNKNOWN = "*"
LOOKED_AT = 20_000
_SLASHED = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}")


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
            time of day, hours are counted too. "" leaves a part out.
        areas: area by name in the file; rows of names not in it are left out and told.
        day_first: order of 04/12/2018; found out from the file when None.
    Raises: DomainError("forecast.column" | "forecast.no_rows" | "table.…").
    """
    with _plain(Path(path)) as plain:
        table = open_table(plain)
        used = _columns(table, columns or {})
        order = day_first if day_first is not None else _order(table, used["date"])
        found = _Rows(used, areas, order)
        for _, row in table.rows():
            found.take(row)
        found.refused.update(refused.error.code for refused in table.refused)
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

    def take(self, row: Mapping[str, Any]) -> None:
        try:
            moment = _moment(row[self._columns["date"]], self._day_first)
            number = self._number(row)
        except DomainError as error:
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
        return str(row.get(column) or "").strip() or UNKNOWN if column else UNKNOWN

    def _number(self, row: Mapping[str, Any]) -> int:
        column = self._columns.get("count")
        if not column:
            return 1
        said = str(row.get(column) or "").strip()
        if not re.fullmatch(r"\d{1,9}(\.0+)?", said):
            raise DomainError("forecast.count", f"'{said}' is no number of reports.")
        return int(float(said))


def _moment(value: Any, day_first: bool | None) -> datetime:
    """The wall clock of a date; an offset is dropped after reading (days are local days)."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return _parsed(str(value or "").strip(), day_first)


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
    """Whether days come first, as the numbers above 12 in the file tell; None where none does."""
    first = second = 0
    for _, row in islice(table.rows(), LOOKED_AT):
        found = _SLASHED.match(str(row.get(column) or ""))
        if found:
            first, second = max(first, int(found[1])), max(second, int(found[2]))
    table.refused.clear()
    return None if max(first, second) <= 12 else first > 12


def _columns(table: Table, wanted: Mapping[str, str]) -> dict[str, str]:
    folded = {re.sub(r"[\s\-]+", "_", name.strip().casefold()): name for name in table.columns}
    found: dict[str, str] = {}
    for part in PARTS:
        if part in wanted:
            if wanted[part] and wanted[part] not in table.columns:
                raise _no_column(wanted[part], table.columns)
            name = wanted[part]
        else:
            name = next((folded[n] for n in USUAL_NAMES[part] if n in folded), "")
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


@contextmanager
def _plain(path: Path) -> Iterator[Path]:
    """The file itself, or what a gzipped one holds, for as long as it is read."""
    if not path.is_file() or _head(path) != b"\x1f\x8b":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / (path.stem if path.suffix == ".gz" else path.name)
        try:
            with gzip.open(path) as packed, plain.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
        except (OSError, EOFError) as error:
            raise DomainError(
                "forecast.damaged",
                f"{path.name} is a damaged gzip file ({error}). Fetch it again.",
                f"{path.name} 是损坏的 gzip 文件，请重新获取。",
                where=str(path.name),
            ) from error
        yield plain


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2)
