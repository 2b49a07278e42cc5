"""Dispatched cases of the past, lent to routing so that a new rule can be tried on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from cityloop.business.cases.models import Case, Report
from cityloop.business.dispatch.history import PastCase, lend_history
from cityloop.business.dispatch.values import CaseFacts
from cityloop.city.places.domain import AreaPath

BATCH = 1000


@lend_history
def past_cases(since: datetime, until: datetime) -> Iterator[PastCase]:
    """Cases received in [since, until) that went to a department, oldest first."""
    rows = (
        Case.objects.filter(received_at__gte=since, received_at__lt=until)
        .exclude(dispatched_at=None)
        .exclude(case_class=None)
        .select_related("case_class")
        .order_by("received_at", "id")
    )
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        texts = _first_texts(batch)
        for case in batch:
            title, text = texts.get(case.pk, (case.title, ""))
            yield _past(case, title, text)


def _first_texts(cases: list[Case]) -> dict[int, tuple[str, str]]:
    rows = Report.objects.filter(case_id__in=[c.pk for c in cases]).order_by("-pk")
    return {case: (title, text) for case, title, text in rows.values_list("case", "title", "text")}


def _past(case: Case, title: str, text: str) -> PastCase:
    facts = CaseFacts(
        class_key=case.case_class.key if case.case_class else "",
        condition_id=case.condition_id,
        path=AreaPath(
            case.city_id,
            case.district_id,
            case.subdistrict_id,
            case.community_id,
            case.cell_id,
        ),
        channel=case.channel,
        at=case.dispatched_at or case.received_at,
        urgency=case.case_class.urgency if case.case_class else case.urgency,
        title=title,
        text=text,
    )
    return PastCase(case.pk, case.number, facts, case.lead_department_id)
