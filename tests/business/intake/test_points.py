from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.business.intake.domain.points import NOWHERE, Point, read_pair, read_point
from cityloop.business.intake.domain.report_map import PointRule
from cityloop.kernel.errors import DomainError

RULE = PointRule()


@pytest.mark.parametrize(
    ("lon", "lat", "point"),
    [
        ("", " ", NOWHERE),
        ("-76.6125", "39.2904", Point(-76.6125, 39.2904)),
        ("１１６．４", "３９．９", Point(116.4, 39.9)),
        ("\u221276.6", "39.3", Point(-76.6, 39.3)),
        ("-77", "39", Point(remark="coords.coarse")),
        ("-77.0", "39.00", Point(remark="coords.coarse")),
        ("-77", "39.2904", Point(-77, 39.2904)),
        ("0", "0", Point(remark="coords.coarse")),
    ],
)
def test_cells_are_read(lon: str, lat: str, point: Point) -> None:
    assert read_point(lon, lat, RULE) == point


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("", "39.29", "coords.half"),
        ("-76.6", "", "coords.half"),
        ("NaN", "39.29", "coords.not_a_number"),
        ("inf", "39.29", "coords.not_a_number"),
        ("76°36'W", "39.29", "coords.not_a_number"),
        ("-76,61", "39.29", "coords.not_a_number"),
        ("1e999", "39.29", "coords.not_a_number"),
        ("9" * 5000, "39.29", "coords.not_a_number"),
    ],
)
def test_no_coordinate_is_refused_or_taken_as_missing(lon: str, lat: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        read_point(lon, lat, RULE)
    assert caught.value.code == code
    lenient = PointRule(unusable="missing")
    assert read_point(lon, lat, lenient) == Point(remark="coords.unusable")


def test_placeholder_of_the_mapping_is_missing() -> None:
    rule = PointRule(missing=((-77.0, 39.0),), min_decimals=0)
    assert read_point("-77", "39.0", rule) == Point(remark="coords.listed")
    assert read_point("-77", "38", rule) == Point(-77, 38)


@pytest.mark.parametrize(
    ("text", "order", "point"),
    [
        ("(39.29, -76.61)", "lat,lon", Point(-76.61, 39.29)),
        ("\n,  \n(40.7526, -73.8950)", "lat,lon", Point(-73.895, 40.7526)),
        ("POINT (-76.61 39.29)", "lon,lat", Point(-76.61, 39.29)),
        ("116.4，39.9", "lon,lat", Point(116.4, 39.9)),
        ("", "lat,lon", NOWHERE),
    ],
)
def test_pair_in_one_cell_is_read(text: str, order: str, point: Point) -> None:
    assert read_pair(text, PointRule(pair="p", order=order)) == point


@given(st.text(), st.text())
def test_any_text_is_read_or_refused(lon: str, lat: str) -> None:
    try:
        point = read_point(lon, lat, RULE)
    except DomainError:
        return
    assert (point.lon is None) == (point.lat is None)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_written_number_comes_back(lon: float, lat: float) -> None:
    point = read_point(repr(lon), repr(lat), PointRule(min_decimals=0))
    assert (point.lon, point.lat) == (lon, lat)
