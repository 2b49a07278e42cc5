"""Where routing would send a case as it is, or with another class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cityloop.business.cases.models import Case, Report
from cityloop.business.catalogue.queries import get_condition
from cityloop.business.dispatch.queries import CaseFacts, route
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.places.domain import AreaPath


@dataclass(frozen=True, slots=True)
class Destination:
    """Departments by key; lead None: routing leaves it to a person. by, version: what decided."""

    lead: str | None
    co: tuple[str, ...]
    by: str
    version: str
    steps: list[dict[str, Any]]


def destination(case: Case, *, now: datetime, condition_id: int | None = None) -> Destination:
    """What routing says now of a case, under its own condition or another one.

    Raises: NotFound("catalogue.no_condition").
    """
    decision = route([facts_of(case, now=now, condition_id=condition_id)], now=now)[0]
    keys = {d.pk: d.key for d in departments_by_key().values()}
    return Destination(
        keys.get(decision.lead_id or 0),
        tuple(keys[i] for i in decision.co_ids),
        decision.by,
        decision.version,
        list(decision.explanation["steps"]),
    )


def facts_of(case: Case, *, now: datetime, condition_id: int | None = None) -> CaseFacts:
    """A case as routing knows it; `condition_id` in place of its own one."""
    chosen = condition_id or case.condition_id
    key = get_condition(chosen)[1].key if chosen else ""
    first = Report.objects.filter(case_id=case.pk).order_by("pk").first()
    return CaseFacts(
        class_key=key,
        condition_id=chosen,
        path=AreaPath(
            case.city_id, case.district_id, case.subdistrict_id, case.community_id, case.cell_id
        ),
        channel=case.channel,
        at=now,
        urgency=case.urgency,
        title=first.title if first else case.title,
        text=first.text if first else "",
    )
