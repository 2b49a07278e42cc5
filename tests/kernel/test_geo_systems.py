"""Systems by name: Gauss-Krueger zones against the projection's own formula, names, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import coordinate_system, distance_m, likely_systems, to_wgs84

A, F = 6_378_137.0, 1 / 298.257222101  # CGCS2000
ESRI = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",'
    '500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def gauss_krueger(lon: float, lat: float, meridian: float) -> tuple[float, float]:
    """Easting (500,000 at the meridian) and northing by the series of the trade's textbooks."""
    e2 = F * (2 - F)
    second = e2 / (1 - e2)
    b, part = np.radians(lat), np.radians(lon - meridian) * np.cos(np.radians(lat))
    n = A / np.sqrt(1 - e2 * np.sin(b) ** 2)
    t, eta = np.tan(b) ** 2, second * np.cos(b) ** 2
    steps = np.linspace(0, b, 20_001)
    curve = A * (1 - e2) / (1 - e2 * np.sin(steps) ** 2) ** 1.5
    arc = np.trapezoid(curve, steps)
    north = arc + n * np.tan(b) * (
        part**2 / 2
        + (5 - t + 9 * eta + 4 * eta**2) * part**4 / 24
        + (61 - 58 * t + t**2) * part**6 / 720
    )
    east = n * (
        part
        + (1 - t + eta) * part**3 / 6
        + (5 - 18 * t + t**2 + 14 * eta - 58 * t * eta) * part**5 / 120
    )
    return 500_000 + east, north


@given(lon=st.floats(115.6, 118.4), lat=st.floats(20, 50))
def test_zone_117_points_by_textbook_series_come_back_within_a_centimetre(
    lon: float, lat: float
) -> None:
    x, y = gauss_krueger(lon, lat, 117)
    back = coordinate_system("EPSG:4548").to_wgs84([x], [y])
    assert distance_m(lon, lat, back[0][0], back[1][0]) < 0.01


@pytest.mark.parametrize("number", range(4513, 4555))
def test_every_cgcs2000_three_degree_zone_puts_its_meridian_in_the_middle(number: int) -> None:
    numbered = number < 4534
    zone = number - 4513 + 25 if numbered else number - 4534 + 25
    system = coordinate_system(f"EPSG:{number}")
    lon, lat = system.to_wgs84([500_000 + (zone * 1e6 if numbered else 0)], [4_000_000])
    assert lon[0] == pytest.approx(zone * 3, abs=1e-9)
    assert 36.1 < lat[0] < 36.2
    assert system.projected and system.exact


def test_the_same_zone_by_number_wkt_of_a_prj_file_and_urn_agrees() -> None:
    names = ["EPSG:4548", "4548", ESRI, "urn:ogc:def:crs:EPSG::4548"]
    found = {coordinate_system(name).to_wgs84([460_000], [4_400_000])[0][0] for name in names}
    assert len(found) == 1


def test_degrees_of_cgcs2000_pass_unchanged_longitude_first() -> None:
    lon, lat = coordinate_system("EPSG:4490").to_wgs84([116.9], [39.1])
    assert (lon[0], lat[0]) == (116.9, 39.1)


def test_gcj02_by_any_spelling_is_the_shifted_system() -> None:
    expected = to_wgs84(np.array([116.404]), np.array([39.915]), "gcj02")
    for name in ("gcj02", "GCJ-02", "gcj_02"):
        system = coordinate_system(name)
        assert system.shifted
        np.testing.assert_array_equal(system.to_wgs84([116.404], [39.915]), expected)


def test_old_datum_is_taken_but_not_called_exact() -> None:
    assert not coordinate_system("EPSG:2437").exact  # Beijing 1954


@pytest.mark.parametrize("name", ["EPSG:99999", "mars", "EPSG:5773", ""])
def test_unknown_or_vertical_system_is_refused_with_examples(name: str) -> None:
    with pytest.raises(DomainError) as refused:
        coordinate_system(name)
    assert refused.value.code == "place.unknown_crs"
    assert "EPSG:4548" in refused.value.zh


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (39_460_000, 4_400_000, ["EPSG:4527"]),
        (20_460_000, 4_400_000, ["EPSG:4498"]),
        (460_000, 4_400_000, ["EPSG:4534 … EPSG:4554"]),
        (116.4, 39.9, ["EPSG:4490", "wgs84", "gcj02", "bd09"]),
        (5.0e7, 1.0, []),
    ],
)
def test_likely_systems_are_told_by_the_size_of_the_numbers(
    x: float, y: float, expected: list[str]
) -> None:
    assert likely_systems([x], [y]) == expected


def test_numbered_zone_is_the_zone_that_its_eastings_speak_for() -> None:
    [name] = likely_systems([39_460_000], [4_400_000])
    lon, _ = coordinate_system(name).to_wgs84([39_500_000], [4_400_000])
    assert lon[0] == pytest.approx(117)
