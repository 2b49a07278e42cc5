"""Tables (CSV, XLSX) with a point in two columns, or a shape as WKT in one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import shapely

from cityloop.data.geography.domain.features import Feature, plain_text
from cityloop.data.geography.domain.mapping import FileForm
from cityloop.data.geography.domain.shapes import geometry_error
from cityloop.data.geography.files.source import Layer, file_error
from cityloop.engines.tables import RefusedRow, Table, open_table

_SRID = re.compile(r"SRID=(\d{1,6});(.*)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d{1,12}(?:\.\d{0,20})?(?:[eE][-+]?\d{1,2})?")


_SAID = (
    (re.compile(r"encoding read as (.+)"), r"按 \1 编码读取"),
    (re.compile(r"column (\d+): (.+) is read as (.+)"), r"第 \1 列：\2 读作 \3"),
    (re.compile(r"the last line has no line end; .+"), "末行没有换行符，请核对文件是否完整"),
)


def _in_chinese(remark: str) -> str:
    """A remark of the tables' reader, which speaks English alone."""
    return next((way.sub(zh, remark) for way, zh in _SAID if way.fullmatch(remark)), remark)


# Columns of the point, or of the shape as WKT, where a mapping names none.
_USUAL = (
    ("lon", "lat", ""), ("经度", "纬度", ""), ("longitude", "latitude", ""), ("lng", "lat", ""),
    ("", "", "wkt"), ("", "", "WKT"), ("", "", "几何"), ("x", "y", ""), ("X", "Y", ""),
)  # fmt: skip


def _found(form: FileForm, columns: Sequence[str]) -> FileForm:
    """The form with the first usual names that the table has.

    Raises: DomainError("geography.no_point_columns").
    """
    for lon, lat, wkt in _USUAL:
        if all(name in columns for name in (lon, lat, wkt) if name):
            return msgspec.structs.replace(form, lon=lon, lat=lat, wkt=wkt)
    shown = list(columns[:60])
    raise file_error(
        "no_point_columns",
        f"The table has no column of a point (lon and lat, 经度 and 纬度, wkt …): "
        f"{', '.join(shown)}. Name it in the mapping: [file] lon and lat, or wkt.",
        f"表中找不到坐标列（经度与纬度、lon 与 lat、wkt 等）：{'、'.join(shown)}。"
        "请在映射的 [file] 中指明 lon 与 lat，或 wkt。",
    )


class AddressSource:
    """Reader of one table; its layer is the file's name. Coordinates say nothing of themselves."""

    def __init__(self, path: Path, form: FileForm) -> None:
        said = form.wkt or (form.lon and form.lat)
        wanted = [name for name in (form.lon, form.lat, form.wkt) if name] if said else []
        self._table: Table = open_table(
            path, encoding=form.encoding or None, delimiter=form.delimiter or None,
            sheet=form.sheet or None, known=wanted or [n for names in _USUAL for n in names if n],
        )  # fmt: skip
        self._form = form if wanted else _found(form, self._table.columns)
        missing = [name for name in wanted if name not in self._table.columns]
        if missing:
            raise file_error(
                "no_point_columns",
                f"The table has no column {', '.join(missing)}. It has: "
                f"{', '.join(self._table.columns[:60])}.",
                f"表中没有列：{'、'.join(missing)}。现有：{'、'.join(self._table.columns[:60])}。",
            )
        self._srid = self._first_srid() if self._form.wkt else ""
        self.layers = [Layer(path.stem, f"EPSG:{self._srid}" if self._srid else None)]
        self.remarks = [(_in_chinese(text), text) for text in self._table.remarks]
        self.left_out: dict[str, int] = {}

    def _first_srid(self) -> str:
        """What the first shape says of its system (EWKT), "" = nothing."""
        for _, row in self._table.rows():
            text = plain_text(row.get(self._form.wkt))
            if text:
                said = _SRID.fullmatch(text)
                return said[1] if said else ""
        return ""

    def features(self) -> Iterator[Feature]:
        refused: list[RefusedRow] = []
        for number, row in self._table.rows(refused.append):
            yield from self._bad(refused)
            found = Feature(self.layers[0].name, number, row)
            self._place(found, row)
            yield found
        yield from self._bad(refused)

    def _bad(self, refused: list[RefusedRow]) -> Iterator[Feature]:
        for row in refused:
            yield Feature(self.layers[0].name, row.number, error=row.error)
        refused.clear()

    def _place(self, found: Feature, row: dict[str, Any]) -> None:
        if self._form.wkt:
            self._from_wkt(found, plain_text(row.get(self._form.wkt)))
            return
        lon, lat = plain_text(row.get(self._form.lon)), plain_text(row.get(self._form.lat))
        if not lon and not lat:
            found.error = geometry_error(
                f"has no coordinates: {self._form.lon} and {self._form.lat} are empty",
                f"没有坐标：{self._form.lon}、{self._form.lat} 两列为空",
            )
            return
        if not (_NUMBER.fullmatch(lon) and _NUMBER.fullmatch(lat)):
            found.error = geometry_error(
                f"has the point {lon[:30]!r}, {lat[:30]!r}; both must be numbers",
                f"的坐标为 {lon[:30]!r}、{lat[:30]!r}，应均为数字",
            )
            return
        found.shape = shapely.Point(float(lon), float(lat))

    def _from_wkt(self, found: Feature, text: str) -> None:
        if not text:
            return
        said = _SRID.fullmatch(text)
        srid = said[1] if said else ""
        if srid != self._srid:
            found.error = geometry_error(
                f"is in SRID {srid or '(none)'}, rows before it in {self._srid or '(none)'}: mixed "
                "systems. Bring all rows into one",
                f"的 SRID 为 {srid or '（无）'}，此前各行为 {self._srid or '（无）'}"
                "：坐标系混用，请统一",
            )
            return
        try:
            found.shape = shapely.from_wkt(said[2] if said else text)
        except shapely.GEOSException as error:
            found.error = geometry_error(
                f"has no readable WKT: {error}", f"的 WKT 无法读取：{error}"
            )
