"""Issues as their readers see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cityloop.ai.hot_issues import queries as kept
from cityloop.ai.hot_issues.models import Issue, Looked
from cityloop.business.cases.explaining import check_staff
from cityloop.business.cases.queries import cases_of, get_case_by_number
from cityloop.business.cases.rules import in_words
from cityloop.business.issues.rules import decides, readable_areas, sees_small_counts
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key, names_of
from cityloop.city.places.queries import tree

FIGURES = ("id", "state", "title", "words", "first_at", "last_at", "heat", "reports", "this_week",
           "last_week", "peak", "unsolved", "unsolved_days", "oldest_number", "trend", "lon", "lat",
           "alarm", "alarmed_at", "cause_number")  # fmt: skip


def issues(viewer: Viewer, *, state: str = "", most: int = 100) -> dict[str, Any]:
    """The hottest issues with a report in the viewer's areas.

    Raises: NotAllowed("issue.readers").
    """
    areas = readable_areas(viewer)
    states = (state,) if state else kept.SHOWN
    rows = kept.issues_in(areas, states=states, most=most)
    return {"items": shown_all(viewer, rows), "decides": decides(viewer)}


def shown_all(viewer: Viewer, rows: Iterable[Issue]) -> list[dict[str, Any]]:
    """Figures of issues; persons only from the city's least count on, the desk aside."""
    rows = list(rows)
    names = _departments({pk for r in rows for pk, _ in r.departments})
    exact, least = sees_small_counts(viewer), kept.limits_in_force().least_shown
    return [
        in_words(viewer, {name: getattr(row, name) for name in FIGURES})
        | {
            "persons": row.persons if exact or row.persons >= least else None,
            "departments": [
                {"id": pk, "count": count, **names[pk]}
                for pk, count in row.departments
                if pk in names
            ],
        }
        for row in rows
    ]


def _departments(ids: set[int]) -> dict[int, dict[str, str]]:
    return {
        d.pk: {"zh": d.name_zh, "en": d.name_en}
        for d in departments_by_key().values()
        if d.pk in ids
    }


def issue_page(viewer: Viewer, issue_id: int) -> dict[str, Any]:
    """One issue with the members the viewer may know of, and what people decided.

    Raises: NotAllowed("issue.readers"), NotFound("issue.unknown").
    """
    areas = readable_areas(viewer)
    issue = kept.get_issue(issue_id, areas)
    rows = kept.members_of(issue, areas)
    known = tree()
    visible = set(
        cases_of(viewer).filter(pk__in={r.case_id for r in rows}).values_list("pk", flat=True)
    )
    decisions = kept.decisions_of(issue)
    people = names_of(d.by_id for d in decisions)
    return shown_all(viewer, [issue])[0] | {
        "decides": decides(viewer),
        "merged_into": issue.merged_into_id,
        "members": [in_words(viewer, _member(r, known)) for r in rows if r.case_id in visible],
        "decisions": [
            {"kind": d.kind, "data": d.data, "note": d.note, "at": d.at,
             "by": people.get(d.by_id or 0, "")}
            for d in decisions
        ],
    }  # fmt: skip


def _member(row: Looked, known: Any) -> dict[str, Any]:
    area = known.find(row.community_id) if row.community_id is not None else None
    return {
        "report_id": row.report_id,
        "number": row.case_number,
        "title": row.title or row.text[:80],
        "received_at": row.received_at,
        "lon": row.lon,
        "lat": row.lat,
        "area": {"zh": area.name_zh, "en": area.name_en} if area else None,
        "is_open": row.is_open,
        "similarity": round(row.similarity, 3),
        "pinned": row.pinned,
    }


def alike(viewer: Viewer, number: str) -> dict[str, Any]:
    """Earlier cases that are probably the same as this one, with reasons; and its issue.

    Raises: NotAllowed("case.staff"), NotFound("case.unknown").
    """
    check_staff(viewer)
    case = get_case_by_number(viewer, number)
    rows = kept.alike_of_case(case.pk)
    others = {c.pk: c for c in cases_of(viewer).filter(pk__in={r.other_case_id for r in rows})}
    issue = kept.issue_of_case(case.pk)
    return {
        "items": [
            in_words(viewer, _alike(r, others[r.other_case_id]))
            for r in rows
            if r.other_case_id in others
        ],
        "issue": None if issue is None else in_words(viewer, _named(issue)),
    }


def _named(issue: Issue) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in ("id", "title", "reports", "heat")}


def _alike(row: Any, other: Any) -> dict[str, Any]:
    names = ("verdict", "score", "words", "metres", "hours", "same_text", "same_class")
    return {name: getattr(row, name) for name in names} | {
        "number": other.number,
        "title": other.title,
        "state": other.state,
        "received_at": other.received_at,
    }
