"""A component that an inspection found damaged or missing becomes a report, once.

The registers stand below the loop and know nothing of cases: they write what was found to the
trace, and this floor follows it. The report carries the class of the component, so that nobody
has to classify what is known, and the inspector is the one who reported it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport
from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.accounts.queries import viewer_of
from cityloop.city.audit.domain import EventView
from cityloop.city.elements.commands import INSPECTED
from cityloop.city.elements.domain.inspecting import RESULT_NAMES, Result
from cityloop.city.elements.queries import Finding, finding

CHANNEL = "grid"
WRONG = {Result.DEFECT.value, Result.GONE.value}


def is_defect(event: EventView) -> bool:
    """Whether an inspection found something wrong."""
    return event.kind == INSPECTED and event.data.get("result") in WRONG


def report_defects(events: Sequence[EventView], *, now: datetime) -> int:
    """Reports for what these events found wrong; how many. A repeat finds its report there."""
    made = 0
    for event in filter(is_defect, events):
        found = finding(event.subject_id)
        if found is not None:
            receive(defect_report(found), actor=_reporter(found), now=now)
            made += 1
    return made


def report_of(inspection_id: int, *, actor: Viewer, now: datetime) -> dict[str, Any]:
    """The report of one inspection, made at once; {} where nothing was wrong.

    Whoever follows the trace afterwards finds it there.
    """
    found = finding(inspection_id)
    if found is None or found.result.value not in WRONG:
        return {}
    receipt = receive(defect_report(found), actor=actor, now=now)
    return {"number": receipt.number, "case_id": receipt.case_id, "report_id": receipt.report_id}


def defect_report(found: Finding) -> NewReport:
    """What is reported: which component, what is wrong with it, where it stands."""
    wrong, key = RESULT_NAMES[found.result][0], f"C{found.component_code}"
    return NewReport(
        channel=CHANNEL,
        external_id=f"inspection.{found.id}",
        title=f"{found.kind_zh}{wrong}",
        text=f"巡检发现{found.kind_zh}{wrong}，编码 {found.code}。{found.note}",
        lon=found.lon,
        lat=found.lat,
        address=found.address,
        class_key=key if key in catalogue().classes else "",
        happened_at=found.at,
    )


def _reporter(found: Finding) -> Viewer:
    return SYSTEM if found.inspector is None else viewer_of(found.inspector)
