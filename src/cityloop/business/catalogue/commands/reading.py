"""A city's catalogue file as classes with conditions; every row is read or refused by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cityloop.business.catalogue.commands.columns import ALL_NAMES, columns_of
from cityloop.business.catalogue.commands.units import AREA
from cityloop.business.catalogue.commands.versions import ClassSpec, ConditionSpec
from cityloop.engines.deadlines import Unit, parse_limit_lenient
from cityloop.engines.tables import Table, open_table
from cityloop.engines.tables.xlsx_rows import XlsxSource
from cityloop.kernel.errors import DomainError

KINDS = {
    "component": "component",
    "部件": "component",
    "c": "component",
    "event": "event",
    "事件": "event",
    "e": "event",
}
URGENCIES = ("normal", "urgent", "emergency")
EVIDENCES = ("none", "photo", "photo_before_after")
# An export puts an apostrophe before what a spreadsheet could run as a formula.
_DISARMED = re.compile(r"'[=+\-@\t\r|%]")
STORED_UNITS = frozenset(Unit) - {Unit.WORK_MINUTE}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken. sheet "" in a CSV file; row as a spreadsheet shows it."""

    sheet: str
    row: int
    column: str
    value: str
    en: str
    zh: str


@dataclass
class Reading:
    """What a file says. departments of conditions are still empty unless the file has keys."""

    classes: list[ClassSpec] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def conditions(self) -> int:
        return sum(len(c.conditions) for c in self.classes)


class _RowFault(Exception):
    def __init__(self, column: str, value: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.column, self.value, self.en, self.zh = column, value, en, zh


def read_catalogue(path: Path | str, *, departments: Collection[str] | None = None) -> Reading:
    """Classes in file order, of every sheet of an XLSX file that has the columns, or of a CSV.

    Args:
        departments: keys that the column `departments` may name; None = not checked.
    Raises: DomainError as `open_table` does, "catalogue.columns" when no sheet fits.
    """
    reading = Reading()
    found: dict[str, ClassSpec] = {}
    for sheet, table, names in _tables(Path(path), reading):
        _read_table(sheet, table, names, found, reading)
    if departments is not None:
        _check_departments(found, departments)
    reading.classes = list(found.values())
    return reading


def _check_departments(found: dict[str, ClassSpec], known: Collection[str]) -> None:
    for spec in found.values():
        for condition in spec.conditions:
            for key in condition.departments:
                if key not in known and key != AREA:
                    raise DomainError(
                        "catalogue.department",
                        f"Class {spec.key} names the department '{key}', which does not exist. "
                        "Create it first, or empty the column departments.",
                        f"类别 {spec.key} 中的部门代码“{key}”不存在，请先建立部门或清空该列。",
                        where=spec.key,
                    )


def _tables(path: Path, reading: Reading) -> Iterator[tuple[str, Table, dict[str, str]]]:
    first = open_table(path, known=ALL_NAMES, fill_merged=True)
    if not isinstance(first.source, XlsxSource):
        yield "", first, columns_of(first.columns)
        return
    fitting = 0
    refusal: DomainError | None = None
    for sheet in first.source.sheet_names:
        try:
            table = open_table(path, known=ALL_NAMES, fill_merged=True, sheet=sheet)
            names = columns_of(table.columns)
        except DomainError as error:
            refusal = refusal or error
            reading.remarks.append(f"sheet {sheet!r} left out: {error.en}")
            continue
        fitting += 1
        yield sheet, table, names
    if not fitting and refusal is not None:
        raise refusal


def _read_table(
    sheet: str,
    table: Table,
    names: dict[str, str],
    found: dict[str, ClassSpec],
    reading: Reading,
) -> None:
    codes: dict[str, str] = {}  # big class name → its code, for rows that leave the code out
    for number, row in table.rows():
        reading.rows += 1
        said = {own: _text(row.get(name)) for own, name in names.items()}
        try:
            _take_row(sheet, number, said, codes, found, reading)
        except _RowFault as fault:
            column = names.get(fault.column, fault.column)
            reading.refused.append(
                Refused(sheet, number, column, fault.value[:200], fault.en, fault.zh)
            )
    for lost in table.refused:
        reading.refused.append(
            Refused(sheet, lost.number, lost.column, lost.value, lost.error.en, lost.error.zh)
        )


def _take_row(
    sheet: str,
    number: int,
    said: dict[str, str],
    codes: dict[str, str],
    found: dict[str, ClassSpec],
    reading: Reading,
) -> None:
    big_zh = _name(said.get("big_zh", ""))
    if not said["big_code"] and big_zh in codes:
        said["big_code"] = codes[big_zh]
        where = f"{sheet} row {number}".strip()
        reading.remarks.append(f"{where}: big class code left out, taken as {codes[big_zh]}")
    spec = _class_of(sheet, said, big_zh)
    codes.setdefault(big_zh, spec.code[:2])
    condition = _condition_of(said, f"{sheet} row {number}".strip(), reading)
    known = found.setdefault(spec.key, spec)
    if known.name_zh != spec.name_zh:
        raise _RowFault(
            "zh",
            spec.name_zh,
            f"class {spec.key} is called {known.name_zh!r} in an earlier row: use one name",
            f"类别 {spec.key} 在前面的行中名为“{known.name_zh}”，请统一名称",
        )
    if condition is not None:
        found[spec.key] = replace(known, conditions=(*known.conditions, condition))


def _class_of(sheet: str, said: dict[str, str], big_zh: str) -> ClassSpec:
    kind = KINDS.get((said.get("kind") or sheet).strip().casefold())
    if kind is None:
        raise _RowFault(
            "kind" if "kind" in said else "sheet",
            said.get("kind") or sheet,
            "component or event is not said: add a column kind (部件 / 事件), or name the sheet so",
            "未说明是部件还是事件：请增加“类型”列，或将工作表命名为“部件”“事件”",
        )
    if not _name(said["zh"]):
        raise _RowFault("zh", "", "the class has no name", "小类名称为空")
    urgency = said.get("urgency") or "normal"
    if urgency not in URGENCIES:
        allowed = ", ".join(URGENCIES)
        raise _RowFault("urgency", urgency, f"allowed: {allowed}", f"应为：{allowed}")
    return ClassSpec(
        kind=kind,
        code=_digits(said, "big_code") + _digits(said, "small_code"),
        big_zh=_short("big_zh", big_zh, 60),
        big_en=_short("big_en", said.get("big_en", ""), 80),
        name_zh=_short("zh", _name(said["zh"]), 80),
        name_en=_short("en", said.get("en", ""), 120),
        aliases=tuple(a.strip() for a in said.get("aliases", "").split("|") if a.strip()),
        urgency=urgency,
        conditions=(),
    )


def _condition_of(said: dict[str, str], where: str, reading: Reading) -> ConditionSpec | None:
    """The condition of the row; None where the row names the class alone."""
    if not said["file_zh"] and not said["limit"] and not said.get("close_zh"):
        return None
    if not said["file_zh"]:
        raise _RowFault("file_zh", "", "the filing condition is empty", "立案条件为空")
    value, unit, rest = _limit(said["limit"])
    remark = said.get("remark", "")
    if rest:
        remark = f"{remark} {rest}".strip()
        reading.remarks.append(f"{where}: {said['limit']!r} read as a limit with remark {rest!r}")
    evidence = said.get("evidence") or "none"
    if evidence not in EVIDENCES:
        allowed = ", ".join(EVIDENCES)
        raise _RowFault("evidence", evidence, f"allowed: {allowed}", f"应为：{allowed}")
    return ConditionSpec(
        file_zh=said["file_zh"],
        file_en=said.get("file_en", ""),
        close_zh=said.get("close_zh", ""),
        close_en=said.get("close_en", ""),
        limit_value=value,
        limit_unit=unit,
        units_text=said.get("units", ""),
        supervisors_text=said.get("supervisors", ""),
        remark=_short("remark", remark, 200),
        departments=tuple(k for k in said.get("departments", "").split("|") if k),
        evidence=evidence,
        is_default=said.get("default", "") in ("1", "是", "true", "TRUE"),
    )


def _limit(text: str) -> tuple[float, str, str]:
    try:
        limit, rest = parse_limit_lenient(text)
    except DomainError as error:
        raise _RowFault("limit", text, error.en, error.zh) from error
    if limit.unit not in STORED_UNITS:
        return limit.value / 60, Unit.WORK_HOUR.value, rest
    return limit.value, limit.unit.value, rest


def _digits(said: dict[str, str], name: str) -> str:
    """Two digits: '1' and '1.0' → '01'."""
    text = said[name].removesuffix(".0")
    if text.isascii() and text.isdigit() and 1 <= len(text) <= 2:
        return text.zfill(2)
    raise _RowFault(
        name, said[name], "a class code has one or two digits", "类别代码应为一到两位数字"
    )


def _short(column: str, text: str, most: int) -> str:
    if len(text) > most:
        raise _RowFault(
            column, text, f"at most {most} characters, there are {len(text)}", f"最多 {most} 字"
        )
    return text


def _text(value: Any) -> str:
    text = "" if value is None else str(value).replace("\0", "").strip()
    return text[1:] if _DISARMED.match(text) else text


def _name(text: str) -> str:
    return " ".join(text.split())
