"""Is this a place on Earth, and are its two numbers in the right order?

One rule decides for a single point and for a million: `_faults`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo.bounds import Bounds

CODES = np.array(
    ["", "place.not_finite", "place.out_of_range", "place.null_island", "place.swapped"]
)
_FINE, _NOT_FINITE, _OUT_OF_RANGE, _NULL_ISLAND, _SWAPPED = range(5)
_NULL_DEG = 1e-4  # about 11 m: forms and phones without a fix send 0 or a rounded 0


def check_lonlat(
    lon: float, lat: float, *, bounds: Bounds | None = None, where: str = "location"
) -> tuple[float, float]:
    """The point, if it can be one; else a refusal that says what to correct.

    Args:
        lon, lat: WGS84 degrees.
        bounds: where the points of this deployment lie; a point outside that falls inside when
            its numbers change places is refused as swapped. Other points outside `bounds` are
            accepted here: whether a point lies in a cell is asked of the cells.
        where: field or row, for the message.
    Returns: (lon, lat) as floats.
    Raises: DomainError place.not_finite, place.out_of_range, place.null_island, place.swapped.
    """
    x, y = float(lon), float(lat)
    fault = int(_faults(np.array([x]), np.array([y]), bounds)[0])
    if fault != _FINE:
        raise _refusal(fault, x, y, where)
    return x, y


def check_many(lon: ArrayLike, lat: ArrayLike, bounds: Bounds | None = None) -> NDArray[np.str_]:
    """The fault code of every point, "" where the point is fine: for imports.

    Args:
        lon, lat: WGS84 degrees, shape (n,).
        bounds: as in `check_lonlat`.
    Returns: codes, shape (n,), as `check_lonlat` would raise them.
    """
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    return CODES[_faults(x, y, bounds)]


def _faults(
    lon: NDArray[np.float64], lat: NDArray[np.float64], bounds: Bounds | None
) -> NDArray[np.int8]:
    fault = np.zeros(lon.shape, np.int8)
    finite = np.isfinite(lon) & np.isfinite(lat)
    fits = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    fits_swapped = (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
    fault[finite & ~fits] = _OUT_OF_RANGE
    fault[finite & ~fits & fits_swapped] = _SWAPPED
    if bounds is not None:
        fault[fits & ~bounds.holds(lon, lat) & bounds.holds(lat, lon)] = _SWAPPED
    null = (np.abs(lon) < _NULL_DEG) & (np.abs(lat) < _NULL_DEG)
    if bounds is not None and bounds.holds(0.0, 0.0):
        null = np.zeros_like(null)
    fault[null] = _NULL_ISLAND
    fault[~finite] = _NOT_FINITE
    return fault


def _refusal(fault: int, lon: float, lat: float, where: str) -> DomainError:
    given = f"lon={lon:.10g}, lat={lat:.10g}"
    details: dict[str, object] = {"lon": _shown(lon), "lat": _shown(lat)}
    if fault == _SWAPPED:
        details["suggestion"] = {"lon": lat, "lat": lon}
        en = f"longitude and latitude look swapped. Did you mean lon={lat:.10g}, lat={lon:.10g}?"
        zh = f"经纬度似乎写反了，是否应为 lon={lat:.10g}，lat={lon:.10g}？"
    elif fault == _NULL_ISLAND:
        en = "0, 0 lies in the Gulf of Guinea: a device without a fix, or an empty form field. "
        en += "Leave the location out, or give the real one."
        zh = "(0, 0) 在几内亚湾，多半是设备未定位或表单为空。请留空，或填写真实位置。"
    elif fault == _NOT_FINITE:
        en = "both must be finite numbers. Leave the location out if it is not known."
        zh = "经纬度必须是有限数字；位置未知时请留空。"
    else:
        hint_en, hint_zh = _hint(lon, lat)
        en = f"longitude must be within +-180 and latitude within +-90 degrees. {hint_en}"
        zh = f"经度须在 ±180、纬度须在 ±90 度以内。{hint_zh}"
    code = str(CODES[fault])
    return DomainError(
        code, f"{where}: {given}: {en}", f"{where}：{given}：{zh}", where=where, details=details
    )


def _hint(lon: float, lat: float) -> tuple[str, str]:
    """What such large numbers usually are."""
    micro = lon / 1e6, lat / 1e6
    if abs(lon) > 2e7 and abs(micro[0]) <= 180 and abs(micro[1]) <= 90:
        shown = f"lon={micro[0]:.6f}, lat={micro[1]:.6f}"
        return f"These look like millionths of a degree: {shown}?", f"看来是百万分之一度：{shown}？"
    if abs(lon) > 1000 and abs(lat) > 1000:
        return (
            "These look like metres of a projected system (such as CGCS2000 3-degree zones); "
            "convert them to degrees first.",
            "看来是投影坐标（米，例如 CGCS2000 3 度带），请先换算为经纬度。",
        )
    return "Check the digits and the decimal point.", "请检查数字和小数点。"


def _shown(value: float) -> float | str:
    return value if np.isfinite(value) else str(value)  # JSON has no NaN
