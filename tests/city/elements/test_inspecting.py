"""What is due, who inspects, and what a defect becomes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.city.elements.conftest import lamp
from tests.world import COMMUNITIES, SUBDISTRICT, cell_code

from cityloop.business.cases.models import Case
from cityloop.business.patrol import receivers  # noqa: F401  registers the follower
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import sequence
from cityloop.city.audit.followers import FOLLOWERS, advance
from cityloop.city.elements import commands, queries
from cityloop.city.elements.domain.inspecting import Rhythm, rhythm_by_community
from cityloop.city.elements.models import Element, Inspection
from cityloop.kernel.errors import DomainError, NotAllowed

LAMP = "component.lamp"
DAY = timedelta(days=1)


def codes(found):
    return [d.element.code for d in found.items]


@pytest.fixture
def lamps(city, take_in):
    """One lamp in each cell; lamps are looked at every 30 days."""
    take_in(LAMP, *(lamp(f"L{n}", n) for n in range(4)))
    return {row.code: row.pk for row in Element.objects.all()}


def test_the_plan_of_the_nearest_area_wins():
    chains = [(11, [1, 11]), (12, [1, 12]), (21, [2, 21])]
    plans = {1: Rhythm(10), 12: Rhythm(5)}
    assert rhythm_by_community(Rhythm(30), plans, chains) == {
        11: Rhythm(10), 12: Rhythm(5), 21: Rhythm(30)}  # fmt: skip
    assert rhythm_by_community(None, {}, chains) == {}


def test_due_counts_from_registration_and_then_from_the_last_look(city, lamps):
    system = city.viewer("system")
    assert queries.due(system, until=city.now + 29 * DAY).total == 0
    assert queries.due(system, until=city.now + 30 * DAY, limit=2).total == 4
    commands.inspect(lamps["L0"], result="fine", actor=SYSTEM, now=city.now + 20 * DAY)
    assert codes(queries.due(system, until=city.now + 30 * DAY)) == ["L1", "L2", "L3"]
    found = queries.due(system, until=city.now + 50 * DAY).items
    assert found[-1].element.code == "L0"
    assert found[-1].due_at == city.now + 50 * DAY


def test_a_change_neither_postpones_nor_brings_forward(city, lamps):
    commands.inspect(lamps["L0"], result="fine", actor=SYSTEM, now=city.now + DAY)
    for code in ("L0", "L1"):
        commands.change(
            lamps[code], {"name": "x"}, version=1, actor=SYSTEM, now=city.now + 10 * DAY
        )
    assert codes(queries.due(SYSTEM, until=city.now + 30 * DAY)) == ["L1", "L2", "L3"]


def test_plans_of_areas_and_what_a_grid_worker_sees(city, lamps):
    later = city.now + 8 * DAY
    commands.set_plan(LAMP, area_code=SUBDISTRICT, every_days=20, actor=SYSTEM, now=city.now)
    commands.set_plan(
        LAMP, area_code=COMMUNITIES[1], every_days=7, actor=city.viewer("subdistrict"),
        now=city.now,
    )  # fmt: skip
    assert codes(queries.due(city.viewer("system"), until=later)) == ["L2", "L3"]
    assert codes(queries.due(city.viewer("worker"), until=later)) == []
    assert codes(queries.due(city.viewer("worker_east"), until=later)) == ["L2", "L3"]
    by_cell = queries.due(city.viewer("system"), until=later, area_code=cell_code(3))
    assert codes(by_cell) == ["L3"]
    with pytest.raises(NotAllowed):
        commands.set_plan(
            LAMP, area_code=COMMUNITIES[1], every_days=7, actor=city.viewer("community"),
            now=city.now,
        )  # fmt: skip


def test_a_worker_inspects_in_the_own_community_once(city, lamps):
    worker, again = city.viewer("worker"), {"result": "fine", "external_id": "a1"}
    with pytest.raises(NotAllowed, match=r"element\.not_your_cells"):
        commands.inspect(lamps["L3"], **again, actor=worker, now=city.now)
    first, new = commands.inspect(lamps["L0"], **again, actor=worker, now=city.now)
    second, repeated = commands.inspect(lamps["L0"], **again, actor=worker, now=city.now)
    assert (new, repeated, second.pk) == (True, False, first.pk)
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(("result", "note", "code"), [
    ("torn", "", "element.result"), ("defect", "", "element.note"),
    ("fine", "x" * 2001, "element.note")])  # fmt: skip
def test_what_cannot_be_a_finding_is_refused(city, lamps, result, note, code):
    with pytest.raises(DomainError) as error:
        commands.inspect(lamps["L0"], result=result, note=note, actor=SYSTEM, now=city.now)
    assert error.value.code == code


def test_a_defect_becomes_one_case_of_its_class_by_its_inspector(city, lamps):
    worker = city.viewer("worker")
    commands.inspect(lamps["L0"], result="fine", actor=worker, now=city.now)
    commands.inspect(lamps["L1"], result="defect", note="灯不亮", actor=worker, now=city.now)
    follow(city.now)
    case = Case.objects.get()
    assert case.case_class.key == "C0137"
    assert case.cell_id == city.area(cell_code(1))
    assert "灯不亮" in case.reports.get().text
    follow(city.now)
    assert Case.objects.count() == 1


def follow(now):
    sequence()
    advance(FOLLOWERS["defects of components"], now=now)
