"""GeoPackage and Shapefile by GDAL (pyogrio), in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from cityloop.data.geography.domain.features import Feature
from cityloop.data.geography.domain.shapes import geometry_error
from cityloop.data.geography.files.source import Layer, file_error, missing_extra

PIECE = 20_000


class LayerSource:
    """Reader of the layers of one or several files.

    Args:
        files: (path, layer of the file or None = all, name shown).
        encoding: of texts; "" = as the file says.
    """

    def __init__(self, files: list[tuple[Path, str]], encoding: str = "") -> None:
        try:
            import pyogrio
        except ImportError:
            raise missing_extra("pyogrio") from None
        self._gdal = pyogrio
        self._encoding = encoding or None
        self.remarks: list[tuple[str, str]] = []
        self.left_out: dict[str, int] = {}
        self.layers: list[Layer] = []
        self._parts: list[tuple[Path, str | None, str, int]] = []
        for path, shown in files:
            self._add(path, shown)
        if not self.layers:
            raise file_error(
                "empty", "The file has no layer with geometry.", "文件中没有几何图层。"
            )

    def _add(self, path: Path, shown: str) -> None:
        try:
            for name, kind in self._gdal.list_layers(path):
                info = self._gdal.read_info(path, layer=name, force_feature_count=True)
                if kind is None:
                    self.remarks.append((
                        f"图层 {name} 没有几何，未读取", f"layer {name} has no geometry: not read"
                    ))  # fmt: skip
                    continue
                label = shown or str(name)
                self.layers.append(Layer(label, info["crs"]))
                self._parts.append((path, str(name), label, int(info["features"])))
        except (self._gdal.errors.DataSourceError, self._gdal.errors.DataLayerError) as error:
            raise self._damaged(path, error) from error

    def features(self) -> Iterator[Feature]:
        """Raises: DomainError geography.damaged."""
        for path, layer, shown, count in self._parts:
            for first in range(0, max(count, 0), PIECE):
                yield from self._piece(path, layer, shown, first)

    def _piece(self, path: Path, layer: str | None, shown: str, first: int) -> Iterator[Feature]:
        try:
            meta, fids, shapes, columns = self._gdal.raw.read(
                path, layer=layer, skip_features=first, max_features=PIECE, return_fids=True,
                encoding=self._encoding,
            )  # fmt: skip
        except _errors(self._gdal) as error:
            raise self._damaged(path, error) from error
        names = [str(name) for name in meta["fields"]]
        rows = zip(*(column.tolist() for column in columns), strict=True) if columns else None
        for k, (fid, wkb) in enumerate(zip(fids.tolist(), shapes, strict=True)):
            values: Any = next(rows) if rows is not None else ()
            fields = dict(zip(names, values, strict=True))
            found = Feature(shown, first + k + 1, fields, key=str(fid))
            _shape(found, wkb)
            yield found

    def _damaged(self, path: Path, error: Exception) -> Exception:
        return file_error(
            "damaged",
            f"{path.name} cannot be read: {error}. Save or fetch it again; texts in another "
            'encoding are declared in the mapping ([file] encoding = "gb18030").',
            f"无法读取 {path.name}：{error}。请重新保存或获取；文字编码不同时在映射 [file] 中声明 "
            'encoding = "gb18030"。',
        )


def _errors(gdal: Any) -> tuple[type[Exception], ...]:
    named = gdal.errors
    return (
        UnicodeDecodeError, named.DataSourceError, named.DataLayerError, named.FieldError,
        named.GeometryError,
    )  # fmt: skip


def _shape(found: Feature, wkb: bytes | np.ndarray | None) -> None:
    if wkb is None:
        return
    try:
        found.shape = shapely.from_wkb(wkb)
    except shapely.GEOSException as error:
        found.shape = shapely.from_wkb(wkb, on_invalid="fix")  # closes rings
        found.open_ring = found.shape is not None
        if found.shape is None:
            found.error = geometry_error(f"has a broken geometry: {error}", f"的几何损坏：{error}")
