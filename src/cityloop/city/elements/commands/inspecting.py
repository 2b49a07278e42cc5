"""Plans of inspections, and what was found."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.elements.domain.inspecting import Result
from cityloop.city.elements.models import Element, Inspection, InspectionPlan
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.queries.one import current_row
from cityloop.city.elements.rules import need_inspector, need_planner
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level
from cityloop.kernel.errors import DomainError, NotFound

NOTE_MOST = 2000
INSPECTED = "element.inspected"


def set_plan(
    kind: str, *, area_code: str, every_days: int, actor: Viewer, now: datetime
) -> InspectionPlan:
    """From now on every component of this kind in the area is looked at every so many days.

    Args:
        area_code: a community or above; "" = the whole city.
    Raises: NotAllowed; NotFound element.no_kind, place.unknown_code;
        DomainError element.every_days, element.plan_area.
    """
    area = places.tree().by_code(area_code) if area_code else None
    need_planner(actor, tuple(a.id for a in places.tree().chain(area.id)) if area else None)
    if area is not None and area.level is Level.CELL:
        raise DomainError(
            "element.plan_area",
            f"{area_code} is a cell; a plan is for a community or above.",
            f"{area_code} 是单元网格；巡检计划的范围应为社区及以上。",
            where="area_code",
        )
    if not 1 <= every_days <= 3660:
        raise DomainError(
            "element.every_days",
            f"every_days is {every_days}; allowed: 1 to 3660.",
            f"巡检周期为 {every_days} 天；允许 1 至 3660 天。",
            where="every_days",
        )
    row = kind_row(kind)
    with write():
        former = InspectionPlan.objects.filter(
            kind=row, area_id=area.id if area else None, ended_at__isnull=True
        )
        former.update(ended_at=now)
        plan = InspectionPlan.objects.create(
            kind=row, area_id=area.id if area else None, every_days=every_days, starts_at=now
        )
        data = {"kind": kind, "area": area_code, "every_days": every_days}
        record(Draft("inspection.planned", "inspection_plan", plan.pk, data), actor=actor, now=now)
    return plan


def end_plan(plan_id: int, *, actor: Viewer, now: datetime) -> None:
    """End a plan. Raises: NotFound("element.no_plan"), NotAllowed."""
    plan = InspectionPlan.objects.filter(pk=plan_id, ended_at__isnull=True).first()
    if plan is None:
        raise NotFound(
            "element.no_plan",
            f"There is no plan {plan_id} in force.",
            f"没有生效的计划 {plan_id}。",
        )
    chain = places.tree().chain(plan.area_id) if plan.area_id else None
    need_planner(actor, tuple(a.id for a in chain) if chain else None)
    with write():
        InspectionPlan.objects.filter(pk=plan.pk).update(ended_at=now)
        record(Draft("inspection.plan_ended", "inspection_plan", plan.pk), actor=actor, now=now)


def inspect(
    element_id: int,
    *,
    result: str,
    note: str = "",
    external_id: str = "",
    actor: Viewer,
    now: datetime,
) -> tuple[Inspection, bool]:
    """Record what was found; a defect becomes a report, in the transaction's own time.

    Args:
        element_id: id of any version of the component.
        result: "fine", "defect" or "gone".
        note: what is wrong; needed with a defect, at most 2,000 characters.
        external_id: made by the device: the same one again is the same inspection.
    Returns: (the inspection, whether it is new).
    Raises: NotFound element.unknown, element.retired; NotAllowed element.not_your_cells;
        DomainError element.result, element.note.
    """
    element = current_row(element_id)
    need_inspector(actor, _path(element))
    found = _result(result, note)
    with write():
        if external_id:
            known = Inspection.objects.filter(inspector_id=actor.user_id, external_id=external_id)
            if (former := known.select_related("element").first()) is not None:
                return former, False
        row = Inspection.objects.create(
            kind_id=element.kind_id,
            code=element.code,
            element=element,
            result=found,
            note=note.strip(),
            at=now,
            inspector_id=actor.user_id,
            external_id=external_id,
        )
        Element.objects.filter(pk=element.pk).update(inspected_at=now)
        data = {
            "kind": element.kind.code,
            "code": element.code,
            "result": found.value,
            "cell": element.cell_id,
        }
        private = {"note": row.note} if row.note else None
        record(Draft(INSPECTED, "inspection", row.pk, data, private), actor=actor, now=now)
    return row, True


def _path(element: Element) -> tuple[int | None, ...]:
    area = element.cell_id or element.community_id
    return tuple(a.id for a in places.tree().chain(area)) if area else ()


def _result(result: str, note: str) -> Result:
    try:
        found = Result(result)
    except ValueError:
        allowed = ", ".join(Result)
        raise DomainError(
            "element.result",
            f"result is {result!r:.20}; allowed: {allowed}.",
            f"巡检结果为 {result!r:.20}；允许：{allowed}。",
            where="result",
        ) from None
    length = len(note.strip())
    if length > NOTE_MOST or (found is Result.DEFECT and length < 2):
        raise DomainError(
            "element.note",
            f"Say what is wrong in 2 to {NOTE_MOST} characters; the note has {length}.",
            f"请用 2 至 {NOTE_MOST} 个字说明问题；现为 {length} 个字。",
            where="note",
        )
    return found
