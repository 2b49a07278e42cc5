"""`seed city`: a whole district by commands alone; its registers agree with its areas."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from tests.engines.tiles.decoder import decode

from cityloop.city.accounts.domain import Role
from cityloop.city.accounts.queries import active_users
from cityloop.city.elements.models import Element
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import cover, find_place, tree
from cityloop.city.profile import load_profile
from cityloop.data.geography.baking import baked_map
from cityloop.data.geography.baking.layers import stamps
from cityloop.data.geography.baking.serving import map_path
from cityloop.engines.district.wide import generate_wide
from cityloop.engines.partition import Effort
from cityloop.engines.tiles import open_archive
from cityloop.hub.demo.commands import city as seeding
from cityloop.hub.demo.commands import dividing
from cityloop.hub.demo.commands.city import City, seed_city
from cityloop.hub.demo.commands.dividing import divide
from cityloop.hub.demo.domain.registers import registers_of_wide
from cityloop.kernel.errors import DomainError

NOW = datetime(2026, 3, 18, 7, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


class _Undo(Exception):
    """Takes a transaction back."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, data: Path) -> Iterator[City]:
    """One small city for all tests of this file."""
    with django_db_blocker.unblock(), override_settings(DATA=data, DEMO=True):
        try:
            with transaction.atomic():
                yield seed_city("town", 7, now=NOW)
                raise _Undo
        except _Undo:
            pass


def test_cells_nest_by_code_and_nearly_all_are_in_the_window(made: City, db: None) -> None:
    counts = Counter(a.level for a in tree())
    assert (counts[Level.SUBDISTRICT], counts[Level.COMMUNITY]) == (3, 36)
    assert counts[Level.CELL] == made.cells and made.in_window > 0.98
    for cell in tree().below(None, Level.CELL):
        community = tree().get(cell.parent_id or 0)
        assert cell.code.startswith(community.code) and len(cell.code) == 15


def test_households_of_buildings_add_up_to_those_of_cells(made: City, db: None) -> None:
    rows = Element.objects.filter(kind__code="building").values_list("cell_id", "households")
    held: Counter[int] = Counter()
    for cell, homes in rows:
        held[cell] += homes or 0
    assert {c.id: c.households for c in tree().below(None, Level.CELL)} == held


def test_every_element_says_that_it_is_synthetic_and_has_its_cell(made: City, db: None) -> None:
    assert sum(made.elements.values()) == Element.objects.count() > 40_000
    assert not Element.objects.exclude(properties__synthetic=True).exists()
    assert not Element.objects.filter(kind__code="building", cell=None).exists()
    nowhere = Element.objects.filter(kind__code__startswith="component.", cell=None).count()
    assert nowhere < 0.001 * Element.objects.count()


def test_every_cell_has_somebody_by_day(made: City, db: None) -> None:
    assert cover(NOW).uncovered == []


def test_every_subdistrict_has_a_supervisor(made: City, db: None) -> None:
    names = ["subdistrict01", "street01", "street02"]
    assert set(active_users(names, role=Role.SUPERVISOR_SUBDISTRICT)) == set(names)


def test_a_compound_is_found_by_its_name(made: City, db: None) -> None:
    district = generate_wide("town", 7)
    name = district.compound_name[5][0]
    community = district.community_codes()[
        int(district.block_community[district.compound_block[5]])
    ]
    match = find_place(f"{name}门口路灯不亮")
    assert match is not None
    assert tree().get(match.area_id).code.startswith(community)


def test_the_ground_of_the_maps_is_baked(made: City, data: Path) -> None:
    ground = open_archive(data / "ground.pmtiles")
    layers = [decode(gzip.decompress(packed)) for _, packed in ground]
    kinds = {f.properties["kind"] for tile in layers for f in tile.get("land", [])}
    assert {"water", "park", "tower", "slab"} <= kinds
    held = {f.id for tile in layers for f in tile.get("building", [])}
    assert len(held) > 0.99 * made.elements["building"]
    assert any(tile.get("rail") for tile in layers)
    names = {f.properties["zh"] for tile in layers for f in tile.get("street", [])}
    assert len(names) > 20 and not (data / "basemap.json").exists()


def test_the_map_of_the_registers_is_baked(made: City, data: Path) -> None:
    with override_settings(DATA=data):
        found = baked_map(map_path())
        assert found is not None and found.stamps == stamps()
    assert made.seconds["tiles"] > 0


def test_seeding_a_second_time_is_refused(made: City, db: None) -> None:
    with pytest.raises(DomainError) as refused:
        seed_city("town", 7, now=NOW)
    assert refused.value.code == "demo.exists"


def test_division_of_the_same_district_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    district = generate_wide("town", 7)
    window = seeding._settings().window
    quick = Effort(trees=1, heat=4, rounds=2, tries=1, good=1)
    plan = dividing.plan_district
    monkeypatch.setattr(dividing, "plan_district", lambda *a, **k: plan(*a, **k, effort=quick))

    first, second = (divide(district, window).collection for _ in range(2))

    assert first == second


def test_codes_of_registers_are_given_once() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for kind, rows in registers_of_wide(generate_wide("town", 8)):
        for row in rows:
            seen[kind, row.code] += 1
    assert max(seen.values()) == 1


def test_a_profile_that_extends_another_says_only_what_differs() -> None:
    own, base = load_profile("chaoyang-scale"), load_profile("default")
    assert own.settings["key"] == "chaoyang-scale"
    assert own.settings["stages"] == base.settings["stages"]
    assert own.rows("classes.csv") == base.rows("classes.csv")
    assert own.toml("elements.toml") == base.toml("elements.toml")
