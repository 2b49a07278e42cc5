"""Cursors, ids and the viewer, as the operations here take them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query

from cityloop.city.accounts import queries
from cityloop.city.accounts.domain import ROLE_NAMES, Role, Viewer

Limit = Annotated[int, Query(ge=1, le=queries.MOST)]
After = Annotated[int, Query(ge=0, le=2**62)]
PathId = Annotated[int, Path(ge=0, le=2**62)]


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks."""
    return request.viewer  # type: ignore[attr-defined,no-any-return]


def page(rows: list[Any], limit: int) -> dict[str, Any]:
    """A page by cursor: `next_after` goes into `after` of the next call; none = the end."""
    last = getattr(rows[-1], "pk", None) or rows[-1].id if len(rows) == limit else None
    return {"items": rows, "next_after": last}


def person_out(row: queries.PersonRow) -> dict[str, Any]:
    """A user as shown, roles in words."""
    shown = asdict(row)
    for held in shown["holdings"]:
        held["role_zh"], held["role_en"] = ROLE_NAMES[Role(held["role"])]
    return shown
