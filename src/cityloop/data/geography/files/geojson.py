"""GeoJSON, feature by feature: one broken feature spoils no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.data.geography.domain.features import Feature
from cityloop.data.geography.domain.shapes import geometry_error
from cityloop.data.geography.files.source import Layer, file_error
from cityloop.kernel.errors import DomainError

MOST_BYTES = 1024 * 1024 * 1024


class _Whole(msgspec.Struct):
    type: str = ""
    crs: Any = None
    features: list[msgspec.Raw] | None = None


class _One(msgspec.Struct):
    type: str = ""
    id: Any = None
    properties: dict[str, Any] | None = None
    geometry: msgspec.Raw = msgspec.Raw(b"null")
    crs: Any = None


class _Rings(msgspec.Struct):
    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class GeoJsonSource:
    """Reader of one FeatureCollection; its layer is the file's name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.remarks: list[tuple[str, str]] = []
        self.left_out: dict[str, int] = {}
        whole = self._whole()
        self._features = whole.features or []
        self._crs = _crs_name(whole.crs)
        self.layers = [Layer(path.stem, self._crs, "EPSG:4326")]

    def _whole(self) -> _Whole:
        size = self._path.stat().st_size
        if size > MOST_BYTES:
            raise file_error(
                "too_big",
                f"{self._path.name} has {size:,} bytes; GeoJSON is read whole, at most "
                f"{MOST_BYTES:,}. Convert it to GeoPackage.",
                f"{self._path.name} 为 {size:,} 字节；GeoJSON 须整体读入，"
                f"至多 {MOST_BYTES:,} 字节，"
                "请转换为 GeoPackage。",
            )
        try:
            raw = self._path.read_bytes().removeprefix(b"\xef\xbb\xbf")
            whole = msgspec.json.decode(raw, type=_Whole)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise file_error(
                "damaged",
                f"{self._path.name} is not whole JSON in UTF-8: {error}. Export it again.",
                f"{self._path.name} 不是完整的 UTF-8 JSON：{error}。请重新导出。",
            ) from error
        if whole.type != "FeatureCollection" or whole.features is None:
            raise file_error(
                "not_features",
                f"{self._path.name} holds {whole.type or 'no GeoJSON'!r}; a FeatureCollection is "
                "needed.",
                f"{self._path.name} 的内容为 {whole.type or '非 GeoJSON'!r}，需要 "
                "FeatureCollection。",
            )
        return whole

    def features(self) -> Iterator[Feature]:
        for number, raw in enumerate(self._features, 1):
            yield self._feature(number, raw)

    def _feature(self, number: int, raw: msgspec.Raw) -> Feature:
        found = Feature(self.layers[0].name, number)
        try:
            one = msgspec.json.decode(raw, type=_One)
        except (msgspec.DecodeError, RecursionError) as error:
            found.error = geometry_error(f"is no GeoJSON Feature: {error}", f"不是要素：{error}")
            return found
        found.fields = one.properties or {}
        found.key = "" if one.id is None else str(one.id)[:80]
        crs = _crs_name(one.crs)
        if crs is not None and crs != self._crs:
            found.error = _mixed(crs, self._crs)
        elif bytes(one.geometry) != b"null":
            self._shape(found, one.geometry)
        return found

    def _shape(self, found: Feature, raw: msgspec.Raw) -> None:
        text = bytes(raw)
        try:
            found.shape = shapely.from_geojson(text.decode())
        except (shapely.GEOSException, ValueError, UnicodeDecodeError) as error:
            found.shape = _closed(text)
            found.open_ring = found.shape is not None
            if found.shape is None:
                found.error = geometry_error(
                    f"has a broken geometry: {error}. A ring needs four points, the last as the "
                    "first",
                    f"的几何损坏：{error}。环至少四点且首尾相同",
                )


def _closed(text: bytes) -> BaseGeometry | None:
    """The areas of a geometry with their rings closed; None where that is not what ailed it."""
    try:
        given = msgspec.json.decode(text, type=_Rings)
        parts = given.coordinates if given.type == "MultiPolygon" else [given.coordinates]
        for rings in parts:
            for ring in rings:
                if len(ring) > 2 and ring[0] != ring[-1]:
                    ring.append(ring[0])
        return shapely.from_geojson(msgspec.json.encode(given).decode())
    except (msgspec.MsgspecError, shapely.GEOSException, ValueError, TypeError):
        return None


def _crs_name(given: Any) -> str | None:
    """The name in a "crs" member of the old form; None = none."""
    if not isinstance(given, dict):
        return None
    properties = given.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    text = str(name or "")
    if text.upper().endswith("CRS84"):
        return "EPSG:4326"
    return text or None


def _mixed(crs: str, whole: str | None) -> DomainError:
    return DomainError(
        "geography.mixed_crs",
        f"The feature names the system {crs}, the file {whole or 'none'}. Bring all features "
        "into one system and export again.",
        f"该要素的坐标系为 {crs}，文件为 {whole or '未注明'}。请统一坐标系后重新导出。",
        where="crs",
    )
