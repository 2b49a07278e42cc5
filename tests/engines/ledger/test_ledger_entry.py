"""Canonical bytes and commitments."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.ledger import canonical_bytes, commitment, commitment_opens, entry_bytes
from cityloop.engines.ledger.entry import new_salt
from cityloop.kernel.errors import DomainError

SALT = bytes(range(32))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
)


@given(json_values)
def test_canonical_bytes_survive_a_json_round_trip(value):
    once = canonical_bytes(value)
    assert canonical_bytes(json.loads(once)) == once


def test_canonical_bytes_sort_keys_and_write_big_integers_as_text():
    value = {"b": 2**53 + 1, "a": [2**53, -(2**53) - 1, True, None, "城"], "A": 1.5}
    expected = '{"A":1.5,"a":[9007199254740992,"-9007199254740993",true,null,"城"],'
    assert canonical_bytes(value).decode() == expected + '"b":"9007199254740993"}'


def test_canonical_bytes_keep_compatibility_characters_of_names():
    assert canonical_bytes("\uf9d1") != canonical_bytes("\u516d")


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": [1, float("nan")]}, "$.a[1]"),
        ({"a": float("inf")}, "$.a"),
        ({"d": date(2026, 8, 5)}, "$.d"),
        ({1: "a"}, "$ (key)"),
        ({"s": "\ud800"}, "$.s"),
        ({"b": b"raw"}, "$.b"),
    ],
)
def test_canonical_bytes_of_other_values_are_refused_with_their_place(value, where):
    with pytest.raises(DomainError) as refused:
        canonical_bytes(value)
    assert (refused.value.code, refused.value.where) == ("ledger.not_canonical", where)


def test_commitment_opens_with_its_salt_and_content_only():
    committed = commitment(SALT, {"name": "张三", "phone": "13800138000"})
    assert commitment_opens(committed, SALT, {"phone": "13800138000", "name": "张三"})
    assert not commitment_opens(committed, SALT, {"name": "张四", "phone": "13800138000"})
    assert not commitment_opens(committed, new_salt(), {"name": "张三", "phone": "13800138000"})


def test_commitment_of_text_and_of_mapping_never_coincide():
    assert commitment(SALT, '{"a":1}') != commitment(SALT, {"a": 1})


@pytest.mark.parametrize("length", [0, 15, 65])
def test_commitment_with_unsafe_salt_is_refused(length):
    with pytest.raises(DomainError, match=r"ledger\.salt_length"):
        commitment(bytes(length), "x")


def test_entry_bytes_are_stable():
    entry = entry_bytes({"case": "C1", "action": "filed"}, "ab" * 32)
    expected = '{"commitment":"' + "ab" * 32 + '","public":{"action":"filed","case":"C1"},"v":1}'
    assert entry.decode() == expected


@pytest.mark.parametrize("committed", ["", "AB" * 32, "ab" * 31, "xy" * 32])
def test_entry_with_malformed_commitment_is_refused(committed):
    with pytest.raises(DomainError, match=r"ledger\.commitment_form"):
        entry_bytes({}, committed)
