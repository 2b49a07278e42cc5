"""Registers into files: CSV, XLSX, GeoJSON, written as they are read, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import shapely
from django.db.models import QuerySet
from shapely.geometry import mapping

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.domain.columns import EXPORTED
from cityloop.city.elements.models import Element, Kind
from cityloop.city.elements.queries.areas import conditions
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.rules import need_reader
from cityloop.city.places import queries as places
from cityloop.engines.tables.export import csv_chunks
from cityloop.engines.tables.export_xlsx import xlsx_chunks
from cityloop.kernel.errors import NotFound

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


def export(viewer: Viewer, kind: str, form: str, area_code: str = "") -> Iterator[bytes]:
    """The current elements of a kind as a file in pieces.

    Raises: NotAllowed; NotFound element.no_kind, element.form, place.unknown_code.
    """
    need_reader(viewer)
    row = kind_row(kind)
    rows = Element.objects.filter(kind=row, valid_to__isnull=True).order_by("code")
    if area_code:
        rows = rows.filter(conditions(area_code))
    if form == "geojson":
        return _geojson(rows, row)
    if form not in FORMS:
        raise NotFound(
            "element.form",
            f"{form!r:.20} is not offered; there are: {', '.join(FORMS)}.",
            f"没有格式 {form!r:.20}；可用：{', '.join(FORMS)}。",
        )
    own = list(row.schema.get("properties", {}))
    columns = [*EXPORTED, *own]
    chunks = csv_chunks if form == "csv" else xlsx_chunks
    return chunks(columns, _rows(rows, row, own))


def _rows(rows: QuerySet[Element], kind: Kind, own: list[str]) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        wkt = "" if row.geometry is None else shapely.from_wkb(bytes(row.geometry)).wkt
        cell, community = _codes(row)
        more = {name: value for name, value in row.properties.items() if name not in own}
        yield [
            row.code, row.name, row.name_en, row.address, row.lon, row.lat, row.households,
            row.source_key, wkt, kind.code, cell, community, row.version,
            msgspec.json.encode(more).decode() if more else "",
            *(row.properties.get(name) for name in own),
        ]  # fmt: skip


def _codes(row: Element) -> tuple[str, str]:
    tree = places.tree()
    cell, community = tree.find(row.cell_id), tree.find(row.community_id)
    return (cell.code if cell else ""), (community.code if community else "")


def feature(row: Element, kind: str) -> dict[str, Any]:
    """One element as a GeoJSON feature."""
    cell, community = _codes(row)
    if row.geometry is None:
        geometry: dict[str, Any] = {"type": "Point", "coordinates": [row.lon, row.lat]}
    else:
        geometry = mapping(shapely.from_wkb(bytes(row.geometry)))
    told = {
        **row.properties,
        "kind": kind, "code": row.code, "name": row.name, "name_en": row.name_en,
        "address": row.address, "households": row.households, "source_key": row.source_key,
        "cell": cell, "community": community, "version": row.version,
    }  # fmt: skip
    return {"type": "Feature", "id": row.pk, "geometry": geometry, "properties": told}


def _geojson(rows: QuerySet[Element], kind: Kind) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    first, pieces = True, list[bytes]()
    for row in rows.iterator(chunk_size=2000):
        pieces.append((b"" if first else b",") + msgspec.json.encode(feature(row, kind.code)))
        first = False
        if len(pieces) >= 500:
            yield b"".join(pieces)
            pieces = []
    yield b"".join([*pieces, b"]}"])
