"""Figures that can be opened: each is the length of a list of cases, and carries its question.

A figure and the list behind it (反查) are one question asked twice, so they cannot differ: both
read the cases that the viewer may know of, through the same filters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from cityloop.business.cases.queries import cases_of, filter_of
from cityloop.city.accounts.domain import Viewer

Filters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases, and the query string of `/cases/` that lists exactly these."""

    n: int
    query: str


def rows(viewer: Viewer, filters: Filters) -> QuerySet[Any]:
    """The cases of a question, as far as the viewer may know of them."""
    return cases_of(viewer).filter(filter_of(filters)).order_by()


def counted(viewer: Viewer, filters: Filters) -> Counted:
    """One question."""
    return Counted(rows(viewer, filters).count(), query_of(filters))


def count_together(
    viewer: Viewer, base: Filters, questions: Mapping[str, Filters]
) -> dict[str, Counted]:
    """Several questions within one base, in one pass over it."""
    parts = {name: Count("pk", filter=_narrowed(extra)) for name, extra in questions.items()}
    found = rows(viewer, base).aggregate(**parts)
    return {
        name: Counted(found[name], query_of({**base, **extra})) for name, extra in questions.items()
    }


def count_by(
    viewer: Viewer, base: Filters, questions: Mapping[str, Filters], *, column: str
) -> dict[int, dict[str, int]]:
    """The same, apart by a column of the case; cases without a value are left out."""
    parts = {name: Count("pk", filter=_narrowed(extra)) for name, extra in questions.items()}
    grouped = rows(viewer, base).exclude(**{column: None}).values(column).annotate(**parts)
    return {row.pop(column): row for row in grouped}


def _narrowed(extra: Filters) -> Q:
    return filter_of(extra) or Q(pk__isnull=False)


def query_of(filters: Filters) -> str:
    """Filters as they stand in an address.

    Example: >>> query_of({"state": ["filed", "reported"], "auto": True})
        'state=filed%2Creported&auto=true'
    """
    given = {name: _text(value) for name, value in filters.items()}
    return urlencode({name: text for name, text in given.items() if text})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return ",".join(str(v) for v in value)
    return "" if value is None else str(value)
