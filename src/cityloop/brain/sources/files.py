"""Rows of a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cityloop.ai.tables import unpacked
from cityloop.brain.values import Row
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError

SHOWN = 100  # refused rows that are told one by one


def rows_of_file(path: str | Path, remarks: list[str], **options: Any) -> Iterator[Row]:
    """CSV, TSV, XLSX, JSON lines (engines.tables), JSON, each also as .gz. Bad rows become
    remarks.

    Raises: DomainError("table.*" | "brain.file") for one that is not there or not what it says.
    """
    try:
        yield from _rows_of_file(Path(path), remarks, options)
    except (OSError, EOFError, ValueError) as error:
        name = Path(path).name
        raise DomainError(
            "brain.file",
            f"{name} cannot be read as {Path(path).suffix or 'a table'}: {error}",
            f"{name} 无法按 {Path(path).suffix or '表格'} 读取：{error}",
            where=name,
        ) from error


def _rows_of_file(file: Path, remarks: list[str], options: dict[str, Any]) -> Iterator[Row]:
    with unpacked(file) as plain:
        if plain.suffix == ".json":
            body = json.loads(plain.read_text("utf-8-sig"))
            yield from items_of(body, options.get("items", ""))
            return
        given = {name: value for name, value in options.items() if name != "items"}
        table = open_table(plain, **given)
        for _, row in table.rows():
            yield row
    for one in table.refused[:SHOWN]:
        said = one.error
        remarks.append(f"第 {one.number} 行未读：{said.zh} / row {one.number} left out: {said.en}")
    if (more := len(table.refused) - SHOWN) > 0:
        remarks.append(f"另有 {more} 行未读 / {more} more rows left out")


def items_of(body: Any, name: str) -> Iterator[Row]:
    if isinstance(body, dict):
        wanted = [name] if name else ["items", "results", "features", "data"]
        found = next((body[key] for key in wanted if isinstance(body.get(key), list)), None)
        if found is None and name:
            raise DomainError(
                "brain.items",
                f"The answer has no list {name!r}; it has {', '.join(map(str, body))}.",
                f"返回内容中没有列表 {name!r}，只有：{'、'.join(map(str, body))}。",
            )
        body = [body] if found is None else found
    if not isinstance(body, list):
        raise DomainError(
            "brain.items",
            f"There are no rows in a bare {type(body).__name__}; needed is a list or an object.",
            f"内容是单个 {type(body).__name__}，没有记录；应为列表或对象。",
        )
    for row in body:
        yield row if isinstance(row, Mapping) else {"value": row}
