"""Reports of a CSV or XLSX file, with the columns such files have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from cityloop.engines.hot_issues.values import Reports
from cityloop.engines.tables import open_table
from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("留言编号", "编号", "工单编号", "id", "msg_id", "number"),
    "sender": ("留言用户", "用户", "user_id", "user", "sender"),
    "title": ("留言主题", "主题", "标题", "title", "subject"),
    "at": ("留言时间", "时间", "受理时间", "created", "at", "received_at", "time"),
    "text": ("留言详情", "详情", "内容", "text", "body"),
}
NEEDED = ("id", "title", "at", "text")
AREA = re.compile(r"(?<![A-Za-z])[A-Z]\d{1,2}[市区县]")
"""A district as anonymised files write it; a deployment knows the district of each report."""


@dataclass(frozen=True)
class FileOfReports:
    """Reports in order of time, their ids and senders; `refused`: (row, why)."""

    reports: Reports
    ids: list[str]
    senders: list[str]
    refused: list[tuple[int, str]]


def read_reports(path: Path | str, columns: Mapping[str, str] | None = None) -> FileOfReports:
    """The reports of a file.

    Args:
        columns: our name (id, sender, title, at, text) → the file's; found by usual names else.
    Raises: DomainError("issues.column") naming the columns there are; as `open_table` does.
    """
    table = open_table(path, known=[n for names in COLUMNS.values() for n in names])
    where = _columns(table.columns, columns or {})
    rows: list[tuple[datetime, str, str, str, str]] = []
    refused = [(r.number, r.error.en) for r in table.refused]
    for number, row in table.rows():
        cell = {ours: row.get(theirs) for ours, theirs in where.items()}
        text = [str(cell.get(name) or "").strip() for name in ("id", "sender", "title", "text")]
        if not text[0] or not (text[2] or text[3]):
            refused.append((number, "no id, or neither title nor text"))
            continue
        try:
            rows.append((_time(cell["at"]), text[0], text[1], text[2], text[3]))
        except DomainError as error:
            refused.append((number, error.en))
    rows.sort(key=lambda r: (r[0], r[1]))
    named = [_area(title, text) for _, _, _, title, text in rows]
    codes = {name: i for i, name in enumerate(sorted(set(named) - {""}))}
    reports = Reports.of_texts(
        [r[3] for r in rows],
        [r[4] for r in rows],
        np.array([r[0].timestamp() / 86_400 for r in rows]),
        [codes.get(name, -1) for name in named],
    )
    return FileOfReports(reports, [r[1] for r in rows], [r[2] for r in rows], refused)


def _columns(there: tuple[str, ...] | list[str], given: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for ours, usual in COLUMNS.items():
        wanted = (given[ours],) if ours in given else usual
        theirs = next((name for name in wanted if name in there), None)
        if theirs is not None:
            found[ours] = theirs
        elif ours in NEEDED or ours in given:
            names = ", ".join(there)
            raise DomainError(
                "issues.column",
                f"The file has no column for '{ours}' (looked for {', '.join(wanted)}); it has: "
                f"{names}. Name it.",
                f"文件中没有“{ours}”对应的列（查找了 {'、'.join(wanted)}），"
                f"现有：{names}。请指定。",
                where=ours,
                details={"columns": list(there)},
            )
    return found


def _time(value: object) -> datetime:
    """Without an offset it is a local time; which zone's is nothing to grouping."""
    said = value if isinstance(value, datetime) else str(value or "").strip()
    return parse_datetime(said, timezone="UTC", where="at")


def _area(title: str, text: str) -> str:
    """The first district the title names, else the first the beginning of the text names."""
    found = AREA.search(title) or AREA.search(text[:300])
    return found.group() if found else ""
