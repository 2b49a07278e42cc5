"""From what was said of a place to areas: coordinates, an area's code, or address words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cityloop.business.cases.models import Case
from cityloop.city.gazetteer.queries import read_place
from cityloop.city.places.domain import AreaPath
from cityloop.city.places.queries import bounds, locate, tree
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import check_lonlat, check_many, to_wgs84


@dataclass(frozen=True, slots=True)
class PlaceInput:
    """What was said: coordinates in a declared system, or an area's code, or words."""

    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    area_code: str = ""
    address: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it is. `by`: exact, edge, area, address, outside or unknown.

    `confidence`: of a place read from words, 0 to 1; `radius_m`: of the circle it is expected in.
    """

    by: str
    path: AreaPath
    lon: float | None = None
    lat: float | None = None
    explanation: str = ""
    confidence: float | None = None
    radius_m: float | None = None

    def put_on(self, case: Case) -> None:
        """Write the place on a case."""
        case.located_by, case.lon, case.lat = self.by, self.lon, self.lat
        case.city_id = self.path.city_id
        case.district_id = self.path.district_id
        case.subdistrict_id = self.path.subdistrict_id
        case.community_id = self.path.community_id
        case.cell_id = self.path.cell_id


def place_many(wanted: Sequence[PlaceInput]) -> list[Placed | DomainError]:
    """Place a batch at once; a refusal stands in the row it is about."""
    answers: list[Placed | DomainError | None] = [None] * len(wanted)
    points = [i for i, w in enumerate(wanted) if w.lon is not None or w.lat is not None]
    _by_points(wanted, points, answers)
    for i, want in enumerate(wanted):
        found = answers[i]
        if found is None or (
            isinstance(found, Placed) and found.by == "outside" and want.area_code
        ):
            answers[i] = _by_words(want, found)
    return [a for a in answers if a is not None]


def _by_points(
    wanted: Sequence[PlaceInput], points: list[int], answers: list[Placed | DomainError | None]
) -> None:
    good = [i for i in points if not _refused(wanted[i], i, answers)]
    for crs in sorted({wanted[i].crs for i in good}):
        rows = [i for i in good if wanted[i].crs == crs]
        _locate_rows(wanted, rows, crs, answers)


def _refused(want: PlaceInput, i: int, answers: list[Placed | DomainError | None]) -> bool:
    if want.lon is None or want.lat is None:
        missing = "lon" if want.lon is None else "lat"
        answers[i] = DomainError(
            "place.half",
            f"{missing} is missing; give both lon and lat, or neither.",
            f"缺少 {missing}，经纬度须同时提供或同时留空。",
            where=missing,
        )
        return True
    return False


def _locate_rows(
    wanted: Sequence[PlaceInput],
    rows: list[int],
    crs: str,
    answers: list[Placed | DomainError | None],
) -> None:
    lon = np.array([wanted[i].lon for i in rows], dtype=float)
    lat = np.array([wanted[i].lat for i in rows], dtype=float)
    box = bounds()
    codes = check_many(lon, lat, box)
    fine = [k for k in range(len(rows)) if not codes[k]]
    for k in (k for k in range(len(rows)) if codes[k]):
        answers[rows[k]] = _why(float(lon[k]), float(lat[k]))
    if not fine:
        return
    wlon, wlat = to_wgs84(lon[fine], lat[fine], crs)
    wlon, wlat = np.atleast_1d(wlon), np.atleast_1d(wlat)
    cells, kinds = locate(wlon, wlat)
    areas = tree()
    for n, k in enumerate(fine):
        x, y = float(wlon[n]), float(wlat[n])
        if cells[n] < 0:
            answers[rows[k]] = Placed("outside", areas.fallback, x, y)
        else:
            by = "edge" if str(kinds[n]) == "edge" else "exact"
            answers[rows[k]] = Placed(by, areas.path(int(cells[n])), x, y)


def _why(lon: float, lat: float) -> DomainError:
    try:
        check_lonlat(lon, lat, bounds=bounds(), where="lon,lat")
    except DomainError as error:
        return error
    return DomainError("place.bad", f"({lon}, {lat}) is no place.", where="lon,lat")


def _by_words(want: PlaceInput, found: Placed | None) -> Placed | DomainError:
    areas = tree()
    if want.area_code:
        area = areas.find_code(want.area_code)
        if area is None:
            return DomainError(
                "place.unknown_area",
                f"There is no area with code '{want.area_code}'. Use a code of the area list.",
                f"没有编码为“{want.area_code}”的区域，请使用区域目录中的编码。",
                where="area_code",
            )
        kept = (found.lon, found.lat) if found else (None, None)
        return Placed("area", areas.path(area.id), *kept)
    read = read_place(want.address, want.words)
    if not read.sure or read.area_id is None:  # never a guess: a person places it
        return Placed("unknown", areas.fallback, explanation=read.explanation)
    path = areas.path(read.area_id)
    return Placed(
        "address", path, read.lon, read.lat, read.explanation, read.confidence, read.radius_m
    )
