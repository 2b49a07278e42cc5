"""One row of a table to one report, or to the reason why not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityloop.business.cases.domain.values import NewReport, NewReporter
from cityloop.business.intake.domain.expressions import Cell, cell_text, cells_of
from cityloop.business.intake.domain.map_file import folded_value
from cityloop.business.intake.domain.points import NOWHERE, Point, read_pair, read_point
from cityloop.business.intake.domain.report_map import REPORTER_FIELDS, Choice, ReportMap
from cityloop.business.intake.domain.storable import storable, storable_json
from cityloop.engines.tables.dates import parse_datetime
from cityloop.engines.tables.text import clean_text
from cityloop.kernel.errors import DomainError

SHOWN_CHARS = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_SIZES = {"title": 300, "address": 300, "external_id": 120}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a city takes: the zone of times without one, and the longest text."""

    timezone: str = "Asia/Shanghai"
    text_max: int = 20_000


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: exactly one of report, skipped, error.

    Args:
        number: as a spreadsheet shows it.
        column, value: which cell an error is about, where one is.
        skipped: name of the rule that left it out.
        remarks: codes of remarks.py.
        unmapped: text of the class column that the table of classes does not have.
    """

    number: int
    report: NewReport | None = None
    error: DomainError | None = None
    skipped: str = ""
    column: str = ""
    value: str = ""
    remarks: tuple[str, ...] = ()
    unmapped: str = ""


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one table.

    Args:
        mapping: what the mapping file says.
        names: column of the mapping -> column of the table (`bind`).
        channel: channel of every report.
        origin: goes with every report: where it came from.
    """

    mapping: ReportMap
    names: Mapping[str, str]
    channel: str
    limits: Limits = Limits()
    origin: Mapping[str, Any] = field(default_factory=dict)

    def read(self, number: int, row: Mapping[str, Any], *, now: datetime) -> RowResult:
        """The report of a row. `now` bounds its times; nothing is written."""
        cell = cells_of(row, self.names)
        for rule in self.mapping.skip:
            value = cell(rule.column)
            if rule.holds(value):
                return RowResult(
                    number, skipped=rule.name, column=self.names.get(rule.column, rule.column),
                    value=value[:SHOWN_CHARS],
                )  # fmt: skip
        remarks: list[str] = []
        try:
            report, unmapped = self._report(number, row, cell, remarks, now)
        except DomainError as error:
            column, value = self.cell_of(error.where or "", row)
            return RowResult(number, error=error, column=column, value=value)
        return RowResult(number, report=report, remarks=tuple(remarks), unmapped=unmapped)

    def cell_of(self, where: str, row: Mapping[str, Any]) -> tuple[str, str]:
        """Name and text of the cell(s) behind a field of a report."""
        columns = [self.names[c] for c in self.mapping.columns_of(where) if c in self.names]
        values = [cell_text(row.get(c)) for c in columns]
        return ", ".join(columns), " | ".join(v for v in values if v)[:SHOWN_CHARS]

    def _report(
        self, number: int, row: Mapping[str, Any], cell: Cell, remarks: list[str], now: datetime
    ) -> tuple[NewReport, str]:
        junk: list[str] = []
        point = self._point(cell)
        happened_at = self._happened_at(row, cell, now, remarks)
        class_key, unmapped = _chosen(self.mapping.case_class, cell)
        area, unknown_area = _chosen(self.mapping.area, cell)
        language = self._language(cell, remarks)
        title = self._text("title", cell, junk)
        text = self._text("text", cell, junk)
        address = self._text("address", cell, junk)
        external_id = self._external_id(row, cell, remarks, junk)
        remarks += [code for code, holds in (
            (point.remark, point.remark), ("area.unmapped", unknown_area),
            ("class.unmapped", unmapped), ("text.cleaned", junk),
        ) if holds]  # fmt: skip
        report = NewReport(
            channel=self.channel,
            external_id=external_id,
            title=title,
            text=text,
            lon=point.lon,
            lat=point.lat,
            crs=self.mapping.point.crs,
            address=address,
            area_code=area,
            class_key=class_key,
            language=language,
            happened_at=happened_at,
            reporter=self._reporter(cell),
            confidential=bool(_chosen(self.mapping.confidential, cell)[0]),
            extra=self._extra(number, cell, remarks),
        )
        return report, unmapped

    def _point(self, cell: Cell) -> Point:
        rule, fields = self.mapping.point, self.mapping.fields
        if rule.pair:
            return read_pair(cell(rule.pair), rule)
        if "lon" not in fields or "lat" not in fields:
            return NOWHERE
        return read_point(fields["lon"].text(cell), fields["lat"].text(cell), rule)

    def _happened_at(
        self, row: Mapping[str, Any], cell: Cell, now: datetime, remarks: list[str]
    ) -> datetime | None:
        made = self.mapping.fields.get("happened_at")
        if made is None:
            return None
        rule = self.mapping.dates
        # A spreadsheet's date is a date already, whatever formats its text cells have.
        value: str | datetime = made.text(cell)
        if made.is_plain and made.columns[0] in self.names:
            raw = row.get(self.names[made.columns[0]])
            value = raw if isinstance(raw, datetime) else value
        if value == "":
            return None
        try:
            return parse_datetime(
                value,
                timezone=rule.timezone or self.limits.timezone,
                formats=rule.formats or None,
                dayfirst=rule.dayfirst,
                now=now,
                where="happened_at",
            )
        except DomainError:
            if rule.unusable != "missing":
                raise
            remarks.append("date.unusable")
            return None

    def _language(self, cell: Cell, remarks: list[str]) -> str:
        language, unknown = _chosen(self.mapping.language, cell)
        if unknown or (language and not _LANGUAGE.fullmatch(language)):
            remarks.append("language.unknown")
        return language if _LANGUAGE.fullmatch(language) else "zh"

    def _text(self, name: str, cell: Cell, junk: list[str]) -> str:
        made = self.mapping.fields.get(name)
        if made is None:
            return ""
        return clean_text(
            made.text(cell),
            where=name,
            max_chars=_SIZES.get(name, self.limits.text_max),
            multiline=name == "text",
            mode="import",
            remarks=junk,
        )

    def _external_id(
        self, row: Mapping[str, Any], cell: Cell, remarks: list[str], junk: list[str]
    ) -> str:
        given = self._text("external_id", cell, junk)
        if given:
            return given
        remarks.append("id.from_content")
        return content_id(row)

    def _reporter(self, cell: Cell) -> NewReporter | None:
        name, phone, contact = (self._said_of_reporter(n, cell) for n in REPORTER_FIELDS)
        if not (name or phone or contact):
            return None
        return NewReporter(name=name, phone=phone, contact=contact)

    def _said_of_reporter(self, name: str, cell: Cell) -> str:
        made = self.mapping.reporter.get(name)
        if made is None:
            return ""
        return clean_text(made.text(cell), where=f"reporter.{name}", max_chars=200, mode="import")

    def _extra(self, number: int, cell: Cell, remarks: list[str]) -> dict[str, Any]:
        extra: dict[str, Any] = {**self.origin, "row": number}
        kept = {name: cell(name) for name in self.mapping.keep}
        if kept:
            extra["kept"] = storable_json({name: value for name, value in kept.items() if value})
        if remarks:
            extra["remarks"] = list(remarks)
        return extra


def content_id(row: Mapping[str, Any]) -> str:
    """An id made of all cells of a row, the order of columns aside: equal rows are one report."""
    said = sorted((folded_value(k), cell_text(v).strip()) for k, v in row.items())
    filled = [pair for pair in said if pair[1]]
    raw = json.dumps(filled, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return "row-" + hashlib.sha256(raw).hexdigest()[:40]


def _chosen(choice: Choice, cell: Cell) -> tuple[str, str]:
    """(value, text that the table does not have)."""
    unknown = ""
    for source in choice.sources:
        text = source.text(cell)
        if not text:
            continue
        if not choice.values:
            return text, ""
        found = choice.values.get(folded_value(text))
        if found is not None:
            return found, ""
        unknown = text  # the last source is the broadest; it names what the table lacks
    return choice.default, storable(unknown, 80)
