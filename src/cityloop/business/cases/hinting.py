"""What to look at twice in a case: how urgent, how many matters, who else. A person decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cityloop.ai.triage.queries import CLASS, DEPARTMENT, classify, matters, words_for
from cityloop.business.cases.destination import destination
from cityloop.business.cases.domain import TASK_FINAL, State
from cityloop.business.cases.domain.moves import DESK_STATES, WORKING
from cityloop.business.cases.explaining import check_staff
from cityloop.business.cases.models import Case, Report, Task
from cityloop.business.cases.rules import in_words
from cityloop.business.catalogue.queries import ClassInfo, catalogue
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.models import Department
from cityloop.city.accounts.queries import departments_by_key
from cityloop.engines.triage.urgency import LEVELS

TITLE_MOST = 60
WORDS_SHOWN = 6
_SENTENCE_ENDS = "。！？!?；;\n"
_NUMBERING = " 　、，,.．)）(（一二三四五六七八九十0123456789"


def hints_of(viewer: Viewer, case: Case, *, now: datetime) -> dict[str, Any]:
    """Suggestions for a case that still stands at the desk or with its departments.

    Returns: urgency (None = nothing above its own, or decided), parts ([] = one matter), co (None
    = nobody else is likely). Raises: NotAllowed("case.staff").
    """
    check_staff(viewer)
    first = Report.objects.filter(case_id=case.pk).order_by("pk").first()
    state = State(case.state)
    if first is None or state not in DESK_STATES:
        return {"urgency": None, "parts": [], "co": None}
    lead = case.lead_department_id or _would_lead(case, now)
    parts = [] if state in WORKING else [in_words(viewer, p) for p in _parts(case, first, now)]
    return {"urgency": _urgency(case), "parts": parts, "co": _co(case, first, lead, now)}


# --- how urgent -----------------------------------------------------------------------------------
def _urgency(case: Case) -> dict[str, Any] | None:
    """What the words said at intake, while it is above what the case has and nobody decided."""
    said = (case.triage or {}).get("urgency")
    if not said or "decided" in said:
        return None
    if LEVELS.index(said["level"]) <= LEVELS.index(case.urgency):
        return None
    return {"level": said["level"], "now": case.urgency, "words": said["words"]}


# --- how many matters -----------------------------------------------------------------------------
def _parts(case: Case, first: Report, now: datetime) -> list[dict[str, Any]]:
    """One entry a class that is sure, with what a split needs of it; [] unless there are two."""
    known = catalogue().classes
    quoted: dict[str, list[str]] = {}
    sure: dict[str, float] = {}
    for part in matters(first.title, first.text):
        quoted.setdefault(part.label, []).append(first.text[part.start : part.end].strip())
        sure[part.label] = max(part.probability, sure.get(part.label, 0.0))
    if len(quoted) < 2 or not set(quoted) <= set(known):
        return []
    return [
        _part(case, known[key], "\n".join(texts), sure[key], now) for key, texts in quoted.items()
    ]


def _part(case: Case, cls: ClassInfo, text: str, sure: float, now: datetime) -> dict[str, Any]:
    condition = cls.usual_condition
    to = destination(case, now=now, condition_id=condition) if condition else None
    return {
        "title": short_title(text),
        "text": text,
        "key": cls.key,
        "zh": cls.name_zh,
        "en": cls.name_en,
        "condition_id": condition,
        "probability": round(sure, 4),
        "words": words_for("", text, cls.key, most=WORDS_SHOWN),
        "lead": _named(to.lead) if to else None,
    }


def short_title(text: str) -> str:
    """The first sentence of a part, without its number, cut to what a line holds.

    Example: >>> short_title("二、楼下饭店油烟很大。噪音也吵。")
    '楼下饭店油烟很大'
    """
    said = text.lstrip(_NUMBERING)
    ends = [said.find(mark) for mark in _SENTENCE_ENDS if said.find(mark) > 0]
    return said[: min([TITLE_MOST, *ends])].strip()


# --- who else -------------------------------------------------------------------------------------
def _co(case: Case, first: Report, lead: int | None, now: datetime) -> dict[str, Any] | None:
    """A department likely to be needed beside the lead, by the first model that names a pair."""
    if lead is None:
        return None
    live = Task.objects.filter(case=case).exclude(state__in=[s.value for s in TASK_FINAL])
    at_work = set(live.values_list("department_id", flat=True))
    for other, why in _pairs(case, first, lead, now):
        if other.pk != lead and other.pk not in at_work and other.active:
            return {"lead": _named_id(lead), "department": _shown(other), **why}
    return None


def _pairs(
    case: Case, first: Report, lead: int, now: datetime
) -> Iterator[tuple[Department, dict[str, Any]]]:
    """(other department, why) where a model's two likeliest answers include the lead's."""
    rows = departments_by_key()
    by_name = {name: d for d in rows.values() for name in (d.key, d.name_zh, d.name_en) if name}
    said = classify([first.title], [first.text], kind=DEPARTMENT)[0]
    pair = [label for label, _ in said.top[:2] if label in by_name] if said.also else []
    if len(pair) == 2 and lead in {by_name[label].pk for label in pair}:
        other = next(label for label in pair if by_name[label].pk != lead)
        yield by_name[other], _why("department", other, dict(said.top)[other], first, DEPARTMENT)
    said = classify([first.title], [first.text], kind=CLASS)[0]
    known = catalogue().classes
    pair = [label for label, _ in said.top[:2] if label in known] if said.also else []
    own = next((key for key in pair if known[key].id == case.case_class_id), None)
    for key in pair if own or case.case_class_id is None else ():
        condition = known[key].usual_condition
        to = destination(case, now=now, condition_id=condition) if condition else None
        if to and to.lead in rows and key != own:
            yield rows[to.lead], _why("class", key, dict(said.top)[key], first, CLASS)


def _why(by: str, label: str, chance: float, first: Report, kind: str) -> dict[str, Any]:
    cls = catalogue().classes.get(label) if by == "class" else None
    return {
        "by": by,
        "key": label,
        "zh": cls.name_zh if cls else label,
        "en": cls.name_en if cls else label,
        "probability": round(chance, 4),
        "words": words_for(first.title, first.text, label, kind=kind, most=WORDS_SHOWN),
    }


def _would_lead(case: Case, now: datetime) -> int | None:
    """Who would get it now; None while it has no class, or where a person has to say."""
    if case.condition_id is None:
        return None
    key = destination(case, now=now).lead
    return departments_by_key()[key].pk if key else None


def _named(key: str | None) -> dict[str, Any] | None:
    row = departments_by_key().get(key or "")
    return _shown(row) if row else None


def _named_id(department_id: int) -> dict[str, Any]:
    return next(_shown(d) for d in departments_by_key().values() if d.pk == department_id)


def _shown(row: Department) -> dict[str, Any]:
    return {"id": row.pk, "key": row.key, "zh": row.name_zh, "en": row.name_en or row.name_zh}
