"""Which coordinate system a layer is in: what was declared, what the file says, never a guess."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import CoordinateSystem, coordinate_system, likely_systems


def decide_system(
    declared: str,
    own: str | None,
    *,
    default: str | None = None,
    layer: str = "",
    sample: Sequence[BaseGeometry] = (),
) -> CoordinateSystem:
    """The system of a layer.

    Args:
        declared: by whoever imports; "" = nothing.
        own: what the file says; None = nothing.
        default: what the format means by saying nothing (GeoJSON: WGS84).
        sample: some shapes, to say in a refusal what their numbers speak for.
    Raises: DomainError geography.no_crs, geography.crs_conflict, place.unknown_crs.
    """
    said = coordinate_system(own) if own else None
    if declared:
        wanted = coordinate_system(declared)
        if said is not None and not _agree(wanted, said):
            raise _conflict(wanted, said, layer)
        return wanted
    if said is not None:
        return said
    if default is not None and _fits_degrees(sample):
        return coordinate_system(default)
    raise _missing(layer, sample)


def _agree(declared: CoordinateSystem, said: CoordinateSystem) -> bool:
    """GCJ-02 and BD-09 stand in files that call themselves WGS84: no register knows them."""
    if declared.shifted and not said.projected:
        return True
    degrees = not declared.projected and not said.projected and declared.exact and said.exact
    return declared.code == said.code or declared.name == said.name or degrees


def _points(sample: Sequence[BaseGeometry]) -> tuple[list[float], list[float]]:
    xy = shapely.get_coordinates(np.array([s for s in sample if s is not None], dtype=object))
    return xy[:, 0].tolist(), xy[:, 1].tolist()


def _fits_degrees(sample: Sequence[BaseGeometry]) -> bool:
    """Most of them; a shape with impossible numbers is refused by its row, not the whole file.

    Numbers of both orders pass: swapped ones are refused by row, with the remedy.
    """
    edges = shapely.bounds(np.array(list(sample), dtype=object)).reshape(-1, 4)
    fits = (np.abs(np.nan_to_num(edges, nan=np.inf)) <= 180).all(axis=1)
    return not len(fits) or bool(fits.mean() > 0.5)


def _missing(layer: str, sample: Sequence[BaseGeometry]) -> DomainError:
    likely = likely_systems(*_points(sample))
    hint_en = f" The numbers speak for {' or '.join(likely)}." if likely else ""
    hint_zh = f"从数值看可能是 {'、'.join(likely)}。" if likely else ""
    example = "EPSG:4548"
    if sample and not likely and _fits_degrees(sample):
        example = "EPSG:4490"
        hint_en = " The numbers are degrees: CGCS2000 is EPSG:4490, GPS (WGS 84) is EPSG:4326."
        hint_zh = "数值为经纬度：CGCS2000 为 EPSG:4490，GPS（WGS 84）为 EPSG:4326。"
    named = f" {layer!r}" if layer else ""
    return DomainError(
        "geography.no_crs",
        f"The layer{named} does not say its coordinate system (a shapefile says it in its .prj). "
        f"Declare it (--crs), for example {example}.{hint_en} Maps of AMap, Tencent and Baidu are "
        "gcj02 or bd09.",
        f"图层{named}未注明坐标系（shapefile 由 .prj 注明），请声明（--crs），例如 {example}。"
        f"{hint_zh}高德、腾讯、百度地图的坐标为 gcj02 或 bd09。",
        where="crs",
        details={"layer": layer, "likely": likely},
    )


def _conflict(declared: CoordinateSystem, said: CoordinateSystem, layer: str) -> DomainError:
    named = f" {layer!r}" if layer else ""
    return DomainError(
        "geography.crs_conflict",
        f"Declared is {declared.code} ({declared.name}), but the layer{named} says "
        f"{said.code} ({said.name}). Leave the declaration out, or correct the file.",
        f"声明的坐标系为 {declared.code}（{declared.name}），而图层{named}自称 "
        f"{said.code}（{said.name}）。请去掉声明，或更正文件。",
        where="crs",
        details={"declared": declared.code, "file": said.code, "layer": layer},
    )
