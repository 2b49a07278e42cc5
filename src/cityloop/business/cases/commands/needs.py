"""A move is refused when it comes without what it needs."""

from __future__ import annotations

from cityloop.business.cases.commands.context import Context
from cityloop.business.cases.domain import Need
from cityloop.business.cases.models import Photo
from cityloop.kernel.errors import Conflict, DomainError

ASKS: dict[Need, tuple[str, str]] = {
    Need.REASON: ("a reason (field reason)", "理由（reason）"),
    Need.TEXT: ("a description (field text)", "情况说明（text）"),
    Need.PHOTO: ("a photo (field photo_ids)", "照片（photo_ids）"),
    Need.CONDITION: ("a filing condition (field condition_id)", "立案条件（condition_id）"),
    Need.PLACE: ("a place (lon+lat or area_code)", "位置（经纬度或 area_code）"),
    Need.DEPARTMENT: ("a lead department (field lead)", "主办部门（lead）"),
    Need.TARGET: ("the number of the other case (field target)", "目标案卷编号（target）"),
    Need.UNTIL: ("a date (field until)", "截止时间（until）"),
    Need.PARTS: ("at least two parts (field parts)", "至少两个分办事项（parts）"),
    Need.RATING: ("a rating (field solved)", "评价（solved）"),
    Need.CO: ("a co-handling department (field co)", "协办部门（co）"),
    Need.URGENCY: ("a level (field urgency)", "紧急程度（urgency）"),
    Need.CLOSING: ("how the closing condition is met (field closing)", "结案说明（closing）"),
}


def check_state(ctx: Context) -> None:
    """Raises: Conflict("case.wrong_state") and, by version, Conflict("case.changed")."""
    if ctx.state not in ctx.move.sources:
        allowed = ", ".join(sorted(s.value for s in ctx.move.sources))
        raise Conflict(
            "case.wrong_state",
            f"Case {ctx.case.number} is '{ctx.state.value}'; '{ctx.move.name}' is possible from: "
            f"{allowed}. Reload the case.",
            f"案卷 {ctx.case.number} 当前为“{ctx.state.value}”，“{ctx.move.zh}”只能在以下状态办理："
            f"{allowed}。请刷新后再试。",
            where="state",
        )
    if ctx.given.version is not None and ctx.given.version != ctx.case.version:
        raise Conflict(
            "case.changed",
            f"Somebody changed case {ctx.case.number} meanwhile (version {ctx.case.version}, you "
            f"saw {ctx.given.version}). Reload it and decide again.",
            f"案卷 {ctx.case.number} 已被他人更新（现版本 {ctx.case.version}，您看到的是 "
            f"{ctx.given.version}），请刷新后再办理。",
            where="version",
        )


def check_needs(ctx: Context) -> None:
    """Raises: DomainError("move.needs") naming the first thing missing."""
    for need in sorted(ctx.move.needs):
        if not _has(need, ctx):
            raise _missing(need, ctx)


def _has(need: Need, ctx: Context) -> bool:
    given, case = ctx.given, ctx.case
    checks = {
        Need.REASON: bool(given.reason.strip()),
        Need.TEXT: bool(given.text.strip()),
        Need.CONDITION: given.condition_id is not None or case.condition_id is not None,
        Need.DEPARTMENT: bool(given.lead),
        Need.TARGET: bool(given.target),
        Need.UNTIL: given.until is not None,
        Need.PARTS: len(given.parts) >= 2,
        Need.RATING: given.solved is not None,
        Need.CO: bool(given.co),
        Need.URGENCY: bool(given.urgency),
        Need.CLOSING: bool(given.closing.strip()),
    }
    if need is Need.PLACE:
        return given.lon is not None or bool(given.area_code) or _is_placed(ctx)
    if need is Need.PHOTO:
        return _photos(ctx)
    if need is Need.EVIDENCE:
        return _evidence(ctx)
    return checks[need]


def _is_placed(ctx: Context) -> bool:
    corrects = ctx.move.name == "relocate"
    return not corrects and ctx.case.located_by not in {"unknown", "outside"}


def _photos(ctx: Context) -> bool:
    wanted = set(ctx.given.photo_ids)
    if not wanted:
        return False
    return Photo.objects.filter(case_id=ctx.case.pk, pk__in=wanted).count() == len(wanted)


def _evidence(ctx: Context) -> bool:
    condition = ctx.condition
    if condition is None or condition.evidence == "none":
        return True
    if _photos(ctx):
        return True
    since = ctx.case.dispatched_at or ctx.case.received_at
    return Photo.objects.filter(case_id=ctx.case.pk, stage="after", added_at__gte=since).exists()


def _missing(need: Need, ctx: Context) -> DomainError:
    if need is Need.EVIDENCE:
        en, zh = "the photo of the result that its condition asks for", "立案条件要求的处置后照片"
    else:
        en, zh = ASKS[need]
    return DomainError(
        "move.needs",
        f"'{ctx.move.name}' on case {ctx.case.number} needs {en}. Add it and try again.",
        f"案卷 {ctx.case.number} 办理“{ctx.move.zh}”需要{zh}，请补充后再提交。",
        where=need.value,
    )
