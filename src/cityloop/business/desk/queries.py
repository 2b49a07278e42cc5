"""Queues and saved filters with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from cityloop.business.cases.queries import count_cases
from cityloop.business.desk.domain import COUNTED, READERS, queues_of
from cityloop.business.desk.models import SavedFilter
from cityloop.business.desk.rules import check_may_keep
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.kernel.errors import DomainError


def queues(viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's queues, each with the number of its cases (99 and `more` from 100 on)."""
    return [
        {
            "key": queue.key,
            "zh": queue.zh,
            "en": queue.en,
            "filters": dict(queue.filters),
            "order": queue.order,
            **counted(viewer, queue.filters),
        }
        for queue in queues_of(roles_of(viewer))
    ]


def roles_of(viewer: Viewer) -> frozenset[Role]:
    """Roles held anywhere."""
    return frozenset(h.role for h in viewer.holdings)


def filters_of(viewer: Viewer) -> list[SavedFilter]:
    """The viewer's own filters, then those shared with a role the viewer holds."""
    owner = check_may_keep(viewer)
    shared = [r.value for r in roles_of(viewer) & READERS]
    rows = SavedFilter.objects.filter(Q(owner_id=owner) | Q(role__in=shared))
    return sorted(rows.select_related("owner"), key=lambda f: (f.owner_id != owner, f.pk))


def filter_out(viewer: Viewer, row: SavedFilter) -> dict[str, Any]:
    """A saved filter as the desk shows it."""
    return {
        "id": row.pk,
        "name": row.name,
        "filters": row.filters,
        "order": row.order,
        "role": row.role,
        "own": row.owner_id == viewer.user_id,
        "owner": str(row.owner),
        **counted(viewer, row.filters),
    }


def counted(viewer: Viewer, filters: Mapping[str, Any]) -> dict[str, Any]:
    """{n, more}; n is None where the filter means nothing any more (its area is gone, say)."""
    try:
        n = count_cases(viewer, filters, most=COUNTED)
    except DomainError:
        return {"n": None, "more": False}
    return {"n": min(n, COUNTED - 1), "more": n >= COUNTED}
