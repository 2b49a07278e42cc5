"""A community on the table: planned, changed by people, checked at every step, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
import shapely
from tests.world import COMMUNITIES, LAT, LON, SIDE, areas_geojson

from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.division import ground, weights
from cityloop.city.division.commands import begin, edit, publish
from cityloop.city.division.models import Draft
from cityloop.city.division.queries import asked_window, buildings, choices, shown
from cityloop.city.division.weights import named_window
from cityloop.city.elements.commands import register_profile_kinds, take
from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.queries import arrays
from cityloop.city.places.commands import import_areas
from cityloop.city.places.queries import tree
from cityloop.engines.partition import Window
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

COMMUNITY = COMMUNITIES[0]
WINDOW = Window(300, 500)


@pytest.fixture
def homes(db: Any, now: datetime) -> None:
    """Twenty buildings of 80 households and a street in the middle of the first community."""
    import_areas(areas_geojson(), actor=SYSTEM, now=now)
    register_profile_kinds(actor=SYSTEM, now=now)
    rows = []
    for n in range(20):
        west = LON + (0.4 + 1.5 * (n % 5)) * SIDE / 4
        south = LAT + (0.3 + (n // 5)) * SIDE / 4.4
        box = shapely.box(west, south, west + SIDE / 12, south + SIDE / 14)
        rows.append(ElementRow(code=f"B{n}", geometry=box, households=80))
    street = shapely.LineString([(LON, LAT + SIDE / 2), (LON + 2 * SIDE, LAT + SIDE / 2)])
    given: dict[str, Any] = {"source": "test", "actor": SYSTEM, "now": now}
    assert not take(rows, kind="building", **given).refused
    assert not take(
        [ElementRow(code="S1", name="和平路", geometry=street)], kind="street", **given
    ).refused


def _begin(now: datetime, **more: Any) -> Draft:
    draft, _ = begin(COMMUNITY, window=WINDOW, actor=SYSTEM, now=now, **more)
    return draft


def test_plan_keeps_the_window_and_every_rule(homes: None, now: datetime) -> None:
    said = shown(_begin(now, afresh=True))
    assert sum(cell["households"] for cell in said["cells"]) == 1600
    assert all(cell["in_window"] for cell in said["cells"])
    assert [f for f in said["findings"] if f["grave"]] == []
    assert len(said["before"]) == 2
    assert said["figures"]["on_lines"] > 0.5
    assert len(buildings(Draft.objects.get())) == 20


def test_a_theme_has_its_own_window_numbers_and_register(homes: None, now: datetime) -> None:
    cells = [cell.code for cell in tree().children(tree().by_code(COMMUNITY).id)]
    fire = named_window("floor", 36, 54)
    published = []
    for _ in range(2):
        draft, _ = begin(COMMUNITY, window=fire, theme="fire", afresh=True, actor=SYSTEM, now=now)
        said = shown(draft)
        assert all(cell["in_window"] for cell in said["cells"])
        assert [f for f in said["findings"] if f["grave"]] == []
        counts = publish(draft.pk, actor=SYSTEM, now=now)
        assert counts["added"] == len(said["cells"])
        published.append({c["number"] for c in said["cells"]})
    assert counts["ended"] == len(published[0])
    assert not published[0] & published[1]  # a number is never given to another cell
    rows = arrays("grid.fire", properties=True)
    assert {int(p["number"]) for p in rows.properties} == published[1]
    assert rows.households.sum() == 1600
    assert sum(p["weight"] for p in rows.properties) == sum(c["weight"] for c in said["cells"])
    assert [cell.code for cell in tree().children(tree().by_code(COMMUNITY).id)] == cells
    kept, _ = begin(COMMUNITY, window=fire, theme="fire", keep=True, actor=SYSTEM, now=now)
    assert {c["number"] for c in shown(kept)["cells"]} == published[1]


def test_cells_weigh_what_is_asked(
    homes: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    spot = [LON + 0.45 * SIDE / 4, LAT + 0.35 * SIDE / 4.4]
    monkeypatch.setattr(weights, "_reader", [lambda *given: np.array([spot] * 7)])
    plane = ground.plane_of(COMMUNITY)

    def weighed(weight: str) -> dict[str, int]:
        found = ground.buildings_of(COMMUNITY, plane, weight=weight, at=now)
        return {one.code: one.weigh(weight) for one in found}

    assert sum(weighed("households").values()) == 1600
    assert set(weighed("buildings").values()) == {1}
    cases = weighed("cases")
    assert (cases.pop("B0"), sum(cases.values())) == (7, 0)
    assert set(weighed("own.storeys").values()) == {0}
    area = shapely.area(ground.buildings_of(COMMUNITY, plane, weight="floor", at=now)[0].footprint)
    assert weighed("floor")["B0"] == round(area / 100)
    draft, _ = begin(COMMUNITY, window=named_window("own.storeys", 3, 9), actor=SYSTEM, now=now)
    said = shown(draft)
    assert [cell["weight"] for cell in said["cells"]] == [0]
    assert "community.empty" in [f["kind"] for f in said["findings"]]
    with pytest.raises(DomainError, match=r"division\.weight"):
        named_window("beauty", 1, 2)


def test_what_is_left_out_of_the_window_is_usual_for_the_theme(homes: None) -> None:
    said = choices(SYSTEM)
    assert said["themes"][0]["key"] == "general"
    fire = next(one for one in said["themes"] if one["key"] == "fire")
    window = asked_window("fire", None, None, None)
    assert (window.weight, window.lo, window.hi) == (fire["weight"], fire["lo"], fire["hi"])
    with pytest.raises(DomainError, match=r"division\.window"):
        asked_window("fire", "households", None, None)
    with pytest.raises(NotFound):
        asked_window("nobody", None, None, None)


def test_why_no_division_keeps_the_window_is_said(homes: None, now: datetime) -> None:
    said = shown(begin(COMMUNITY, window=Window(900, 1000), actor=SYSTEM, now=now)[0])
    first = said["findings"][0]
    assert (first["kind"], first["grave"]) == ("community.no_count", False)
    assert "1600" in first["zh"] and "1600" in first["en"]


def test_people_merge_split_move_lock_and_undo(homes: None, now: datetime) -> None:
    draft = _begin(now, afresh=True)
    numbers = [cell["number"] for cell in shown(draft)["cells"]]
    _, seen = edit(draft.pk, "split", {"number": numbers[0]}, actor=SYSTEM, now=now)
    assert len(seen.cells) == len(numbers) + 1
    assert {f.kind for f in seen.findings}  # half a cell is below the window: said at once
    new = next(c.number for c in seen.cells if c.number not in numbers)
    _, seen = edit(draft.pk, "merge", {"numbers": [numbers[0], new]}, actor=SYSTEM, now=now)
    assert len(seen.cells) == len(numbers)
    _, seen = edit(draft.pk, "undo", {}, actor=SYSTEM, now=now)
    assert len(seen.cells) == len(numbers) + 1
    edit(draft.pk, "lock", {"number": new}, actor=SYSTEM, now=now)
    with pytest.raises(DomainError) as refused:
        edit(draft.pk, "merge", {"numbers": [numbers[0], new]}, actor=SYSTEM, now=now)
    assert refused.value.code == "partition.locked"


def test_moved_building_takes_its_ground_and_its_households_along(
    homes: None, now: datetime
) -> None:
    draft = _begin(now, afresh=True)
    before = {c["number"]: c["households"] for c in shown(draft)["cells"]}
    _, seen = edit(
        draft.pk, "move", {"buildings": ["B7"], "number": min(before)}, actor=SYSTEM, now=now
    )
    home = next(c for c in seen.cells if "B7" in c.buildings)
    assert home.number == min(before)
    assert sum(c.households for c in seen.cells) == 1600


def test_boundary_is_moved_by_drawing_in_degrees(homes: None, now: datetime) -> None:
    draft = _begin(now, keep=True)
    assert [c["number"] for c in shown(draft)["cells"]] == [1, 2]
    strip = shapely.box(LON + SIDE * 0.99, LAT, LON + SIDE * 1.2, LAT + SIDE)
    _, seen = edit(
        draft.pk, "redraw", {"number": 1, "area": shapely.geometry.mapping(strip)},
        actor=SYSTEM, now=now,
    )  # fmt: skip
    east = max(c.polygon.bounds[2] for c in seen.cells if c.number == 1)
    west = min(c.polygon.bounds[0] for c in seen.cells)
    share = (east - west) / (2 * max(c.polygon.bounds[2] - west for c in seen.cells) / 2)
    assert share == pytest.approx(0.6, abs=0.12)


def test_published_division_begins_and_old_cells_end(homes: None, now: datetime) -> None:
    draft = _begin(now, afresh=True)
    numbers = {f"{c['number']:03d}" for c in shown(draft)["cells"]}
    counts = publish(draft.pk, actor=SYSTEM, now=now)
    cells = tree().children(tree().by_code(COMMUNITY).id)
    assert {c.code.removeprefix(COMMUNITY) for c in cells} == numbers
    assert counts["added"] + counts["changed"] == len(numbers)
    with pytest.raises(Conflict) as refused:
        edit(draft.pk, "undo", {}, actor=SYSTEM, now=now)
    assert refused.value.code == "division.published"


def test_number_of_an_ended_cell_is_never_given_again(homes: None, now: datetime) -> None:
    said = []
    for _ in range(2):
        draft = _begin(now, afresh=True)
        said.append({c["number"] for c in shown(draft)["cells"]})
        publish(draft.pk, actor=SYSTEM, now=now)
    assert not said[0] & ({1, 2} | said[1])
    kept = _begin(now, keep=True)
    number = min(said[1])
    _, seen = edit(kept.pk, "split", {"number": number}, actor=SYSTEM, now=now)
    assert {c.number for c in seen.cells} - said[1] == {max(said[0] | said[1]) + 1}


def test_households_that_change_cell_are_counted(homes: None, now: datetime) -> None:
    draft = _begin(now, keep=True)
    assert shown(draft)["moved_households"] == 0
    draft, seen = edit(
        draft.pk, "move", {"buildings": ["B0", "B1"], "number": 2}, actor=SYSTEM, now=now
    )
    assert shown(draft, seen)["moved_households"] == 160


def test_two_people_do_not_overwrite_each_other(homes: None, now: datetime) -> None:
    draft = _begin(now, afresh=True)
    number = shown(draft)["cells"][0]["number"]
    edit(draft.pk, "split", {"number": number, "step": 1}, actor=SYSTEM, now=now)
    with pytest.raises(Conflict) as refused:
        edit(draft.pk, "split", {"number": number, "step": 1}, actor=SYSTEM, now=now)
    assert refused.value.code == "division.changed"


def test_who_may_not_and_what_cannot_be_is_refused(homes: None, now: datetime) -> None:
    worker = Viewer("person", None, "worker", (Holding(Role.GRID_WORKER),))
    with pytest.raises(NotAllowed):
        begin(COMMUNITY, window=WINDOW, actor=worker, now=now)
    with pytest.raises(NotFound):
        begin("990100", window=WINDOW, actor=SYSTEM, now=now)
    with pytest.raises(DomainError) as refused:
        begin(COMMUNITIES[1], window=WINDOW, actor=SYSTEM, now=now)
    assert refused.value.code == "division.no_buildings"
    draft = _begin(now, afresh=True)
    for act, given, code in (
        ("fold", {}, "division.act"),
        ("split", {}, "division.missing"),
        ("undo", {}, "division.first"),
        ("split", {"number": 99}, "partition.no_cell"),
    ):
        with pytest.raises(DomainError) as refused:
            edit(draft.pk, act, given, actor=SYSTEM, now=now)
        assert refused.value.code == code


def test_broken_rule_is_not_published_but_a_light_cell_may_be(homes: None, now: datetime) -> None:
    draft = _begin(now, keep=True)
    island = shapely.box(LON + SIDE * 1.7, LAT + SIDE * 0.7, LON + SIDE * 1.9, LAT + SIDE * 0.9)
    given = {"number": 1, "area": shapely.geometry.mapping(island)}
    _, seen = edit(draft.pk, "redraw", given, actor=SYSTEM, now=now)
    assert "cell.pieces" in {f.kind for f in seen.findings if f.grave}
    with pytest.raises(Conflict) as refused:
        publish(draft.pk, actor=SYSTEM, now=now)
    assert refused.value.code == "division.broken"
    light = _begin(now, afresh=True)
    number = shown(light)["cells"][0]["number"]
    edit(light.pk, "split", {"number": number}, actor=SYSTEM, now=now)
    assert publish(light.pk, actor=SYSTEM, now=now)["ended"] >= 0
