"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cityloop.city.accounts.domain import (
    ADMINISTRATORS,
    DEPARTMENT_ROLES,
    DESK,
    ROLE_NAMES,
    SUPERVISORS,
    Role,
    Viewer,
)
from cityloop.city.accounts.queries import viewer_of_request
from cityloop.web.pages.language import language_of

THEMES = {"light", "dark"}


def page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    """Render a page in the reader's language."""
    lang = language_of(request)
    viewer = viewer_of_request(request)
    context |= {
        "lang": lang,
        "theme": theme if (theme := request.COOKIES.get("cityloop_theme", "")) in THEMES else "",
        "viewer": viewer,
        "roles": role_names(viewer, lang),
        "demo": settings.DEMO,
    }
    return render(request, f"cityloop/{name}.html", context)


def role_names(viewer: Viewer, lang: str) -> str:
    """The roles held, in words."""
    names = {h.role: ROLE_NAMES[h.role] for h in viewer.holdings}
    return "、".join(zh if lang == "zh" else en for zh, en in names.values())


def works(viewer: Viewer) -> bool:
    """Whether the viewer has cases to work on."""
    return viewer.holds(*(set(Role) - ADMINISTRATORS))


def home_of(viewer: Viewer) -> str:
    """Where somebody begins: whoever directs at the centre, whoever works at the own room."""
    if viewer.kind == "public":
        return "/login/"
    if viewer.holds(*SUPERVISORS, Role.ANALYST):
        return "/centre/"
    if viewer.holds(Role.GRID_WORKER):
        return "/worker/"
    if viewer.holds(Role.HOTLINE_OPERATOR):
        return "/calls/"
    if viewer.holds(*DESK, *DEPARTMENT_ROLES):
        return "/cases/"
    return "/manage/" if viewer.holds(*ADMINISTRATORS) else "/"
