"""By what a list of cases can be narrowed, and by what it is sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from cityloop.business.cases.domain import FINAL_STATES, State
from cityloop.business.cases.models.case import HAS_CLOCK
from cityloop.city.db import is_sqlite
from cityloop.kernel.errors import DomainError

# Moments of a case that figures count by; the list behind a figure filters by the same.
MILESTONES = ("filed", "dispatched", "responded", "handled", "closed")
LAST = "\U0010ffff"
HEAT: Combinable = F("report_count") + F("urged")
# name → (what is sorted by, descending, open cases only)
ORDERS: dict[str, tuple[str, bool, bool]] = {
    "due": ("due_at", False, True),
    "received": ("received_at", True, False),
    "oldest": ("received_at", False, False),
    "heat": ("heat", True, True),
}
Filter = Callable[[Any], Q]


def filter_of(filters: Mapping[str, Any]) -> Q:
    """The filters of FILTERS, all at once. Words (`q`, `text`) are not among them: they are looked
    up in the search index, see `lists.py`.

    Raises: DomainError("list.filter") for a name that is not one of these, or a value that it
        cannot take.
    """
    chosen = Q()
    for name, value in filters.items():
        if value is None or value in ("", (), []):  # a list is in no set
            continue
        if name not in FILTERS:
            raise bad("list.filter", "filter", name, ", ".join(FILTERS))
        try:
            chosen &= FILTERS[name](value)
        except (TypeError, ValueError) as error:
            raise bad("list.filter", name, value, "a value of that kind") from error
    return chosen


def check_order(order: str) -> tuple[str, bool, bool]:
    """Raises: DomainError("list.order")."""
    if order not in ORDERS:
        raise bad("list.order", "order", order, ", ".join(ORDERS))
    return ORDERS[order]


def bad(code: str, where: str, value: Any, allowed: str) -> DomainError:
    """The refusal of a value of a list's question."""
    return DomainError(
        code,
        f"{where} '{value}' is not possible here; allowed: {allowed}.",
        f"{where} 的值“{value}”无效，可用：{allowed}。",
        where=where,
    )


def _area(value: Any) -> Q:
    from cityloop.city.places.queries import tree

    area = tree().get(int(value))
    return Q(**{f"{area.level}_id": area.id})


def _state(value: Any) -> Q:
    states = list(value) if isinstance(value, list | tuple) else str(value).split(",")
    chosen = Q(state__in=states)
    # Said once more by the clock, the index of the open cases answers.
    return chosen if FINAL_STATES & set(states) else chosen & HAS_CLOCK


def _class(key: str) -> Q:
    from cityloop.business.catalogue.queries import class_ids

    return Q(case_class_id__in=class_ids(key))


def _number(start: str) -> Q:
    chosen = Q(number__startswith=start)
    # SQLite's LIKE uses no index; its text order is that of the code points.
    return chosen & Q(number__gte=start, number__lt=start + LAST) if is_sqlite() else chosen


def _reached(milestone: str, since: Any) -> Q:
    return Q(**{f"{milestone}_at__gte": since})


def _reached_before(milestone: str, before: Any) -> Q:
    return Q(**{f"{milestone}_at__lt": before})


def _answered(name: str, value: bool) -> Q:
    return Q(**{name: value})


def _open(value: bool) -> Q:
    return HAS_CLOCK if value else ~HAS_CLOCK


def _working(value: bool) -> Q:
    """What somebody of the city still has to do something for."""
    waits = Q(state=State.CLOSED)
    return HAS_CLOCK & ~waits if value else ~HAS_CLOCK | waits


FILTERS: dict[str, Filter] = {
    "state": _state,
    "alert": lambda v: Q(alert=v) & HAS_CLOCK,  # what has ended warns no more
    "class_key": _class,
    "class_id": lambda v: Q(case_class_id=v),
    "department": lambda v: Q(lead_department_id=v),
    "area": _area,
    "channel": lambda v: Q(channel=v),
    "owner_role": lambda v: Q(owner_role=v),
    "owner_user": lambda v: Q(owner_user_id=v),
    "urgency": lambda v: Q(urgency=v),
    "number": _number,
    "since": lambda v: Q(received_at__gte=v),
    "before": lambda v: Q(received_at__lt=v),
    "late": lambda v: Q(late_ever=v),
    "urged": lambda v: Q(urged__gt=0) & HAS_CLOCK if v else Q(urged=0),
    "returned": lambda v: Q(returns__gt=0) if v else Q(returns=0),
    "rated": lambda v: Q(solved__isnull=not v),
    **{f"{m}_since": partial(_reached, m) for m in MILESTONES},
    **{f"{m}_before": partial(_reached_before, m) for m in MILESTONES},
    # Kept its promise: finished in time, or the overdue mark was lifted on appeal.
    "on_time": lambda v: (
        Q(late_ever=False) | Q(exempt=True) if v else Q(late_ever=True, exempt=False)
    ),
    "auto": lambda v: Q(auto_dispatched=v),
    "misrouted": lambda v: Q(misrouted=v),
    "reworked": lambda v: Q(reworks__gt=0) if v else Q(reworks=0),
    **{f: partial(_answered, f) for f in ("responded", "solved", "satisfied")},
    "open": _open,
    "working": _working,
}
