"""A version as a table that `import_catalogue` reads back to the same content."""

from __future__ import annotations

from collections.abc import Iterator

from cityloop.business.catalogue.commands.columns import COLUMNS
from cityloop.business.catalogue.commands.duties_file import DUTY_COLUMNS
from cityloop.business.catalogue.models import CaseClass, Condition, Duty, Version
from cityloop.engines.deadlines import Limit, Unit, format_limit
from cityloop.engines.tables.export import csv_chunks
from cityloop.engines.tables.export_xlsx import xlsx_chunks

Row = list[str]


def catalogue_rows(version: Version) -> Iterator[Row]:
    """A row a condition, a class without one in a row of its own; columns as in COLUMNS."""
    classes = CaseClass.objects.filter(version=version).order_by("pk")
    for row in classes.prefetch_related("conditions"):
        head = _class_cells(row)
        conditions = sorted(row.conditions.all(), key=lambda c: c.seq)
        for condition in conditions:
            said = head | _condition_cells(condition)
            yield [said.get(name, "") for name in COLUMNS]
        if not conditions:
            yield [head.get(name, "") for name in COLUMNS]


def duty_rows(version: Version) -> Iterator[Row]:
    """The duty table; columns as in DUTY_COLUMNS."""
    for duty in Duty.objects.filter(version=version).order_by("pk").select_related("area"):
        area = duty.area.code if duty.area else ""
        yield [duty.pattern, area, duty.lead, "|".join(duty.co), duty.remark]


def catalogue_file(version: Version, form: str) -> Iterator[bytes]:
    """The version as a CSV or XLSX file, in pieces."""
    if form == "xlsx":
        return xlsx_chunks(list(COLUMNS), catalogue_rows(version), sheet="目录 catalogue")
    return csv_chunks(list(COLUMNS), catalogue_rows(version))


def duties_file(version: Version) -> Iterator[bytes]:
    """Its duty table as CSV."""
    return csv_chunks(list(DUTY_COLUMNS), duty_rows(version))


def _class_cells(row: CaseClass) -> dict[str, str]:
    return {
        "kind": row.kind,
        "big_code": row.code[:2],
        "big_zh": row.big_zh,
        "big_en": row.big_en,
        "small_code": row.code[2:],
        "zh": row.name_zh,
        "en": row.name_en,
        "aliases": row.aliases,
        "urgency": row.urgency,
    }


def _condition_cells(row: Condition) -> dict[str, str]:
    return {
        "file_zh": row.file_zh,
        "file_en": row.file_en,
        "close_zh": row.close_zh,
        "close_en": row.close_en,
        "limit": format_limit(Limit(row.limit_value, Unit(row.limit_unit))),
        "units": row.units_text,
        "supervisors": row.supervisors_text,
        "departments": "|".join(row.departments),
        "evidence": row.evidence,
        "default": "1" if row.is_default else "",
        "remark": row.remark,
    }
