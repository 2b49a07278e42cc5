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
from cityloop.city.elements.domain.columns import ALIASES, cell_text, column_names, row_of
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
    rows = _features(file, row, system, refused) if is_geojson else _table(file, row, refused)
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
            yield row_of(number, raw, names, check, as_meant=cell_text)
        except DomainError as error:
            refused.append(Refusal(number, str(raw.get(code_column, ""))[:80], error))


def _features(
    path: Path, kind: Kind, system: CoordinateSystem, refused: list[Refusal]
) -> Iterator[ElementRow]:
    check = FieldCheck(kind.schema)
    known: dict[tuple[str, ...], dict[str, str]] = {}
    for number, raw in enumerate(_read_features(path, system), start=1):
        own = raw.get("properties") if isinstance(raw, dict) else None
        own = dict(own) if isinstance(own, dict) else {}
        columns = tuple(own)
        if columns not in known:
            known[columns] = column_names(columns, kind.schema, shaped=True)
        code = next((own[c] for c, name in known[columns].items() if name == "code"), None)
        try:
            row = row_of(number, own, known[columns], check)
            row.geometry = _geometry(raw)
            if "source_key" not in known[columns].values():
                row.source_key = str(raw.get("id") or "")[:200]
            yield row
        except DomainError as error:
            refused.append(Refusal(number, str(code or "")[:80], error))


def _read_features(path: Path, system: CoordinateSystem) -> list[Any]:
    try:
        file = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
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
    _check_crs(file.get("crs"), system)
    return features


def _check_crs(given: Any, declared: CoordinateSystem) -> None:
    """What a file says of its system must agree with what was declared.

    GCJ-02 and BD-09 stand in files that call themselves WGS84.
    """
    own = given.get("properties") if isinstance(given, dict) else None
    name = str(own.get("name") or "") if isinstance(own, dict) else ""
    if not name or name.upper().endswith("CRS84"):
        return
    said = coordinate_system(name)
    degrees = not said.projected and not declared.projected
    if said.code != declared.code and not (degrees and (declared.shifted or said.exact)):
        raise DomainError(
            "element.crs",
            f"The file says it is in {said.name} ({said.code}); declared is {declared.name} "
            f"({declared.code}). Declare the one it is in.",
            f"文件注明的坐标系为 {said.name}（{said.code}），声明的是 {declared.name}"
            f"（{declared.code}）。请按文件的坐标系声明。",
            where="crs",
        )


def _geometry(raw: Any) -> Any:
    try:
        return shape(raw["geometry"]) if raw.get("geometry") else None
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError):
        raise DomainError(
            "element.geometry",
            "The geometry is no GeoJSON geometry.",
            "几何不是有效的 GeoJSON 几何。",
            where="geometry",
        ) from None


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
