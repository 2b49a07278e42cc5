"""Points to cells, with the system declared."""

from __future__ import annotations

import pytest
from tests.city.places.conftest import CELLS, COMMUNITY, EAST_CELL

from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Viewer
from cityloop.city.places import queries
from cityloop.kernel.errors import DomainError, NotAllowed
from cityloop.kernel.geo import from_wgs84


def place(lon, lat, crs="wgs84"):
    return queries.place_points([(lon, lat)], crs, viewer=SYSTEM)[0]


def test_points_lie_inside_on_an_edge_and_outside(town):
    ids, kinds = queries.locate([116.405, 116.41, 116.5], [39.905, 39.905, 39.905])
    assert ids.tolist() == [town.id(CELLS[0]), town.id(CELLS[0]), -1]
    assert kinds.tolist() == ["inside", "edge", "outside"]


def test_edge_of_two_communities_belongs_to_the_lowest_cell(town):
    point = place(116.42, 39.905)
    assert (point.kind, point.cell_id) == ("edge", town.id(CELLS[1]))
    assert point.path.community_id == town.id(COMMUNITY)


def test_gcj02_declared_is_right_and_undeclared_is_half_a_kilometre_off(town):
    lon, lat = from_wgs84(116.405, 39.905, "gcj02")
    assert place(lon, lat, "gcj02").cell_id == town.id(CELLS[0])
    assert place(lon, lat, "wgs84").cell_id != town.id(CELLS[0])


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_every_system_leads_to_the_same_cell(town, crs):
    assert place(*from_wgs84(116.425, 39.905, crs), crs).cell_id == town.id(EAST_CELL)


def test_swapped_point_gets_the_correction(town):
    point = place(39.905, 116.405)
    assert (point.kind, point.error.code) == ("refused", "place.swapped")
    assert "lon=116.405" in point.error.en


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (float("nan"), 39.9, "place.not_finite"),
        (float("inf"), 39.9, "place.not_finite"),
        (0.0, 0.0, "place.null_island"),
        (116405000, 39905000, "place.out_of_range"),
        (116.5, 39.9, "place.outside"),
        (-74.0, 40.7, "place.outside"),
    ],
)
def test_impossible_or_outside_point_gets_its_error(town, lon, lat, code):
    assert place(lon, lat).error.code == code


def test_bad_point_does_not_shift_the_others(town):
    points = [(116.405, 39.905), (float("nan"), 1), (116.425, 39.905), (117, 39)]
    found = queries.place_points(points, "wgs84", viewer=SYSTEM)
    assert [p.cell_id for p in found] == [town.id(CELLS[0]), None, town.id(EAST_CELL), None]


def test_unknown_system_is_refused(town):
    with pytest.raises(DomainError, match=r"place\.unknown_crs"):
        place(116.4, 39.9, "gcj-02")


def test_without_cells_everything_is_outside(db):
    ids, kinds = queries.locate([116.4], [39.9])
    assert (ids.tolist(), kinds.tolist(), queries.bounds()) == ([-1], ["outside"], None)
    assert "No cells" in place(116.4, 39.9).error.en


def test_token_without_the_scope_is_refused(town):
    token = Viewer("token", 1, scopes=frozenset({"cases:read"}))
    with pytest.raises(NotAllowed, match=r"token\.scope"):
        queries.place_points([(116.4, 39.9)], "wgs84", viewer=token)


@pytest.mark.parametrize("count", [1, 3])
def test_locating_takes_the_same_queries_for_one_and_three(town, count, django_assert_num_queries):
    place(116.4, 39.9)
    with django_assert_num_queries(3):  # is what is remembered still true: three questions
        queries.place_points([(116.405, 39.905)] * count, "wgs84", viewer=PUBLIC)


@pytest.mark.parametrize("simplify_m", [0.0, 50.0])
def test_map_of_a_box_holds_the_areas_that_meet_it(town, simplify_m):
    from cityloop.city.places.domain import Level
    from cityloop.kernel.geo import Bounds

    drawn = queries.feature_collection(
        None,
        viewer=SYSTEM,
        level=Level.CELL,
        within=Bounds(116.421, 39.901, 116.5, 39.95),
        simplify_m=simplify_m,
    )
    assert [f["properties"]["code"] for f in drawn["features"]] == [EAST_CELL]


def test_areas_page_by_cursor(town):
    first = queries.areas(viewer=SYSTEM, parent_id=town.id(COMMUNITY), limit=3)
    second = queries.areas(viewer=SYSTEM, parent_id=town.id(COMMUNITY), limit=3, after=first[-1].id)
    assert [a.code for a in first + second] == CELLS
