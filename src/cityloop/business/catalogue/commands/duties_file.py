"""The duty table (权责清单) as a file: pattern, area, lead, co, remark."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from cityloop.business.catalogue.commands.units import AREA
from cityloop.business.catalogue.commands.versions import DutySpec
from cityloop.city.places.queries import tree
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError

DUTY_COLUMNS = ("pattern", "area", "lead", "co", "remark")
_PATTERN = re.compile(r"[CE]\d{4}|[CE]\d{0,3}\*|\*")


def read_duties(path: Path | str, *, departments: Collection[str]) -> list[DutySpec]:
    """Rows of a duty table: pattern E0301, E03* or *; area by its code ("" = everywhere).

    Raises: DomainError("catalogue.duty") at the first row that cannot be read, naming it.
    """
    table = open_table(path, known=DUTY_COLUMNS)
    found = []
    for number, row in table.rows():
        said = {c: str(row.get(c) or "").strip().removeprefix("'") for c in DUTY_COLUMNS}
        if not _PATTERN.fullmatch(said["pattern"]):
            raise _fault(number, "pattern", said["pattern"], "E0301, E03*, E* or *")
        co = tuple(k for k in said["co"].split("|") if k)
        for column, key in (("lead", said["lead"]), *(("co", k) for k in co)):
            if key not in departments and key != AREA:
                raise _fault(number, column, key, "the key of an active department")
        area = tree().find_code(said["area"]) if said["area"] else None
        if said["area"] and area is None:
            raise _fault(number, "area", said["area"], "the code of an area, or nothing")
        found.append(
            DutySpec(said["pattern"], said["lead"], co, area.id if area else None, said["remark"])
        )
    if table.refused:
        raise table.refused[0].error
    return found


def _fault(row: int, column: str, value: str, allowed: str) -> DomainError:
    return DomainError(
        "catalogue.duty",
        f"Duty table, row {row}, {column}: {value!r:.80}; allowed: {allowed}. Correct the row.",
        f"权责清单第 {row} 行 {column} 列：{value!r:.80} 无效；应为 {allowed}。请更正该行。",
        where=f"row {row}",
        details={"row": row, "column": column, "value": value[:80]},
    )
