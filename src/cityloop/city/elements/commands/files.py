"""Registers from files: GeoJSON, CSV, XLSX. A dry run tells everything and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.commands.missing import MOST_SHARE, end_missing
from cityloop.city.elements.commands.taking import take
from cityloop.city.elements.domain import ElementRow, FieldCheck, Refusal, Taken
from cityloop.city.elements.domain.columns import ALIASES, column_names, row_of_table
from cityloop.city.elements.models import Kind
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.rules import need_keeper
from cityloop.engines.tables import RefusedRow, open_table
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import CoordinateSystem, coordinate_system

_GEOJSON = (".geojson", ".json")


def import_file(
    path: str | Path,
    *,
    kind: str,
    source: str,
    crs: str,
    actor: Viewer,
    now: datetime,
    dry_run: bool = True,
    repair: bool = False,
    ends_missing: bool = False,
    most_missing: float = MOST_SHARE,
) -> Taken:
    """Take the rows of a file into the register of a kind.

    Args:
        path: GeoJSON (.geojson, .json), or a table: CSV, TSV, XLSX, JSON lines. Columns: code,
            name, name_en, address, lon, lat, wkt, households, source_key, or their Chinese names;
            the own fields by name or title.
        crs: wgs84, cgcs2000, gcj02, bd09 or any EPSG number, as whoever made the file declares it.
        repair: mend shapes that cross themselves.
        ends_missing: the file is all that `source` has of this kind: what else it has registered is
            retired, unless more than the share most_missing would go (see `end_missing`).
    Raises: DomainError place.unknown_crs, element.file, table.*; NotFound("element.no_kind").
        What is wrong with one row stands in `refused`, under its number in the file.
    """
    need_keeper(actor)
    system = coordinate_system(crs)
    row, refused = kind_row(kind), list[Refusal]()
    file = Path(path)
    is_geojson = file.suffix.lower() in _GEOJSON
    rows = _features(file, refused) if is_geojson else _table(file, row, refused)
    ready = _ready(rows, system, refused, repair=repair)
    done = take(
        ready, kind=kind, source=source, actor=actor, now=now, dry_run=dry_run,
    )  # fmt: skip
    done.refused = sorted([*done.refused, *refused], key=lambda r: r.row)
    if ends_missing:
        left = {r.code for r in done.refused}  # a row that was refused is not missing
        done.missing = end_missing(
            kind=kind, source=source, codes=done.codes | left, keys=left, most_share=most_missing,
            nameless=sum(not r.code for r in done.refused), dry_run=dry_run, actor=actor, now=now,
        )  # fmt: skip
        done.ended = 0 if done.missing.held else done.missing.gone
    return done


def _table(path: Path, kind: Kind, refused: list[Refusal]) -> Iterator[ElementRow]:
    known = {alias: own for own, aliases in ALIASES.items() for alias in (own, *aliases)}
    table, check = open_table(path, known=known), FieldCheck(kind.schema)
    names = column_names(table.columns, kind.schema)
    code_column = next((c for c, own in names.items() if own == "code"), "")

    def told(row: RefusedRow) -> None:
        refused.append(Refusal(row.number, "", row.error))

    for number, raw in table.rows(told):
        try:
            yield row_of_table(number, raw, names, check)
        except DomainError as error:
            refused.append(Refusal(number, str(raw.get(code_column, ""))[:80], error))


def _features(path: Path, refused: list[Refusal]) -> Iterator[ElementRow]:
    for number, raw in enumerate(_read_features(path), start=1):
        own = raw.get("properties") if isinstance(raw, dict) else None
        own = dict(own) if isinstance(own, dict) else {}
        code = str(own.get("code") or "")[:200]
        try:
            yield _feature_row(number, raw, own)
        except DomainError as error:
            refused.append(Refusal(number, code[:80], error))


def _read_features(path: Path) -> list[Any]:
    try:
        file = msgspec.json.decode(path.read_bytes())
        features = file["features"] if file.get("type") == "FeatureCollection" else None
    except (msgspec.DecodeError, AttributeError, KeyError, TypeError):
        features = None
    if not isinstance(features, list):
        raise DomainError(
            "element.file",
            f"{path.name} is no GeoJSON FeatureCollection.",
            f"{path.name} 不是 GeoJSON FeatureCollection。",
            where="file",
        )
    return features


def _feature_row(number: int, raw: Any, own: dict[str, Any]) -> ElementRow:
    try:
        geometry = shape(raw["geometry"]) if raw.get("geometry") else None
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError):
        raise DomainError(
            "element.geometry",
            "The geometry is no GeoJSON geometry.",
            "几何不是有效的 GeoJSON 几何。",
            where="geometry",
        ) from None
    texts = {n: str(own.pop(n) or "") for n in ("code", "name", "name_en", "address") if n in own}
    key = own.pop("source_key") if "source_key" in own else raw.get("id")
    for name in ("kind", "cell", "community", "version"):  # of our own export
        own.pop(name, None)
    homes = own.pop("households", None)
    if homes is not None and (isinstance(homes, bool) or not isinstance(homes, int)):
        raise DomainError(
            "element.number",
            f"households is {homes!r:.40}: a whole number is needed.",
            f"户数为 {homes!r:.40}，应为整数。",
            where="households",
        )
    told = {"geometry": geometry, "households": homes, "source_key": str(key or "")[:200]}
    return ElementRow(**texts, **told, properties=own, row=number)


def _ready(
    rows: Iterator[ElementRow], system: CoordinateSystem, refused: list[Refusal], *, repair: bool
) -> Iterator[ElementRow]:
    """In WGS84, mended where that was asked for."""
    for row in rows:
        try:
            if row.lon is not None and row.lat is not None:
                row.lon, row.lat = map(float, system.to_wgs84(row.lon, row.lat))
            if row.geometry is not None:
                row.geometry = _shape_ready(row.geometry, system, repair=repair)
        except DomainError as error:
            refused.append(Refusal(row.row or 0, row.code, error))
            continue
        yield row


def _shape_ready(given: Any, system: CoordinateSystem, *, repair: bool) -> Any:
    given = shapely.transform(
        given, lambda xy: np.column_stack(system.to_wgs84(xy[:, 0], xy[:, 1]))
    )
    if repair and not given.is_valid:
        given = shapely.make_valid(given)
        if given.geom_type == "GeometryCollection":  # lines left over from the crossing
            parts = [g for g in given.geoms if g.geom_type in ("Polygon", "MultiPolygon")]
            given = shapely.union_all(parts) if parts else given
    return given
