"""The search index follows the cases, in their own transactions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import QuerySet

from cityloop.business.cases.domain.terms import case_terms
from cityloop.business.cases.models import Case, Report
from cityloop.business.cases.models.terms import TERMS
from cityloop.city.db import write

BATCH = 1000


def enter_new(cases: Iterable[tuple[Case, Iterable[str]]]) -> None:
    """Enter new cases, each with the texts of its reports; inside their transaction."""
    TERMS.write([(case.pk, _terms(case, texts)) for case, texts in cases])


@contextmanager
def kept_in_step(case: Case) -> Iterator[None]:
    """Around a change of a case's place or address: what finds it is changed, too."""
    before = (case.path, case.address)
    texts: list[str] = []
    old: list[int] = []
    if case.pk is not None:
        texts = _texts([case.pk]).get(case.pk, [])
        old = _terms(case, texts)
    yield
    if old and (case.path, case.address) != before:
        TERMS.replace(case.pk, old, _terms(case, texts))


def rebuild_index() -> int:
    """Enter every case anew; needed after a change of `domain/terms.py`. Returns how many."""
    done, last = 0, 0
    with write():
        TERMS.clear()
    while batch := list(Case.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        texts = _texts([c.pk for c in batch])
        with write():
            enter_new((case, texts.get(case.pk, [])) for case in batch)
        done, last = done + len(batch), batch[-1].pk
    return done


def empty_index_of_no_cases(**_: object) -> None:
    """After the tables were emptied as a whole: the index is no table that Django would empty."""
    if TERMS.exists() and not Case.objects.exists():
        TERMS.clear()


def _terms(case: Case, texts: Iterable[str]) -> list[int]:
    return case_terms(case.pk, case.path, [case.title, case.address, *texts])


def _texts(case_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows: QuerySet[Report] = Report.objects.filter(case_id__in=case_ids)
    for case_id, title, text in rows.values_list("case_id", "title", "text"):
        found.setdefault(case_id, []).extend([title, text])
    return found
