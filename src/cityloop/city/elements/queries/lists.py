"""Lists of elements for tables and maps: by kind, by area, by words, by box."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.domain import Box, mesh_ranges
from cityloop.city.elements.models import Element, Kind
from cityloop.city.elements.queries.areas import conditions
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.rules import need_reader
from cityloop.kernel.errors import DomainError

MOST = 200
MOST_IN_BOX = 2000
_WORDS = ("name", "name_en", "address", "code")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin (None = there are no more)."""

    rows: list[Element]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind with what is registered of it now."""

    kind: Kind
    elements: int
    households: int


def counted_kinds(viewer: Viewer) -> list[KindCount]:
    """All kinds by code, each with its number of current elements."""
    need_reader(viewer)
    found = Element.objects.filter(valid_to__isnull=True).values("kind_id")
    totals = {
        row["kind_id"]: (row["n"], row["homes"] or 0)
        for row in found.annotate(n=Count("id"), homes=Sum("households"))
    }
    return [KindCount(kind, *totals.get(kind.pk, (0, 0))) for kind in Kind.objects.order_by("code")]


def listed(
    viewer: Viewer,
    kind: str,
    *,
    area_code: str | None = None,
    words: str = "",
    after: str = "",
    limit: int = 50,
) -> Page:
    """Current elements of a kind by code.

    Args:
        words: all of them stand in its name, address or code.
        after: the cursor of the page before.
    Raises: NotAllowed; NotFound element.no_kind, place.unknown_code.
    """
    need_reader(viewer)
    rows = Element.objects.filter(kind=kind_row(kind), valid_to__isnull=True)
    if area_code:
        rows = rows.filter(conditions(area_code))
    for word in words.split()[:6]:
        any_of = Q()
        for name in _WORDS:
            any_of |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(any_of)
    if after:
        rows = rows.filter(code__gt=after)
    return _page(rows.order_by("code"), limit, MOST)


def _page(rows: QuerySet[Element], limit: int, most: int) -> Page:
    limit = max(1, min(limit, most))
    found = list(rows.select_related("kind").defer("geometry")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], found[limit - 1].code if more else None)


def in_box(
    viewer: Viewer,
    bbox: tuple[float, float, float, float],
    kinds: Collection[str] = (),
    limit: int = MOST_IN_BOX,
    cursor: str = "",
    where: Q | None = None,
) -> Page:
    """Current elements whose box touches this one, in an order that stays.

    Args:
        bbox: west, south, east, north, degrees.
        kinds: codes of kinds; none = all.
        cursor: of the page before.
        where: what else they must be.
    Raises: NotAllowed; NotFound("element.no_kind"); DomainError element.box, element.cursor.
    """
    need_reader(viewer)
    box = _box(bbox)
    limit = max(1, min(limit, MOST_IN_BOX))
    start = _cursor(cursor)
    rows = Element.objects.filter(
        valid_to__isnull=True, west__lte=box.east, east__gte=box.west,
        south__lte=box.north, north__gte=box.south,
    ).filter(where or Q()).select_related("kind")  # fmt: skip
    if kinds:
        rows = rows.filter(kind_id__in=[kind_row(code).pk for code in kinds])
    found: list[Element] = []
    for low, high in mesh_ranges(box):
        if high < start[0]:
            continue
        part = rows.filter(mesh__gte=max(low, start[0]), mesh__lte=high)
        if low <= start[0]:
            part = part.exclude(mesh=start[0], id__lte=start[1])
        found += part.order_by("mesh", "id")[: limit + 1 - len(found)]
        if len(found) > limit:
            last = found[limit - 1]
            return Page(found[:limit], f"{last.mesh}-{last.pk}")
    return Page(found, None)


def _box(bbox: tuple[float, float, float, float]) -> Box:
    box = Box(*bbox)
    if not (-180 <= box.west <= box.east <= 180 and -90 <= box.south <= box.north <= 90):
        shown = ", ".join(f"{v:g}" for v in box)
        raise DomainError(
            "element.box",
            f"bbox is {shown}; give west, south, east, north in degrees, west <= east and "
            "south <= north.",
            f"bbox 为 {shown}；应为 西, 南, 东, 北（度），且西不大于东、南不大于北。",
            where="bbox",
        )
    return box


def _cursor(text: str) -> tuple[int, int]:
    if not text:
        return -1, -1
    mesh, _, pk = text.partition("-")
    if not (mesh.isdigit() and pk.isdigit() and len(text) < 60):
        raise DomainError(
            "element.cursor",
            f"{text[:60]!r} is no cursor of an earlier page. Start without one.",
            f"{text[:60]!r} 不是有效的翻页标记，请从第一页开始。",
            where="cursor",
        )
    return int(mesh), int(pk)
