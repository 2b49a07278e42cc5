"""Cases as a table for spreadsheets: citizens' words masked, formulas in them disarmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from cityloop.business.cases.domain import STATE_NAMES, State
from cityloop.business.cases.lists import list_of
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.domain import masked_text
from cityloop.engines.privacy import Mode
from cityloop.engines.tables.export import csv_chunks
from cityloop.engines.tables.export_xlsx import xlsx_chunks

COLUMNS = {
    "number": "案卷编号 number",
    "state": "状态 state",
    "title": "标题 title",
    "channel": "渠道 channel",
    "case_class__key": "类别代码 class",
    "case_class__name_zh": "类别 class name",
    "address": "地址 address",
    "lon": "经度 lon",
    "lat": "纬度 lat",
    "lead_department__name_zh": "主办部门 department",
    "received_at": "受理时间 received",
    "filed_at": "立案时间 filed",
    "dispatched_at": "派遣时间 dispatched",
    "handle_due_at": "处置时限 due",
    "handled_at": "处置完成 handled",
    "closed_at": "结案时间 closed",
    "late_ever": "曾超时 was overdue",
    "reworks": "返工 reworks",
    "solved": "已解决 solved",
    "satisfied": "满意 satisfied",
}
# A file goes where nobody knows who reads it; whoever works on a case opens the case.
WORDS = ("title", "address")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def case_table(
    viewer: Viewer, filters: Mapping[str, Any], *, kind: str
) -> tuple[Iterator[bytes], str]:
    """Every case of the viewer that the filters keep, streamed.

    Returns: chunks of bytes and their content type.
    """
    # A wrong filter is refused here and not when half of the answer is under way.
    rows = _rows(list_of(viewer, filters))
    heads = list(COLUMNS.values())
    if kind == "csv":
        return csv_chunks(heads, rows), "text/csv; charset=utf-8"
    return xlsx_chunks(heads, rows), XLSX


def _rows(cases: QuerySet[Case]) -> Iterator[list[Any]]:
    found = cases.order_by("id").values_list(*COLUMNS)
    names = list(COLUMNS)
    state, words = names.index("state"), [names.index(name) for name in WORDS]
    for row in found.iterator(chunk_size=2000):
        cells = list(row)
        cells[state] = STATE_NAMES[State(cells[state])][0]
        for place in words:
            cells[place] = masked_text(cells[place], Mode.LEAVING)
        yield cells
