"""The city's own fields: the quick test never passes what jsonschema refuses."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.city.elements.domain import FieldCheck, KindSpec
from cityloop.kernel.errors import DomainError

SCHEMA = {
    "type": "object",
    "required": ["owner"],
    "additionalProperties": False,
    "properties": {
        "owner": {"type": "string", "minLength": 1, "maxLength": 4},
        "height_m": {"type": "number", "minimum": 0, "maximum": 60},
        "doors": {"type": "integer", "minimum": 1},
        "lit": {"type": "boolean"},
        "state": {"type": "string", "enum": ["new", "old"]},
    },
}
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 70), st.floats(-2, 70), st.text(max_size=6),
    st.sampled_from(["new", "old"]), st.lists(st.integers(), max_size=1),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "other"]), VALUES))
def test_check_decides_as_jsonschema_does(values):
    right = jsonschema.Draft202012Validator(SCHEMA).is_valid(values)
    try:
        FieldCheck(SCHEMA).check(values)
    except DomainError:
        assert not right
    else:
        assert right


@pytest.mark.parametrize(
    ("values", "where", "word"),
    [
        ({}, "properties.owner", "missing"),
        ({"owner": "a", "colour": 1}, "properties.colour", "not known"),
        ({"owner": "a", "height_m": 70}, "properties.height_m", "at most 60"),
        ({"owner": "a", "state": "torn"}, "properties.state", "new, old"),
        ({"owner": "a", "doors": "2"}, "properties.doors", "integer"),
    ],
)
def test_a_refusal_names_field_and_what_is_allowed(values, where, word):
    with pytest.raises(DomainError) as error:
        FieldCheck(SCHEMA).check(values)
    assert error.value.where == where
    assert word in error.value.en
    assert error.value.zh != error.value.en


def test_texts_of_a_table_become_what_the_schema_says():
    check = FieldCheck(SCHEMA)
    texts = {"owner": "7", "height_m": "7.5", "doors": "2", "lit": "是", "state": "new"}
    typed = {name: check.typed(name, text) for name, text in texts.items()}
    assert typed == {"owner": "7", "height_m": 7.5, "doors": 2, "lit": True, "state": "new"}
    assert check.typed("doors", "two") == "two"


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"family": "plant", "zh": "树", "en": "Tree"}, "tree.family"),
        ({"family": "thing", "zh": "树", "en": ""}, "tree.name"),
        (
            {"family": "thing", "zh": "树", "en": "Tree", "component_code": "04"},
            "tree.component_code",
        ),
        (
            {"family": "thing", "zh": "树", "en": "Tree", "inspect_every_days": 0},
            "tree.inspect_every_days",
        ),
        ({"family": "thing", "zh": "树", "en": "Tree", "schema": {"type": "tree"}}, "tree.schema"),
    ],
)
def test_a_kind_that_cannot_be_is_refused_by_its_field(raw, where):
    with pytest.raises(DomainError) as error:
        KindSpec.read("tree", raw)
    assert error.value.where == where
