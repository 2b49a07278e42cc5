"""Rows of a register made ready in bulk: checked, measured, numbered on the mesh.

Everything that can be said of many rows at once is said by arrays; a row that fails is refused
with its number and its reason, and the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.city.elements.domain.fields import FieldCheck
from cityloop.city.elements.domain.kinds import GEOMETRY_NAMES, GeometryKind
from cityloop.city.elements.domain.mesh import mesh_keys
from cityloop.city.elements.domain.rows import ElementRow, Refusal
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds, check_lonlat, check_many

MOST_HOUSEHOLDS = 20_000
LIMITS = {"code": 80, "name": 200, "name_en": 200, "address": 300, "source_key": 80}
_TYPE_IDS: dict[GeometryKind, tuple[int, ...]] = {
    GeometryKind.POINT: (0,),
    GeometryKind.LINE: (1, 5),
    GeometryKind.POLYGON: (3, 6),
    GeometryKind.ANY: (0, 1, 3, 4, 5, 6),
}
_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(slots=True)
class Prepared:
    """The good rows of a batch, lists and arrays side by side."""

    rows: list[ElementRow]
    wkb: list[bytes | None]
    boxes: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    mesh: NDArray[np.int64]
    fingerprints: list[int]


def prepare(
    rows: Sequence[ElementRow],
    *,
    geometry: GeometryKind,
    check: FieldCheck,
    bounds: Bounds | None,
    refused: list[Refusal],
) -> Prepared:
    """What of these rows can be registered; the others are added to `refused`.

    Args:
        rows: with `row` set.
        bounds: where the city lies; numbers that are swapped show by it.
    """
    rows = [row for row in rows if _passes(row, check, refused)]
    shapes = _shapes(rows)
    has_shape = np.array([r.geometry is not None for r in rows], bool)
    lon, lat = _points(rows, shapes)
    keep = np.ones(len(rows), bool)
    _refuse_shapes(rows, shapes, has_shape, geometry, keep, refused)
    _refuse_places(rows, lon, lat, bounds, keep, refused)
    chosen = np.flatnonzero(keep)
    rows, shapes = [rows[k] for k in chosen], shapes[chosen]
    lon, lat = np.round(lon[chosen], 9), np.round(lat[chosen], 9)
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    plain = np.isnan(boxes[:, 0]) | (shapely.get_type_id(shapes) == 0)
    boxes[plain] = np.column_stack((lon, lat, lon, lat))[plain]
    wkb = [None if p else w for p, w in zip(plain.tolist(), _wkb(shapes), strict=True)]
    prints = _fingerprints(rows, wkb, lon, lat)
    return Prepared(rows, wkb, boxes, lon, lat, mesh_keys(boxes), prints)


def _trim(row: ElementRow) -> None:
    """Blanks around a text mean nothing, and no table would bring them back."""
    row.code, row.name, row.name_en = row.code.strip(), row.name.strip(), row.name_en.strip()
    row.address, row.source_key = row.address.strip(), row.source_key.strip()
    own = row.properties
    if any(type(v) is str and v != v.strip() for v in own.values()):
        row.properties = {n: v.strip() if type(v) is str else v for n, v in own.items()}


def _passes(row: ElementRow, check: FieldCheck, refused: list[Refusal]) -> bool:
    _trim(row)
    try:
        if (
            len(row.code) > 80
            or len(row.name) > 200
            or len(row.name_en) > 200
            or len(row.address) > 300
            or len(row.source_key) > 80
        ):
            raise _too_long(row)
        if not row.code and not row.source_key:
            raise _no_code()
        homes = row.households
        if homes is not None and not 0 <= homes <= MOST_HOUSEHOLDS:
            raise _households(homes)
        check.check(row.properties)
    except DomainError as error:
        refused.append(Refusal(row.row or 0, row.code or row.source_key, error))
        return False
    return True


def _shapes(rows: Sequence[ElementRow]) -> NDArray[np.object_]:
    """Geometries; None for plain points and for bytes that are no geometry."""
    found = np.empty(len(rows), object)
    packed = [k for k, r in enumerate(rows) if isinstance(r.geometry, bytes | memoryview)]
    for k, row in enumerate(rows):
        if not isinstance(row.geometry, bytes | memoryview):
            found[k] = row.geometry
    if packed:
        wkb = [bytes(rows[k].geometry) for k in packed]  # type: ignore[arg-type]
        found[packed] = shapely.from_wkb(np.array(wkb, object), on_invalid="ignore")
    flat: NDArray[np.object_] = shapely.force_2d(found)
    return flat


def _wkb(shapes: NDArray[np.object_]) -> list[bytes | None]:
    return shapely.to_wkb(shapes, byte_order=1).tolist() if len(shapes) else []


def _points(
    rows: Sequence[ElementRow], shapes: NDArray[np.object_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A point of every row: the given one, else one on its shape; nan where there is none."""
    given = [(np.nan, np.nan) if r.lon is None or r.lat is None else (r.lon, r.lat) for r in rows]
    lon, lat = np.array(given, np.float64).reshape(-1, 2).T.copy()
    missing = np.isnan(lon) & np.array([s is not None for s in shapes], bool)
    if missing.any():
        own = shapes[missing]
        lines = np.isin(shapely.get_type_id(own), (1, 2))
        on = np.empty(len(own), object)
        on[lines] = shapely.line_interpolate_point(own[lines], 0.5, normalized=True)
        on[~lines] = shapely.point_on_surface(own[~lines])
        lon[missing], lat[missing] = shapely.get_x(on), shapely.get_y(on)
    return lon, lat


def _refuse_shapes(
    rows: Sequence[ElementRow],
    shapes: NDArray[np.object_],
    has_shape: NDArray[np.bool_],
    geometry: GeometryKind,
    keep: NDArray[np.bool_],
    refused: list[Refusal],
) -> None:
    types = shapely.get_type_id(shapes)
    broken = has_shape & ((types < 0) | shapely.is_empty(shapes))
    needs_shape = geometry in (GeometryKind.LINE, GeometryKind.POLYGON)
    wrong = has_shape & ~broken & ~np.isin(types, _TYPE_IDS[geometry])
    if needs_shape:
        wrong |= ~has_shape
    invalid = has_shape & ~broken & ~wrong & ~shapely.is_valid(shapes)
    for k in np.flatnonzero(broken | wrong | invalid).tolist():
        if broken[k]:
            error = _error("element.geometry", "The geometry cannot be read or is empty.",
                           "几何无法读取或为空。")  # fmt: skip
        elif wrong[k]:
            error = _wrong_type(shapes[k], geometry)
        else:
            reason = shapely.is_valid_reason(shapes[k])
            error = _error(
                "element.geometry",
                f"The geometry is not valid: {reason}. Repair it, or import with repair.",
                f"几何无效：{reason}。请修复，或在导入时选择修复。",
            )
        _refuse(rows[k], error, k, keep, refused)


def _refuse_places(
    rows: Sequence[ElementRow],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    bounds: Bounds | None,
    keep: NDArray[np.bool_],
    refused: list[Refusal],
) -> None:
    codes = check_many(lon, lat, bounds)
    for k in np.flatnonzero((codes != "") & keep).tolist():
        if np.isnan(lon[k]) and rows[k].lon is None:
            error = _error("element.no_place", "Neither a geometry nor lon and lat are given.",
                           "既没有几何，也没有经纬度。")  # fmt: skip
        else:
            error = _place_error(float(lon[k]), float(lat[k]), bounds)
        _refuse(rows[k], error, k, keep, refused)


def _place_error(lon: float, lat: float, bounds: Bounds | None) -> DomainError:
    try:
        check_lonlat(lon, lat, bounds=bounds, where="lon, lat")
    except DomainError as error:
        return error
    raise AssertionError("check_many and check_lonlat decide alike")


def _refuse(
    row: ElementRow, error: DomainError, k: int, keep: NDArray[np.bool_], refused: list[Refusal]
) -> None:
    keep[k] = False
    refused.append(Refusal(row.row or 0, row.code or row.source_key, error))


def _fingerprints(
    rows: Sequence[ElementRow],
    wkb: Sequence[bytes | None],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> list[int]:
    """64 bits of everything that was given, signed as databases hold them."""
    digest, from_bytes = hashlib.blake2b, int.from_bytes
    found = []
    for row, shape, x, y in zip(rows, wkb, lon.tolist(), lat.tolist(), strict=True):
        told = _encode(
            (row.name, row.name_en, row.address, x, y, row.households, row.properties,
             row.source_key)
        )  # fmt: skip
        whole = digest(told if shape is None else told + shape, digest_size=8).digest()
        found.append(from_bytes(whole, "little", signed=True))
    return found


def _error(code: str, en: str, zh: str, where: str = "geometry") -> DomainError:
    return DomainError(code, en, zh, where=where)


def _wrong_type(shape: shapely.Geometry | None, geometry: GeometryKind) -> DomainError:
    given = "none" if shape is None else shape.geom_type
    zh, en = GEOMETRY_NAMES[geometry]
    return _error(
        "element.geometry_type",
        f"The geometry is {given}; this kind needs {en}.",
        f"几何类型为 {given}；该类要素需要：{zh}。",
    )


def _too_long(row: ElementRow) -> DomainError:
    name = next(n for n, most in LIMITS.items() if len(getattr(row, n)) > most)
    value, most = getattr(row, name), LIMITS[name]
    return _error(
        "element.too_long",
        f"{name} has {len(value)} characters ({value[:30]}…); at most {most} are kept.",
        f"{name} 有 {len(value)} 个字符（{value[:30]}…），至多 {most} 个。",
        name,
    )


def _no_code() -> DomainError:
    return _error(
        "element.no_code",
        "Neither a code nor the source's own key is given, so the row could not be found again.",
        "既没有编码，也没有来源标识，之后无法再识别该行。",
        "code",
    )


def _households(value: int) -> DomainError:
    return _error(
        "element.households",
        f"households is {value}; allowed: 0 to {MOST_HOUSEHOLDS}.",
        f"户数为 {value}；允许 0 至 {MOST_HOUSEHOLDS}。",
        "households",
    )
