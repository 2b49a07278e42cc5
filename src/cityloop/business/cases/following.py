"""What a reporter sees of the own case: where it stands, who answers, what happened, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cityloop.business.cases.commands.reporters import find_by_follow_key
from cityloop.business.cases.domain import MOVES, OWNERS, STATE_NAMES, State
from cityloop.business.cases.models import Case, Photo, Report
from cityloop.business.cases.settings import loop_settings
from cityloop.city.accounts.domain import ROLE_NAMES, SYSTEM
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.audit.domain import masked_text
from cityloop.city.audit.queries import TraceRow, receipt_of, trace
from cityloop.kernel.errors import NotFound

Names = Mapping[int, tuple[str, str]]

# Steps a reporter is shown; desk corrections, comments and reminders stay inside.
SHOWN = {
    "receive": ("已收到", "received"),
    "said": ("补充说明", "words added"),
    "branch": ("分办", "split"),
    "absorb": ("有相同诉求并入", "a like report was joined"),
    "late": ("超过时限", "the time limit has passed"),
    "escalate": ("已提醒上级督办", "the next level was told"),
    "extension_granted": ("批准延期", "more time was granted"),
    "suspension_granted": ("批准挂账", "suspension was granted"),
} | {
    name: (MOVES[name].zh, MOVES[name].en)
    for name in (
        "ask_check", "confirm", "file", "reject", "dispatch", "reroute", "accept", "feed_back",
        "finish", "pass", "fail", "send_back", "close", "rate", "reopen", "merge", "withdraw",
        "settle", "urge", "resume", "split",
    )
}  # fmt: skip
# A refusal is shown with its reason: nobody is left without an answer.
REASONED = frozenset({"reject", "merge"})
# What a department tells, and what the reporter said.
TOLD = frozenset({"feed_back", "finish", "said"})
BY_DEPARTMENT = frozenset({"dispatch", "reroute", "accept", "feed_back", "finish", "fail"})

# Five steps that a citizen tells apart; 0 = it ended without being handled.
STEP_OF: dict[State, int] = {
    State.REPORTED: 1,
    State.CHECKING: 1,
    State.FILED: 2,
    State.DISPATCHED: 2,
    State.SPLIT: 3,
    State.HANDLING: 3,
    State.SUSPENDED: 3,
    State.VERIFYING: 4,
    State.VERIFIED: 4,
    State.CLOSED: 5,
    State.EVALUATED: 5,
    State.REJECTED: 0,
    State.MERGED: 0,
    State.WITHDRAWN: 0,
}
# Photos a reporter sees: the own ones, and those of the result.
OF_RESULT = ("after", "verify")


def followed_case(key: str, *, now: datetime) -> dict[str, Any]:
    """The case behind a follow-up key; of a merged one the case it became part of.

    Raises: NotFound("follow.unknown").
    """
    own = _related(find_by_follow_key(key))
    case = _survivor(own)
    names = _department_names()
    state = State(case.state)
    rows = _trace(own) + (_trace(case) if case.pk != own.pk else [])
    zh, en = STATE_NAMES[state]
    lead = names.get(case.lead_department_id or 0, (None, None))
    return {
        "number": own.number,
        "state": state.value,
        "state_zh": zh,
        "state_en": en,
        "step": STEP_OF[state],
        **_said(own),
        "class_zh": case.case_class.name_zh if case.case_class else None,
        "class_en": case.case_class.name_en if case.case_class else None,
        "received_at": own.received_at,
        "due_at": case.handle_due_at,
        "closed_at": case.closed_at,
        "department": lead[0],
        "department_zh": lead[0],
        "department_en": lead[1] or lead[0],
        "closing_note": masked_text(case.closing_note),
        "merged_into": case.number if case.pk != own.pk else None,
        "waiting": _waiting(case, rows, names, now),
        "answered": _answered(case),
        "answer_until": case.due_at if state is State.CLOSED else None,
        "reopen_until": _reopen_until(case),
        "steps": [_step(row, names, shared=case.report_count > 1) for row in rows],
        "photos": list(_photos(own, case, key)),
        "may": _may(own, case, now),
    }


def followed_case_id(key: str) -> int:
    """The case that a reporter's answer goes to: of a merged one the case it became part of."""
    return _survivor(_related(find_by_follow_key(key))).pk


def followed_photo(key: str, photo_id: int) -> Photo:
    """A photo that the holder of this key may see. Raises: NotFound("photo.unknown")."""
    own = _related(find_by_follow_key(key))
    found = next((p for p in _visible_photos(own, _survivor(own)) if p.pk == photo_id), None)
    if found is None:
        raise NotFound("photo.unknown", "There is no such photo.", "没有该照片。")
    return found


def ledger_receipt(key: str) -> dict[str, Any]:
    """Proof that the report stands in the ledger, as `python -m cityloop.verify` checks it."""
    return receipt_of("case", find_by_follow_key(key), "case.receive")


def _related(case_id: int) -> Case:
    return Case.objects.select_related("case_class").get(pk=case_id)


def _survivor(case: Case) -> Case:
    while case.merged_into_id is not None:
        case = _related(case.merged_into_id)
    return case


def _department_names() -> Names:
    return {d.pk: (d.name_zh, d.name_en or d.name_zh) for d in departments_by_key().values()}


def _said(own: Case) -> dict[str, Any]:
    """The reporter's own words and place, as they were sent."""
    first = Report.objects.filter(case=own).order_by("pk").first()
    return {
        "title": own.title,
        "text": first.text if first else "",
        "address": own.address,
        "lon": own.lon,
        "lat": own.lat,
        "located": own.located_by not in {"unknown", "outside"},
    }


def _trace(case: Case) -> list[TraceRow]:
    rows = trace("case", case.pk, viewer=SYSTEM)
    return [r for r in rows if r.kind.startswith("case.") and r.kind[5:] in SHOWN]


def _step(row: TraceRow, names: Names, *, shared: bool) -> dict[str, Any]:
    """A step as a reporter sees it. shared: others reported the matter too; what they added to
    it is theirs.
    """
    name, private = row.kind.removeprefix("case."), row.private or {}
    zh, en = SHOWN[name]
    step: dict[str, Any] = {"at": row.at, "kind": name, "zh": zh, "en": en}
    if name in BY_DEPARTMENT:
        who = row.data.get("task_department") or row.data.get("department") or 0
        step["department_zh"], step["department_en"] = names.get(who, (None, None))
    if name in {"escalate", "urge"}:
        step["level"] = row.data.get("level")
    if name == "rate":
        step["reopened"] = bool(row.data.get("reopened"))
    if name in REASONED:
        step["reason"] = masked_text(str(private.get("reason") or ""))
    if name in TOLD and not (name == "said" and shared):
        step["text"] = masked_text(str(private.get("text") or "")) or None
    return step


def _waiting(
    case: Case, rows: list[TraceRow], names: Names, now: datetime
) -> dict[str, Any] | None:
    """Whose turn it is. Says honestly when the time has passed, and which level knows."""
    state = State(case.state)
    if state not in OWNERS or state is State.CLOSED:
        return None
    role = OWNERS[state]
    with_department = state in {State.DISPATCHED, State.HANDLING, State.SUSPENDED}
    department = names.get(case.lead_department_id or 0) if with_department else None
    told = [
        r.data.get("level")
        for r in rows
        if r.kind == "case.escalate" and r.at >= case.stage_started_at
    ]
    zh, en = ROLE_NAMES[role]
    return {
        "role": role.value,
        "role_zh": zh,
        "role_en": en,
        "department_zh": department[0] if department else None,
        "department_en": department[1] if department else None,
        "since": case.stage_started_at,
        "due_at": case.due_at,
        "late": case.due_at is not None and case.due_at < now,
        "level": told[-1] if told else None,
    }


def _answered(case: Case) -> dict[str, bool | None] | None:
    if case.solved is None and case.satisfied is None:
        return None
    return {"responded": case.responded, "solved": case.solved, "satisfied": case.satisfied}


def _reopen_until(case: Case) -> datetime | None:
    if case.closed_at is None or State(case.state) not in MOVES["reopen"].sources:
        return None
    return case.closed_at + timedelta(days=loop_settings().reopen_days)


def _may(own: Case, case: Case, now: datetime) -> list[str]:
    """What the reporter may do now. A matter that others reported too is not theirs to withdraw."""
    state, may = State(case.state), []
    if state in MOVES["rate"].sources:
        may.append("answer")
    until = _reopen_until(case)
    if until is not None and now <= until:
        may.append("reopen")
    if state in MOVES["withdraw"].sources and case.pk == own.pk and case.report_count == 1:
        may.append("withdraw")
    return [*may, "words", "photo"] if case.is_open else may


def _visible_photos(own: Case, case: Case) -> list[Photo]:
    mine = Photo.objects.filter(case=own, stage="report")
    result = Photo.objects.filter(case=case, stage__in=OF_RESULT)
    return list(mine.order_by("pk")) + list(result.order_by("pk"))


def _photos(own: Case, case: Case, key: str) -> Iterator[dict[str, Any]]:
    for photo in _visible_photos(own, case):
        at = f"/api/v1/follow/{key}/photos/{photo.pk}"
        yield {
            "id": photo.pk,
            "part": "before" if photo.stage == "report" else "after",
            "width": photo.width,
            "height": photo.height,
            "added_at": photo.added_at,
            "url": f"{at}/image",
            "thumbnail_url": f"{at}/thumbnail",
        }
