"""Codes by the profile's template."""

from __future__ import annotations

import pytest

from cityloop.city.places.commands import check_code
from cityloop.city.places.domain import CodeTemplate, Level
from cityloop.kernel.errors import DomainError


@pytest.mark.parametrize(
    ("level", "code"),
    [
        (Level.CITY, "1101"),
        (Level.CITY, "110100"),
        (Level.DISTRICT, "110105"),
        (Level.COMMUNITY, "110105001001"),
        (Level.CELL, "110105001001001"),
    ],
)
def test_code_of_the_template_passes(level, code):
    assert check_code(level, code) == code


@pytest.mark.parametrize("code", ["", "11010", "1101050", "11010A", "１１０１０５", "110105\n"])
def test_code_that_does_not_fit_is_refused_with_what_is_allowed(code):
    with pytest.raises(DomainError) as refused:
        check_code(Level.DISTRICT, code)
    assert refused.value.code == "place.code"
    assert refused.value.details["allowed"] == [6]


def test_template_of_a_profile_adds_digits_to_the_level_above():
    levels = [
        {"key": "district", "digits": 6, "under": ""},
        {"key": "subdistrict", "digits": 2, "under": "district"},
        {"key": "cell", "digits": [2, 3], "under": "subdistrict"},
    ]
    template = CodeTemplate.of({"level": levels})
    assert template.lengths[Level.SUBDISTRICT] == (8,)
    assert template.lengths[Level.CELL] == (10, 11)


def test_parent_of_a_district_is_the_city_in_either_writing():
    stems = CodeTemplate().parent_stems(Level.DISTRICT, "110105")
    assert {stem for _, stem in stems} == {"1101", "110100"}
