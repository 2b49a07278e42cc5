"""Boundaries without codes: numbered by the template under who holds them, or refused by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import osmium
import pytest
import shapely
from django.core.management import call_command
from osmium.osm.mutable import Node, Relation, Way

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places import queries as places
from cityloop.city.places.domain import CodeTemplate, Level
from cityloop.data.geography.commands import import_file
from cityloop.data.geography.domain import (
    Boundary,
    Registered,
    Report,
    number_boundaries,
    tree_lines,
)
from cityloop.data.geography.queries import mapping

D, S, C = Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY
TEMPLATE = CodeTemplate.of({})
TOWN = shapely.box(0, 0, 8, 4)


def boundary(level: Level, name: str, *box: float, code: str = "") -> Boundary:
    return Boundary(level, code, name, shapely.box(*box))


def numbered(*given: Boundary, old: tuple[Registered, ...] = (), **codes: str) -> list[str]:
    number_boundaries(given, old, TEMPLATE, codes)
    return [one.error.code if one.error else one.code for one in given]


def test_new_areas_are_numbered_from_the_north_west_under_their_parents() -> None:
    given = (
        boundary(C, "east", 2, 0, 4, 4), boundary(C, "west", 0, 0, 2, 4),
        boundary(S, "south", 0, 0, 4, 4), boundary(S, "next", 4, 0, 8, 4),
        boundary(D, "town", 0, 0, 8, 4),
    )  # fmt: skip
    assert numbered(*given, town="990100") == [
        "990100001002", "990100001001", "990100001", "990100002", "990100",
    ]  # fmt: skip
    assert [one.parent for one in given] == ["990100001", "990100001", "990100", "990100", ""]
    assert [one.made for one in given] == [True, True, True, True, False]


def test_a_registered_name_keeps_its_code_and_ended_codes_are_not_given_again() -> None:
    old = (
        Registered(D, "990100", "town", "", True, TOWN),
        Registered(S, "990100007", "north", "990100", True, None),
        Registered(S, "990100009", "gone", "990100", False, None),
    )
    assert numbered(boundary(S, "new", 0, 0, 4, 4), boundary(S, "north", 4, 0, 8, 4), old=old) == [
        "990100010",
        "990100007",
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (boundary(C, "lost", 20, 20, 21, 21), "geography.no_parent"),
        (boundary(C, "no street office", 5, 1, 6, 2), "geography.no_parent"),
        (boundary(S, "over the border", 5, 0, 9, 4), "geography.crosses"),
        (boundary(D, "neighbour", 8, 0, 9, 4), "geography.no_area_code"),
        (boundary(S, "odd", 5, 0, 8, 4, code="99"), "place.code"),
        (boundary(S, "again", 4, 0, 8, 4, code="990100001"), "geography.twice"),
    ],
)
def test_what_has_no_place_in_the_tree_says_why(given: Boundary, why: str) -> None:
    town = boundary(D, "town", 0, 0, 8, 4)
    first = boundary(S, "first", 0, 0, 4, 4, code="990100001")
    assert numbered(town, first, given, town="990100")[2] == why


NODES = {
    1: (0.0, 0.0), 2: (0.02, 0.0), 3: (0.04, 0.0), 4: (0.04, 0.02), 5: (0.02, 0.02), 6: (0.0, 0.02),
}  # fmt: skip
WAYS = {10: [1, 2], 11: [2, 3, 4, 5], 12: [5, 6, 1], 13: [2, 5]}
RELATIONS: dict[int, tuple[str, str, list[int]]] = {
    100: ("6", "新安区", [10, 11, 12]),
    101: ("8", "西街道", [10, 13, 12]),
    102: ("8", "东街道", [11, 13]),
    103: ("8", "缺边街道", [11, 99]),
    104: ("10", "断开社区", [11]),
}


def write_boundaries(path: Path) -> Path:
    with osmium.SimpleWriter(str(path)) as out:
        for number, (x, y) in NODES.items():
            out.add_node(Node(id=number, location=(116.9 + x, 39.1 + y)))
        for number, refs in WAYS.items():
            out.add_way(Way(id=number, nodes=refs))
        for number, (level, name, ways) in RELATIONS.items():
            tags = {"type": "boundary", "boundary": "administrative", "admin_level": level,
                    "name": name}  # fmt: skip
            members = [("w", way, "outer") for way in ways]
            out.add_relation(Relation(id=number, members=members, tags=tags))
    return path


@pytest.mark.django_db
def test_osm_boundaries_become_areas_and_incomplete_ones_are_refused(
    tmp_path: Path, now: Any, capsys: Any
) -> None:
    path = write_boundaries(tmp_path / "b.osm.pbf")

    def run(*, dry_run: bool) -> Report:
        return import_file(path, mapping("osm_boundaries"), area_codes={"新安区": "990200"},
                           dry_run=dry_run, actor=SYSTEM, now=now)  # fmt: skip

    dry = run(dry_run=True)
    assert tree_lines(dry) == [
        "990200 新安区",
        "  990200001 西街道 (新编号 numbered)",
        "  990200002 东街道 (新编号 numbered)",
    ]
    told = {r.key: r.error.en for r in dry.refused}
    assert "lacks 1 of its 2 ways in the file (way/99)" in told["relation/103"]
    assert "loose ends at node/2, node/5" in told["relation/104"]
    assert places.tree().find_code("990200") is None
    wet = run(dry_run=False)
    assert dry.adds_up and wet.adds_up and wet.written
    tree = places.tree()
    assert [(a.code, a.name_zh) for a in tree.children(tree.by_code("990200").id)] == [
        ("990200001", "西街道"), ("990200002", "东街道"),
    ]  # fmt: skip
    again = run(dry_run=False)
    assert {name: (c.new, c.same) for name, c in again.counts.items()} == {
        "area.district": (0, 1), "area.subdistrict": (0, 2),
    }  # fmt: skip
    assert again.made_codes == set()
    refused = tmp_path / "refused.csv"
    call_command("geography_import", str(path), mapping="osm_boundaries", dry_run=True,
                 refused=refused)  # fmt: skip
    rows = refused.read_text("utf-8-sig").splitlines()
    assert len(rows) == 3 and rows[1].startswith("relation,4,relation/103,geography.geometry,")
    assert "  990200002 东街道" in capsys.readouterr().out
