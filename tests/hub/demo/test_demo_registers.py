"""The registers of the demo: what the generator drew, each thing in its cell."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from cityloop.business.catalogue import commands as catalogue_commands
from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.models import Element
from cityloop.city.places.queries import tree
from cityloop.engines.district import District, generate
from cityloop.engines.district.furnish import SPACING_M as SMALL_CLASSES
from cityloop.engines.district.wide import CLASSES
from cityloop.hub.demo.commands import town
from cityloop.hub.demo.commands.registering import register
from cityloop.hub.demo.domain.registers import KIND_OF_CLASS, registers_of
from cityloop.kernel.errors import DomainError

NOW = datetime(2026, 3, 18, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def district() -> District:
    return generate("community", 7)


@pytest.mark.django_db
def test_register_takes_everything_into_the_cell_the_generator_says(
    district: District, settings, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path
    town.lay_out(district, now=NOW)

    counts = register(registers_of(district), now=NOW)

    assert counts["building"] == len(district.buildings)
    parts = {c.code: c.cell_id for c in district.components}
    rows = Element.objects.filter(code__in=list(parts)).values_list("code", "cell_id")
    assert {code: int(tree().get(cell).code) for code, cell in rows} == parts
    assert register(registers_of(district), now=NOW) == dict.fromkeys(counts, 0)


@pytest.mark.django_db
def test_every_component_class_is_in_the_catalogue_and_of_its_kind() -> None:
    catalogue_commands.load_departments(actor=SYSTEM, now=NOW)
    catalogue_commands.load_from_profile(actor=SYSTEM, now=NOW)
    known = catalogue().classes
    for class_code in {*CLASSES, *SMALL_CLASSES}:
        assert f"C{class_code}" in known
        assert class_code in KIND_OF_CLASS
    assert max(Counter(KIND_OF_CLASS.values()).values()) == 1


@pytest.mark.django_db
def test_a_row_that_is_refused_stops_the_seed(district: District, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = tmp_path
    town.lay_out(district, now=NOW)
    rows = dict(registers_of(district))["street"]
    first = next(rows)
    first.code = ""

    with pytest.raises(DomainError) as refused:
        register([("street", iter([first]))], now=NOW)

    assert refused.value.code == "demo.element_refused"
