"""Closed cases with what their reporters were told, lent to those who write the next reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cityloop.business.cases.domain import State
from cityloop.business.cases.models import Case, Report, Task
from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.domain import Viewer
from cityloop.city.places.queries import tree

CLOSED = (State.CLOSED.value, State.EVALUATED.value)
REACH = 200_000  # newest cases looked at: a rare class must not make the database read all years


@dataclass(frozen=True, slots=True)
class SolvedCase:
    """One closed case in words. Unmasked: who shows it masks it."""

    number: str
    question: str
    reply: str
    places: tuple[str, ...]


def question_of(case: Case) -> str:
    """What was reported in a case: title and text of its reports, oldest first."""
    rows = Report.objects.filter(case=case).order_by("pk").values_list("title", "text")[:5]
    return "\n".join(part for row in rows for part in row if part)


def solved_cases(viewer: Viewer, case: Case, *, most: int = 500) -> list[SolvedCase]:
    """The newest closed cases of the same class that the viewer may know of.

    Without those that are confidential, that the reporter called unsolved, and those that say
    nothing. A case without a class is compared with all classes.
    """
    rows = cases_of(viewer).filter(state__in=CLOSED, confidential=False, pk__gt=case.pk - REACH)
    rows = rows.exclude(pk=case.pk).exclude(solved=False).exclude(closing_note="")
    if case.case_class is not None:
        rows = rows.filter(case_class=case.case_class)
    found = list(rows.order_by("-pk")[:most])
    ids = [c.pk for c in found]
    questions, results = _questions(ids), _results(ids)
    return [
        SolvedCase(
            number=c.number,
            question=questions.get(c.pk, c.title),
            reply="\n".join(part for part in (results.get(c.pk, ""), c.closing_note) if part),
            places=_places(c),
        )
        for c in found
    ]


def _questions(ids: Iterable[int]) -> dict[int, str]:
    """By case; the oldest report is entered last and stays."""
    rows = Report.objects.filter(case_id__in=ids).order_by("-pk")
    return {
        case: f"{title}\n{text}" for case, title, text in rows.values_list("case", "title", "text")
    }


def _results(ids: Iterable[int]) -> dict[int, str]:
    rows = Task.objects.filter(case_id__in=ids, part="lead").exclude(result="").order_by("pk")
    return dict(rows.values_list("case", "result"))


def _places(case: Case) -> tuple[str, ...]:
    known = tree()
    areas = [a for i in case.path if (a := known.find(i)) is not None]
    return tuple(name for name in (case.address, *(a.name_zh for a in areas)) if name)
