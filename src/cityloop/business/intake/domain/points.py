"""Coordinates as files hold them: two cells or one, missing, coarse, or no coordinates at all."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from cityloop.business.intake.domain.report_map import PointRule
from cityloop.kernel.errors import DomainError

_NUMBER = re.compile(r"[-+]?\d{1,12}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,3})?")
_PAIR = re.compile(rf"({_NUMBER.pattern})\s*[,;\s]\s*({_NUMBER.pattern})")


@dataclass(frozen=True, slots=True)
class Point:
    """What was read. lon, lat are both None where there is none; `remark` says why."""

    lon: float | None = None
    lat: float | None = None
    remark: str = ""


NOWHERE = Point()


def read_point(lon_text: str, lat_text: str, rule: PointRule) -> Point:
    """The point of two cells.

    Raises: DomainError("coords.half" | "coords.not_a_number"), unless the rule takes what is
        unusable as missing.
    """
    lon_text, lat_text = _plain(lon_text), _plain(lat_text)
    if not lon_text and not lat_text:
        return NOWHERE
    try:
        if not lon_text or not lat_text:
            raise _half("lon" if not lon_text else "lat")
        lon, lat = _number(lon_text, "lon"), _number(lat_text, "lat")
    except DomainError:
        if rule.unusable == "missing":
            return Point(remark="coords.unusable")
        raise
    return _judged(lon, lat, max(_decimals(lon_text), _decimals(lat_text)), rule)


def read_pair(text: str, rule: PointRule) -> Point:
    """The point of one cell such as "(39.29, -76.61)" or "POINT (-76.61 39.29)": the last two
    numbers in it, in the order of the rule."""
    text = _plain(text)
    if not text:
        return NOWHERE
    found = _PAIR.findall(text)
    if not found:
        if rule.unusable == "missing":
            return Point(remark="coords.unusable")
        raise _not_a_number(text, "lon,lat")
    first, second = found[-1]
    lon_text, lat_text = (second, first) if rule.order == "lat,lon" else (first, second)
    return read_point(lon_text, lat_text, rule)


def _judged(lon: float, lat: float, decimals: int, rule: PointRule) -> Point:
    if any(lon == x and lat == y for x, y in rule.missing):
        return Point(remark="coords.listed")
    if decimals < rule.min_decimals:
        return Point(remark="coords.coarse")
    return Point(lon, lat)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-")


def _number(text: str, where: str) -> float:
    if _NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
    raise _not_a_number(text, where)


def _decimals(text: str) -> int:
    """Decimal places that say something: "39.0" has none. Scientific forms count as exact."""
    if "e" in text.lower():
        return 9
    return len(text.partition(".")[2].rstrip("0"))


def _half(where: str) -> DomainError:
    return DomainError(
        "coords.half",
        f"{where} is empty while the other coordinate is given. Fill in both, or neither.",
        f"{where} 为空而另一坐标有值，请同时填写或同时留空。",
        where=where,
    )


def _not_a_number(text: str, where: str) -> DomainError:
    return DomainError(
        "coords.not_a_number",
        f"'{text[:60]}' is no coordinate in degrees. Write it like -76.6125, or leave it empty.",
        f"“{text[:60]}”不是以度为单位的坐标，请写成 116.4074 的形式或留空。",
        where=where,
    )
