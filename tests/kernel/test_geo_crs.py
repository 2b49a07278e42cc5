"""Coordinate systems: there and back, known points, what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import distance_m, from_wgs84, to_wgs84

china = st.tuples(st.floats(73.6, 135.0), st.floats(18.2, 53.5))
shifted = pytest.mark.parametrize("crs", ["gcj02", "bd09"])


@shifted
@given(point=china)
def test_wgs84_there_and_back_less_than_one_millimetre(
    crs: str, point: tuple[float, float]
) -> None:
    back = to_wgs84(*from_wgs84(*point, crs), crs)
    assert distance_m(*point, *back) < 0.001


@shifted
def test_array_of_points_there_and_back_less_than_one_millimetre(crs: str) -> None:
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(73.6, 135, 20_000), rng.uniform(18.2, 53.5, 20_000)
    back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    assert distance_m(lon, lat, *back).max() < 0.001


def test_gcj02_in_beijing_shift_is_528_m_east_151_m_north() -> None:
    # figures of an independent implementation of the public formula
    lon, lat = from_wgs84(116.45, 39.92, "gcj02")
    assert distance_m(116.45, 39.92, lon, 39.92) == pytest.approx(528, abs=2)
    assert distance_m(lon, 39.92, lon, lat) == pytest.approx(151, abs=2)


def test_gcj02_published_example_matches() -> None:
    # the example in the read-me of the widely used coordtransform library (wandergis)
    assert from_wgs84(116.404, 39.915, "gcj02") == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-9
    )


def test_bd09_published_example_matches() -> None:
    # same source: BD-09 (116.404, 39.915) is GCJ-02 (116.39762729119315, 39.90865673957631);
    # its one-step inverse is only good to some centimetres, ours is exact
    lon, lat = from_wgs84(*to_wgs84(116.404, 39.915, "bd09"), "gcj02")
    assert distance_m(lon, lat, 116.39762729119315, 39.90865673957631) < 0.5


def test_outside_china_gcj02_is_wgs84() -> None:
    lon, lat = np.array([-76.6, 2.35, 0.0]), np.array([39.3, 48.86, 0.0])
    np.testing.assert_array_equal(to_wgs84(lon, lat, "gcj02"), (lon, lat))
    np.testing.assert_array_equal(from_wgs84(lon, lat, "gcj02"), (lon, lat))


def test_cgcs2000_passes_unchanged_scalars_stay_floats() -> None:
    assert to_wgs84(116.9, 39.1, "cgcs2000") == (116.9, 39.1)
    assert isinstance(to_wgs84(116.9, 39.1, "gcj02")[0], float)


def test_not_a_number_stays_not_a_number_and_harms_no_neighbour() -> None:
    lon, lat = to_wgs84([116.9, np.nan, np.inf], [39.1, 39.1, 39.1], "gcj02")
    assert np.isfinite([lon[0], lat[0]]).all()
    assert not np.isfinite(lon[1:]).any()


def test_unknown_system_is_refused_with_the_allowed_names() -> None:
    with pytest.raises(DomainError) as refused:
        to_wgs84(116.9, 39.1, "epsg:4326")
    assert refused.value.code == "place.unknown_crs"
    assert refused.value.details["allowed"] == ["wgs84", "cgcs2000", "gcj02", "bd09"]
