"""Faults of a set of cells are found and named."""

import shapely

from cityloop.engines.locating.coverage import coverage_check

LEFT = shapely.box(116.900, 39.1, 116.901, 39.101)
RIGHT = shapely.box(116.901, 39.1, 116.902, 39.101)
PARENT = shapely.box(116.900, 39.1, 116.902, 39.101)


def kinds(*cells: shapely.Polygon, parent: shapely.Polygon | None = None) -> list[tuple]:
    return [(f.kind, f.ids) for f in coverage_check(cells, ids=range(7, 7 + len(cells)),
                                                    parent=parent)]  # fmt: skip


def test_exact_coverage_has_no_findings() -> None:
    assert kinds(LEFT, RIGHT, parent=PARENT) == []


def test_overlap_is_found_with_its_area() -> None:
    wide = shapely.box(116.9005, 39.1, 116.902, 39.101)
    (finding,) = coverage_check([LEFT, wide], parent=PARENT)
    assert (finding.kind, finding.ids) == ("overlap", (0, 1))
    assert 4700 < finding.area_m2 < 4900
    assert "重叠" in finding.zh and "overlap" in finding.en


def test_missing_piece_of_the_parent_is_a_gap() -> None:
    narrow = shapely.box(116.901, 39.1, 116.9015, 39.101)
    assert kinds(LEFT, narrow, parent=PARENT) == [("gap", (8,))]


def test_enclosed_hole_without_parent_is_a_gap() -> None:
    frame = PARENT.difference(shapely.box(116.9004, 39.1004, 116.9006, 39.1006))
    assert kinds(frame) == [("gap", (7,))]


def test_cell_beyond_the_parent_is_outside() -> None:
    assert kinds(LEFT, RIGHT, parent=shapely.box(116.9, 39.1, 116.9015, 39.101)) == [
        ("outside", (8,))
    ]


def test_border_with_different_vertices_is_a_mismatch() -> None:
    bent = shapely.Polygon(
        [(116.901, 39.1), (116.902, 39.1), (116.902, 39.101), (116.901, 39.101),
         (116.90099999, 39.1005)]
    )  # fmt: skip
    assert [kind for kind, _ in kinds(LEFT, bent)] == ["mismatch", "mismatch"]


def test_invalid_and_empty_cells_are_named_and_the_rest_is_still_checked() -> None:
    bow_tie = shapely.Polygon([(116, 39), (117, 40), (117, 39), (116, 40)])
    assert kinds(LEFT, bow_tie, shapely.Polygon(), parent=PARENT) == [
        ("invalid", (8,)),
        ("invalid", (9,)),
        ("gap", (7,)),
    ]
