"""A wide district as pictures: an overview with its subdistricts, a close-up with its houses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from PIL import Image, ImageDraw

from cityloop.engines.district.wide import WIDTH_M, Use, Way, WideDistrict

Box = tuple[float, float, float, float]
COLOURS = {
    Use.TOWER: "#f6dcae", Use.SLAB: "#f8ecc2", Use.MIDRISE: "#f4d5a8",
    Use.COURTYARD: "#ead9c8", Use.COMMERCE: "#f3aaa4", Use.OFFICE: "#bfcbf0",
    Use.SCHOOL: "#f2c8e4", Use.HOSPITAL: "#f7a8c0", Use.MARKET: "#f0c060",
    Use.INDUSTRY: "#d2c4dc", Use.PARK: "#b5dd9b", Use.WATER: "#9fd0f2",
    Use.FARM: "#e4efcd", Use.GREEN: "#c8e5b0", Use.RAILWAY: "#d4d4d4",
}  # fmt: skip
STREETS = ((Way.LOCAL, "#ffffff"), (Way.SECONDARY, "#fff3c4"), (Way.ARTERIAL, "#ffd27a"),
           (Way.EXPRESS, "#f08a5c"))  # fmt: skip


def draw(district: WideDistrict, folder: Path) -> None:
    """`overview.png` and `close.png` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    west, south, east, north = district.outline.bounds
    _Picture(district, (west - 300, south - 300, east + 300, north + 300), 2600).save(
        folder / "overview.png", close=False
    )
    middle = district.building_xy[int(np.argmax(district.building_households))]
    u, v = float(middle[0]), float(middle[1])
    _Picture(district, (u - 1100, v - 900, u + 1100, v + 900), 2200).save(
        folder / "close.png", close=True
    )


class _Picture:
    def __init__(self, district: WideDistrict, box: Box, pixels: int) -> None:
        self._district, self._box = district, box
        self._scale = pixels / (box[2] - box[0])
        height = int((box[3] - box[1]) * self._scale)
        self._image = Image.new("RGB", (pixels, height), "#f4f3ef")
        self._pen = ImageDraw.Draw(self._image)

    def save(self, path: Path, *, close: bool) -> None:
        """Draw everything, halve for smooth edges, write."""
        d = self._district
        for k in self._seen(d.block_shape):
            self._fill(d.block_shape[k], COLOURS[Use(int(d.block_use[k]))])
        self._streets()
        self._line(d.railway, "#777777", 8)
        if not close:
            for part in shapely.get_parts(d.water):
                self._fill(part, COLOURS[Use.WATER])
        else:
            for k in self._seen(d.building_shape):
                home = d.building_households[k] > 0
                self._fill(d.building_shape[k], "#c9a77a" if home else "#a9a9b9", "#8a7a60")
            for k in self._seen(d.community_shape):
                self._line(d.community_shape[k].exterior, "#2060c0", 3)
        for shape in d.subdistrict_shape:
            self._line(shape.exterior, "#5a2ca0", 26 if not close else 7)
        size = (self._image.width // 2, self._image.height // 2)
        self._image.resize(size, Image.Resampling.LANCZOS).save(path)

    def _streets(self) -> None:
        d = self._district
        seen = self._seen(d.edge_shape)
        for way, colour in STREETS:
            for k in seen[d.edge_way[seen] == way]:
                self._line(d.edge_shape[k], colour, float(WIDTH_M[way]))

    def _seen(self, shapes: np.ndarray) -> np.ndarray:
        return np.sort(shapely.STRtree(shapes).query(shapely.box(*self._box)))

    def _fill(self, shape: shapely.Polygon, colour: str, outline: str | None = None) -> None:
        self._pen.polygon(self._points(shape.exterior), fill=colour, outline=outline)

    def _line(self, shape: shapely.Geometry, colour: str, metres: float) -> None:
        width = max(1, round(metres * self._scale))
        for part in shapely.get_parts(shape):
            self._pen.line(self._points(part), fill=colour, width=width)

    def _points(self, shape: shapely.Geometry) -> list[tuple[float, float]]:
        xy = shapely.get_coordinates(shape)
        x, y = (xy[:, 0] - self._box[0]) * self._scale, (self._box[3] - xy[:, 1]) * self._scale
        return list(zip(x.tolist(), y.tolist(), strict=True))
