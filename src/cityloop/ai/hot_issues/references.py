"""Files to judge grouping by: reports, and issues that people put together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cityloop.ai.tables import (
    DAY,
    TEXT,
    TITLE,
    cell_text,
    find_column,
    unpacked,
)
from cityloop.engines.hot_issues.files import COLUMNS, FileOfReports, read_reports
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError

ID = ("报告编号", "诉求编号", "report_id", "report", "message_id", "case_id", "unique_key")
SENDER = ("sender_id", "userid", "reporter", "phone", "来电号码", "诉求人", "用户编号")
ISSUE = (
    "问题ID", "问题编号", "热点编号", "热点问题", "issue", "issue_id", "cluster", "cluster_id",
    "group", "group_id", "event", "event_id", "name",
)  # fmt: skip
USUAL: Mapping[str, Sequence[str]] = {
    "id": (*COLUMNS["id"], *ID), "sender": (*COLUMNS["sender"], *SENDER),
    "title": (*COLUMNS["title"], *TITLE), "at": (*COLUMNS["at"], *DAY),
    "text": (*COLUMNS["text"], *TEXT),
}  # fmt: skip
SHOWN = 5


def reports_of(path: str, columns: Mapping[str, str] | None = None) -> FileOfReports:
    """The reports of a file whose columns are called as usual, or as `columns` says.

    Raises: DomainError("issues.no_rows") where not one can be used; as `read_reports`.
    """
    with unpacked(path) as file:
        there = open_table(file, known=[name for names in USUAL.values() for name in names]).columns
        usual = {ours: find_column(there, names) for ours, names in USUAL.items()}
        where = {ours: theirs for ours, theirs in usual.items() if theirs} | dict(columns or {})
        found = read_reports(file, where)
    if not found.ids:
        number, why = found.refused[0] if found.refused else (0, "the file has no rows")
        raise DomainError(
            "issues.no_rows",
            f"Not one of {len(found.refused)} rows can be used; row {number}: {why}. Needed are an "
            "id, a time as 2019-02-28 11:25:05, and a title or a text.",
            f"{len(found.refused)} 行均无法使用；第 {number} 行：{why}。"
            "每行须有编号、时间（如 2019-02-28 11:25:05）以及标题或正文。",
            where="rows",
        )
    return found


def read_references(path: str, file: FileOfReports) -> dict[str, list[int]]:
    """Issues people put together, as rows of the file of reports.

    JSON: {name: [ids]} (also one level down), [[ids], ...], [{"issue", "ids"}, ...] or one list of
    ids. A table: the columns issue and id, or id alone (one issue). An id counts once an issue;
    "360100.0" is 360100.
    Raises: DomainError("issues.reference") for a file without ids, and naming ids that the file
        of reports does not have; as `open_table` does.
    """
    rows: dict[str, list[int]] = {}
    for number, report in enumerate(file.ids):
        rows.setdefault(_plain(report), []).append(number)
    with unpacked(path) as given:
        named = _of_json(given) if _is_json(given) else _of_table(given)
    if not any(named.values()):
        raise _refused("it names no report", "其中没有任何上报编号", path)
    missing = [one for ids in named.values() for one in ids if one not in rows]
    if missing:
        some = ", ".join(missing[:SHOWN])
        left = f" ({len(file.refused)} rows of it were left out)" if file.refused else ""
        raise _refused(
            f"it names {len(missing)} reports that the file does not have{left}: {some}",
            f"其中 {len(missing)} 个编号不在上报文件中（另有 {len(file.refused)} 行未用）：{some}",
            path,
        )
    return {
        name: [row for one in dict.fromkeys(ids) for row in rows[one]]
        for name, ids in named.items()
        if ids
    }


def _is_json(path: Path) -> bool:
    """Whether it is one JSON text; a file that is not there is told as a missing table is."""
    return path.is_file() and path.suffix.lower() == ".json"


def _of_json(path: Path) -> dict[str, list[str]]:
    try:
        given = json.loads(_decoded(path))
    except ValueError as error:
        raise _refused(f"it is no JSON ({error})", f"不是合法的 JSON（{error}）", path) from error
    found: dict[str, list[str]] = {}
    for name, ids in _lists(given, ""):
        found.setdefault(name, []).extend(ids)
    return found


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _lists(given: Any, name: str) -> Iterator[tuple[str, list[str]]]:
    """(name, ids) of whatever holds lists of ids."""
    if isinstance(given, Mapping):
        ids = next((given[key] for key in ("ids", "reports", "members") if key in given), None)
        if isinstance(ids, list):
            said = next((given[key] for key in ("issue", "name", "id") if key in given), name)
            yield cell_text(said) or name, [_plain(one) for one in ids]
            return
        for key, each in given.items():
            yield from _lists(each, str(key))
    elif isinstance(given, list) and any(isinstance(one, list | Mapping) for one in given):
        for number, each in enumerate(given, 1):
            yield from _lists(each, f"{name}{number}")
    elif isinstance(given, list):
        yield name or "1", [_plain(one) for one in given]


def _of_table(path: Path) -> dict[str, list[str]]:
    table = open_table(path, known=[*ISSUE, *USUAL["id"]])
    report = find_column(table.columns, USUAL["id"])
    if not report:
        there = ", ".join(table.columns)
        raise _refused(
            f"it has no column of ids; it has: {there}. Call them issue and id",
            f"没有编号列，现有：{there}。请命名为 issue 与 id",
            path,
        )
    issue = find_column([name for name in table.columns if name != report], ISSUE)
    found: dict[str, list[str]] = {}
    for _, cells in table.rows():
        name = cell_text(cells.get(issue)).strip() if issue else "1"
        one = _plain(cells.get(report))
        if name and one:
            found.setdefault(name, []).append(one)
    return found


def _plain(value: object) -> str:
    """An id as text; spreadsheets write 360100 as 360100.0."""
    return re.sub(r"\.0+$", "", cell_text(value).strip())


def _refused(en: str, zh: str, path: object) -> DomainError:
    name = Path(str(path)).name
    return DomainError(
        "issues.reference",
        f"References of {name}: {en}.",
        f"参考答案 {name}：{zh}。",
        where=name,
    )
