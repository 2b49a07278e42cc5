"""What a supervisor sees of an area: units below with their counts, outcomes, urges and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.appraisal import queries as figures
from cityloop.business.cases.rules import in_words
from cityloop.business.cases.watching import What, counts_by, watched_cases, watched_steps
from cityloop.business.supervision.domain import BELOW, OUTCOME, outcome
from cityloop.business.supervision.models import Urging
from cityloop.business.supervision.rules import own_areas, watched_area
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key, names_of
from cityloop.city.audit.domain import masked
from cityloop.city.audit.queries import private_texts
from cityloop.city.places.domain import AreaInfo
from cityloop.city.places.queries import tree

KINDS = ("open", "late", "near", "unanswered", "urged")
MEASURES = (
    "dispatched", "handled", "handled_on_time", "responded", "responded_on_time", "reworked",
    "asked_solved", "rated_solved", "asked_satisfied", "rated_satisfied", "overdue",
)  # fmt: skip
MOST = 200


def supervision(
    viewer: Viewer, *, now: datetime, area_id: int | None = None, days: int = 30
) -> dict[str, Any]:
    """Counts of an area, of the units below it and of its departments, ranked by outcome.

    Raises: NotAllowed("supervision.not_yours").
    """
    area = watched_area(viewer, area_id)
    below = BELOW.get(area.level.value)
    units = counts_by(area.level.value, area.id, f"{below}_id") if below else {}
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    since = today - timedelta(days=days - 1)
    grown = figures.grown(area.id, (today, today - timedelta(days=7)), today)
    return {
        "as_of": now,
        "days": days,
        "area": _area(area),
        "above": [_area(a) for a in _own_chain(viewer, area)],
        "mine": [_area(a) for a in own_areas(viewer)],
        "total": _total(units.values()),
        "today": grown[0],
        "week": grown[1],
        "units": _units(area, below, units, since, today),
        "departments": _departments(area, since, today),
        "urges": _urge_figures(area, now),
    }


def _area(area: AreaInfo) -> dict[str, Any]:
    names = {"zh": area.name_zh, "en": area.name_en or area.name_zh}
    return {"id": area.id, "code": area.code, "level": area.level.value, **names}


def _own_chain(viewer: Viewer, area: AreaInfo) -> list[AreaInfo]:
    """The way down to an area from the highest one the viewer supervises."""
    own, chain = {a.id for a in own_areas(viewer)}, tree().chain(area.id)
    first = next((n for n, a in enumerate(chain) if a.id in own), len(chain) - 1)
    return chain[first:]


def _total(counts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    rows = list(counts)
    return {kind: sum(row[kind] for row in rows) for kind in KINDS}


def _units(
    area: AreaInfo, below: str | None, counts: Mapping[int | None, Mapping[str, Any]], *period: Any
) -> list[dict[str, Any]]:
    """The units below, worst first; what has no unit yet stands in its own row."""
    if below is None:
        return []
    children = {c.id: c for c in tree().children(area.id)}
    # Cells are too many and too small to be ranked: those with something to do are shown.
    if below == "cell":
        children = {i: c for i, c in children.items() if i in counts}
    sums = {} if below == "cell" else figures.by_area(list(children), *period, MEASURES)
    none = dict.fromkeys(KINDS, 0) | {"oldest": None}
    rows = [
        {"area": _area(c), **none, **counts.get(i, {}), **_outcome(sums.get(i, {}))}
        for i, c in children.items()
    ]
    if None in counts:
        rows.append({"area": None, **counts[None], **_outcome({})})
    return sorted(rows, key=lambda r: (-r["late"], -r["unanswered"], -r["near"], -r["open"]))


def _departments(area: AreaInfo, *period: Any) -> list[dict[str, Any]]:
    """Ranked by outcome, never by volume; too few to rank stand at the end."""
    counts = counts_by(area.level.value, area.id, "lead_department_id")
    names = {d.pk: d for d in departments_by_key().values()}
    sums = figures.by_department(area.id, *period, list(names), MEASURES)
    none = dict.fromkeys(KINDS, 0) | {"oldest": None}
    rows = [
        {
            "id": pk, "key": d.key, "zh": d.name_zh, "en": d.name_en or d.name_zh,
            **none, **counts.get(pk, {}), **_outcome(sums.get(pk, {})),
        }
        for pk, d in names.items()
        if pk in counts or sums.get(pk, {}).get("dispatched")
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (r["outcome"] is None, -(r["outcome"] or 0), -r["late"]))


def _outcome(sums: Mapping[str, int]) -> dict[str, Any]:
    """Rates with what they count; outcome: 0 to 1, None = too few."""
    rates = {i.key: i.value for i in figures.indicators(dict(sums))}
    rework = rates.get("rework_rate")
    known = {**rates, "not_reworked": None if rework is None else max(0.0, 1 - rework)}
    handled = sums.get("handled", 0)
    return {
        "handled": handled,
        "answers": sums.get("asked_solved", 0),
        "outcome": outcome(known, handled),
        **{name: known.get(name) for name in (*OUTCOME, "response_on_time")},
    }


# --- urges --------------------------------------------------------------------------------------
def _urge_figures(area: AreaInfo, now: datetime) -> dict[str, int]:
    rows = Urging.objects.filter(**{f"case__{area.level.value}_id": area.id})
    month = rows.filter(at__gte=now - timedelta(days=30))
    waiting = rows.filter(answered_at__isnull=True)
    return {
        "made": month.count(),
        "answered": month.filter(answered_at__isnull=False).count(),
        "waiting": waiting.count(),
        "unanswered": waiting.filter(due_at__lt=now).count(),
    }


def urges(
    viewer: Viewer, *, now: datetime, area_id: int | None = None, waiting: bool = True
) -> list[dict[str, Any]]:
    """Urges in an area: those that wait for an answer by their deadline, or the newest of all.

    Raises: NotAllowed("supervision.not_yours").
    """
    area = watched_area(viewer, area_id)
    rows = Urging.objects.filter(**{f"case__{area.level.value}_id": area.id})
    rows = rows.filter(answered_at__isnull=True) if waiting else rows
    found = list(
        rows.select_related("case", "case__lead_department").order_by(
            "due_at" if waiting else "-at"
        )[:MOST]
    )
    return [in_words(viewer, row) for row in _shown(found)]


def urges_of_case(case_id: int, *, is_open: bool) -> list[dict[str, Any]]:
    """Urges of one case, oldest first. The caller has shown that the viewer may know of it, and
    whether free text is shown in full (is_open) or with numbers of persons masked."""
    rows = Urging.objects.filter(case_id=case_id).select_related("case", "case__lead_department")
    found = _shown(list(rows.order_by("at")[:MOST]))
    return found if is_open else [masked(row) for row in found]


def _shown(rows: list[Urging]) -> list[dict[str, Any]]:
    people = names_of(i for r in rows for i in (r.by_id, r.answered_by))
    said = private_texts([i for r in rows for i in (r.event_id, r.answer_event) if i])
    return [_urge(row, people, said) for row in rows]


def _urge(
    row: Urging, people: Mapping[int, str], said: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    case, answer = row.case, said.get(row.answer_event or 0, {})
    lead = case.lead_department
    return {
        "id": row.pk,
        "number": case.number,
        "title": case.title,
        "state": case.state,
        "department_zh": lead.name_zh if lead else "",
        "department_en": (lead.name_en or lead.name_zh) if lead else "",
        "level": row.level,
        "by": people.get(row.by_id or 0, ""),
        "at": row.at,
        "due_at": row.due_at,
        "reason": said.get(row.event_id, {}).get("reason", ""),
        "answered_at": row.answered_at,
        "answered_by": people.get(row.answered_by or 0, ""),
        "answer_kind": row.answer_kind.removeprefix("case."),
        "answer": answer.get("text") or answer.get("reason") or "",
    }


def watched(
    viewer: Viewer,
    what: What,
    *,
    area_id: int | None = None,
    department_id: int | None = None,
    state: str = "",
) -> list[dict[str, Any]]:
    """Open cases of one kind in an area, the longest overdue first, with whose turn it is and the
    last urge.

    Raises: NotAllowed("supervision.not_yours").
    """
    area = watched_area(viewer, area_id)
    rows = watched_cases(
        area.level.value, area.id, what, department_id=department_id, state=state, limit=MOST
    )
    people = names_of(row["owner_user_id"] for row in rows)
    names = {d.pk: d for d in departments_by_key().values()}
    last = _last_urges([row["id"] for row in rows if row["urged"]])
    return [
        {
            **in_words(viewer, row),
            "owner_name": people.get(row["owner_user_id"] or 0, ""),
            **_department_names(names.get(row["owner_department_id"] or row["lead_department_id"])),
            "last_urge": last.get(row["id"]),
        }
        for row in rows
    ]


def steps(
    viewer: Viewer, what: What, *, area_id: int | None = None, department_id: int | None = None
) -> list[dict[str, Any]]:
    """Where the cases of one kind stand: at which step they are held up.

    Raises: NotAllowed("supervision.not_yours").
    """
    area = watched_area(viewer, area_id)
    rows = watched_steps(area.level.value, area.id, what, department_id=department_id)
    return [{"state": state, "n": n} for state, n in rows]


def _department_names(row: Any) -> dict[str, str]:
    if row is None:
        return {"department_zh": "", "department_en": ""}
    return {"department_zh": row.name_zh, "department_en": row.name_en or row.name_zh}


def _last_urges(case_ids: list[int]) -> dict[int, dict[str, Any]]:
    found = {}
    for row in Urging.objects.filter(case_id__in=case_ids).order_by("at"):
        names = ("level", "at", "due_at", "answered_at")
        found[row.case_id] = {name: getattr(row, name) for name in names}
    return found
