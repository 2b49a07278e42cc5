"""Kinds as the tables hold them."""

from __future__ import annotations

from cityloop.city.elements.domain import Family, GeometryKind, KindSpec
from cityloop.city.elements.models import Kind
from cityloop.kernel.errors import NotFound


def spec_of(row: Kind) -> KindSpec:
    """The kind as a value."""
    return KindSpec(
        code=row.code,
        family=Family(row.family),
        name_zh=row.name_zh,
        name_en=row.name_en,
        geometry=GeometryKind(row.geometry),
        schema=row.schema,
        component_code=row.component_code,
        searchable=row.searchable,
        inspect_every_days=row.inspect_every_days,
    )


def kinds() -> dict[str, KindSpec]:
    """All kinds by code."""
    return {row.code: spec_of(row) for row in Kind.objects.order_by("code")}


def kind_row(code: str) -> Kind:
    """The row of a kind. Raises: NotFound("element.no_kind")."""
    row = Kind.objects.filter(code=code).first()
    if row is None:
        known = ", ".join(Kind.objects.order_by("code").values_list("code", flat=True)[:60]) or "-"
        raise NotFound(
            "element.no_kind",
            f"There is no kind of element {code!r}; there are: {known}. Declare it first.",
            f"没有要素类别 {code!r}；现有：{known}。请先登记该类别。",
            where="kind",
        )
    return row


def stamp(kind: str) -> int:
    """Grows with every change of this kind's elements; 0 before the first."""
    return Kind.objects.filter(code=kind).values_list("stamp", flat=True).first() or 0
