"""Guides of posts, pictures in them, tours seen."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_person
from cityloop.hub.guide.models import TourSeen
from cityloop.hub.guide.writing import title_of, tree_of
from cityloop.kernel.errors import NotFound

# Which guide somebody of a role reads; guides follow the work, not the organisation.
GUIDE_OF: dict[Role, str] = {
    Role.CITIZEN: "citizen",
    Role.GRID_WORKER: "grid_worker",
    Role.HOTLINE_OPERATOR: "acceptor",
    Role.ACCEPTOR: "acceptor",
    Role.DISPATCHER: "dispatcher",
    Role.HANDLER: "handler",
    Role.DEPARTMENT_LEAD: "handler",
    Role.SUPERVISOR_COMMUNITY: "supervisor",
    Role.SUPERVISOR_SUBDISTRICT: "supervisor",
    Role.SUPERVISOR_DISTRICT: "supervisor",
    Role.ANALYST: "supervisor",
    Role.SYSTEM_ADMIN: "admin",
    Role.SECURITY_ADMIN: "admin",
    Role.AUDIT_ADMIN: "admin",
}
GUIDES = tuple(dict.fromkeys(GUIDE_OF.values()))
_PICTURE = re.compile(r"[a-z0-9-]+\.webp")


def guides(viewer: Viewer, language: str) -> list[dict[str, Any]]:
    """All guides, the reader's own first."""
    own = {GUIDE_OF[h.role] for h in viewer.holdings}
    rows = [
        {"role": role, "title": title_of(_text(role, language)), "own": role in own}
        for role in GUIDES
    ]
    return sorted(rows, key=lambda row: not row["own"])


def guide(role: str, language: str) -> dict[str, Any]:
    """One guide as a tree of elements. Raises: NotFound("guide.unknown")."""
    if role not in GUIDES:
        raise NotFound(
            "guide.unknown",
            f"There is no guide '{role[:40]}'. There are: {', '.join(GUIDES)}.",
            f"没有“{role[:40]}”的指南，可选：{'、'.join(GUIDES)}。",
            where="role",
        )
    text = _text(role, language)
    return {"role": role, "title": title_of(text), "nodes": tree_of(text)}


def picture(name: str) -> Path:
    """The file of a picture of the guides. Raises: NotFound("guide.no_picture")."""
    path = _folder() / "img" / name
    if not _PICTURE.fullmatch(name) or not path.is_file():
        raise NotFound(
            "guide.no_picture",
            "There is no such picture in the guides.",
            "指南中没有这张图片。",
            where="name",
        )
    return path


def seen_tours(viewer: Viewer) -> list[str]:
    """Tours that need not begin by themselves for this person.

    Raises: NotAllowed("login.needed", 401).
    """
    rows = TourSeen.objects.filter(user_id=need_person(viewer))
    return sorted(rows.values_list("tour", flat=True))


def _folder() -> Path:
    return Path(settings.DOCS) / "guide"


def _text(role: str, language: str) -> str:
    path = _folder() / "roles" / f"{role}.{'en' if language == 'en' else 'zh'}.md"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else ""


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> str:
    return path.read_text("utf-8")
