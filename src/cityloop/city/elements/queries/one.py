"""One element, and how it became what it is."""

from __future__ import annotations

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.models import Element
from cityloop.city.elements.rules import need_reader
from cityloop.kernel.errors import NotFound


def used_codes(kind: str, prefix: str) -> list[str]:
    """Codes that elements of a kind have or had, beginning with these characters."""
    own = Element.objects.filter(kind__code=kind, code__startswith=prefix)
    return list(own.values_list("code", flat=True).distinct())


def current_row(element_id: int) -> Element:
    """The present version, by the id of any version. Raises: NotFound("element.unknown")."""
    row = _version(element_id)
    if row.valid_to is None:
        return row
    now = Element.objects.select_related("kind").filter(
        kind_id=row.kind_id, code=row.code, valid_to__isnull=True
    )
    found = now.first()
    if found is None:
        raise NotFound(
            "element.retired",
            f"{row.code} is no longer there since {row.valid_to:%Y-%m-%d}.",
            f"{row.code} 已于 {row.valid_to:%Y-%m-%d} 注销。",
        )
    return found


def _version(element_id: int) -> Element:
    row = Element.objects.select_related("kind").filter(pk=element_id).first()
    if row is None:
        raise NotFound(
            "element.unknown", f"There is no element {element_id}.", f"没有要素 {element_id}。"
        )
    return row


def one(viewer: Viewer, element_id: int) -> Element:
    """The last version of an element, by the id of any version.

    Raises: NotAllowed("role.needed"), NotFound("element.unknown").
    """
    need_reader(viewer)
    return history(viewer, element_id)[0]


def history(viewer: Viewer, element_id: int) -> list[Element]:
    """All versions, newest first. Raises: NotAllowed, NotFound("element.unknown")."""
    need_reader(viewer)
    row = _version(element_id)
    rows = Element.objects.filter(kind_id=row.kind_id, code=row.code)
    return list(rows.select_related("kind").order_by("-version"))
