"""Points that cannot be right are refused, and the message says what to correct."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds, LocalPlane, check_lonlat, check_many, distance_m

CITY = Bounds(116.8, 39.0, 117.0, 39.2)
WEST_AFRICA = Bounds(-10.0, -5.0, 10.0, 10.0)

CASES = [
    (116.9, 39.1, CITY, ""),
    (-76.6, 39.3, CITY, ""),  # elsewhere on Earth: the cells decide, not this check
    (float("nan"), 39.1, None, "place.not_finite"),
    (116.9, float("-inf"), None, "place.not_finite"),
    (39.1, 116.9, None, "place.swapped"),  # latitude cannot be 116.9
    (39.3, -76.6, Bounds(-77, 39, -76, 40), "place.swapped"),  # only the bounds can tell
    (39.3, -76.6, None, ""),
    (0.0, 0.0, CITY, "place.null_island"),
    (0.00001, -0.00001, None, "place.null_island"),
    (0.0, 0.0, WEST_AFRICA, ""),
    (0.0, 39.1, CITY, ""),
    (200.0, 39.1, None, "place.out_of_range"),
    (500_000.0, 4_400_000.0, None, "place.out_of_range"),
    (180.0, -90.0, None, ""),
]


@pytest.mark.parametrize(("lon", "lat", "bounds", "code"), CASES)
def test_point_one_by_one_gives_the_expected_code(
    lon: float, lat: float, bounds: Bounds | None, code: str
) -> None:
    if not code:
        assert check_lonlat(lon, lat, bounds=bounds) == (lon, lat)
        return
    with pytest.raises(DomainError) as refused:
        check_lonlat(lon, lat, bounds=bounds, where="row 7")
    assert refused.value.code == code
    assert refused.value.where == "row 7"
    assert "row 7" in refused.value.en and "row 7" in refused.value.zh


def test_swapped_point_message_shows_the_corrected_one() -> None:
    with pytest.raises(DomainError) as refused:
        check_lonlat(39.1, 116.9)
    assert refused.value.details["suggestion"] == {"lon": 116.9, "lat": 39.1}
    assert "lon=116.9, lat=39.1" in refused.value.en
    assert "lon=116.9，lat=39.1" in refused.value.zh


@pytest.mark.parametrize(
    ("lon", "lat", "hint"),
    [(116_900_000.0, 39_100_000.0, "millionths"), (500_000.0, 4_400_000.0, "metres")],
)
def test_large_numbers_message_says_what_they_usually_are(
    lon: float, lat: float, hint: str
) -> None:
    with pytest.raises(DomainError, match=hint):
        check_lonlat(lon, lat)


anything = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-200, 200)


@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=30))
def test_many_points_same_codes_as_one_by_one(points: list[tuple[float, float]]) -> None:
    def one(lon: float, lat: float) -> str:
        try:
            check_lonlat(lon, lat, bounds=CITY)
        except DomainError as refused:
            return refused.code
        return ""

    lon, lat = np.array(points).T
    assert check_many(lon, lat, CITY).tolist() == [one(x, y) for x, y in points]


def test_bounds_in_wrong_order_are_refused() -> None:
    with pytest.raises(DomainError) as refused:
        Bounds(39.0, 116.8, 39.2, 117.0)
    assert refused.value.code == "place.bad_bounds"


def test_bounds_around_points_hold_them() -> None:
    box = Bounds.around([116.1, 116.3], [39.2, 39.1], margin_deg=0.01)
    assert box.as_tuple() == pytest.approx((116.09, 39.09, 116.31, 39.21))
    assert box.holds([116.1, 116.0], [39.2, np.nan]).tolist() == [True, False]


def test_distance_of_one_degree_of_latitude_is_111_km() -> None:
    assert distance_m(116.9, 39.0, 116.9, 40.0) == pytest.approx(111_195, abs=1)
    assert distance_m([0.0, 0.0], 0.0, [180.0, 0.0], 0.0) == pytest.approx([20_015_115, 0], abs=1)


def test_local_plane_there_and_back_and_length_agree() -> None:
    plane = LocalPlane(116.9, 39.1)
    x, y = plane.to_xy(116.92, 39.11)
    assert plane.to_lonlat(x, y) == pytest.approx((116.92, 39.11), abs=1e-12)
    assert np.hypot(x, y) == pytest.approx(distance_m(116.9, 39.1, 116.92, 39.11), rel=0.005)
