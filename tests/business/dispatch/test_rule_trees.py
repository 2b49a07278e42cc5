"""Rule trees: what is refused and where, what holds, and that compiling tells the truth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.business.dispatch.domain import (
    Known,
    Matter,
    check_then,
    compile_tree,
)
from cityloop.kernel.errors import DomainError


def a_matter(**given: Any) -> Matter:
    said = {
        "class_key": "E0301",
        "channel": "hotline",
        "local": datetime(2026, 3, 16, 23, 30),
        "areas": frozenset({"990101", "990101001"}),
        "urgency": "normal",
        "words": "夜里施工 too loud",
    }
    return Matter(**(said | given))


def holds(tree: Any, **given: Any) -> bool:
    return compile_tree(tree).holds(a_matter(**given))


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ("E0301", "when"),
        ({}, "when"),
        ({"all": []}, "when.all"),
        ({"all": [], "any": []}, "when"),
        ({"all": [{"field": "klass", "op": "eq", "value": "x"}]}, "when.all[0].field"),
        ({"not": {"field": "class", "op": "between", "value": ["a", "b"]}}, "when.not.op"),
        ({"field": "hour", "op": "in", "value": [22, 24]}, "when.value[1]"),
        ({"field": "hour", "op": "eq", "value": True}, "when.value"),
        ({"field": "hour", "op": "between", "value": [22]}, "when.value"),
        ({"field": "words", "op": "contains_any", "value": []}, "when.value"),
        ({"field": "words", "op": "contains_any", "value": [" "]}, "when.value[0]"),
        ({"field": "class", "op": "eq"}, "when.value"),
        ({"field": "class", "op": "eq", "value": "E0301", "else": 1}, "when.else"),
    ],
)
def test_tree_with_fault_is_refused_at_its_place(tree: Any, where: str) -> None:
    with pytest.raises(DomainError) as refused:
        compile_tree(tree)
    assert (refused.value.code, refused.value.where) == ("rule.invalid", where)


def test_tree_too_deep_is_refused() -> None:
    tree: Any = {"field": "class", "op": "eq", "value": "E0301"}
    for _ in range(20):
        tree = {"not": tree}
    with pytest.raises(DomainError, match="levels"):
        compile_tree(tree)


def test_unknown_class_and_department_are_refused_with_what_is_allowed() -> None:
    known = Known(classes={"E0301"}, departments={"urban"})
    with pytest.raises(DomainError, match="E0301"):
        compile_tree({"field": "class", "op": "in", "value": ["E9999"]}, known)
    with pytest.raises(DomainError, match="urban") as refused:
        check_then({"lead": "urbane"}, known)
    assert refused.value.where == "then.lead"


def test_prefix_that_fits_no_class_is_refused() -> None:
    with pytest.raises(DomainError):
        compile_tree({"field": "class", "op": "starts_with", "value": "X"}, Known({"E0301"}))


def test_outcome_that_decides_nothing_is_refused() -> None:
    with pytest.raises(DomainError):
        check_then({"lead": "", "co": []}, Known())


@pytest.mark.parametrize(
    ("hour", "expected"), [(21, False), (22, True), (0, True), (5, True), (6, False)]
)
def test_between_across_midnight_counts_both_ends(hour: int, expected: bool) -> None:
    tree = {"field": "hour", "op": "between", "value": [22, 5]}
    assert holds(tree, local=datetime(2026, 3, 16, hour)) is expected


def test_area_test_holds_on_every_level_of_the_place() -> None:
    assert holds({"field": "area", "op": "eq", "value": "990101"})
    assert holds({"field": "area", "op": "starts_with", "value": "9901"})
    assert not holds({"field": "area", "op": "eq", "value": "990102"})


def test_matched_names_the_tests_that_held_with_what_was_found() -> None:
    tree = {
        "all": [
            {"field": "class", "op": "in", "value": ["E0301", "E0302"]},
            {"any": [
                {"field": "words", "op": "contains_any", "value": ["施工", "LOUD", "狗"]},
                {"field": "weekday", "op": "eq", "value": 6},
            ]},
        ]
    }  # fmt: skip
    assert compile_tree(tree).matched(a_matter()) == [
        {"field": "class", "op": "in", "found": "E0301"},
        {"field": "words", "op": "contains_any", "found": ["施工", "LOUD"]},
    ]


CLASSES = ["E0301", "E0302", "C0101"]
LEAF = st.one_of(
    st.builds(
        lambda v: {"field": "class", "op": "in", "value": v},
        st.lists(st.sampled_from(CLASSES), min_size=1),
    ),
    st.builds(
        lambda a, b: {"field": "hour", "op": "between", "value": [a, b]},
        st.integers(0, 23),
        st.integers(0, 23),
    ),
    st.just({"field": "words", "op": "contains_any", "value": ["施工"]}),
)
TREES = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.builds(lambda v: {"all": v}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda v: {"any": v}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda v: {"not": v}, inner),
    ),
    max_leaves=8,
)
MATTERS = st.builds(
    lambda key, hour, words: a_matter(
        class_key=key, local=datetime(2026, 3, 16, hour), words=words
    ),
    st.sampled_from([*CLASSES, "E9999", ""]),
    st.integers(0, 23),
    st.sampled_from(["施工", "安静"]),
)


def meaning(tree: Any, matter: Matter) -> bool:
    """The tree read word by word, as a reference."""
    if "all" in tree:
        return all(meaning(t, matter) for t in tree["all"])
    if "any" in tree:
        return any(meaning(t, matter) for t in tree["any"])
    if "not" in tree:
        return not meaning(tree["not"], matter)
    if tree["field"] == "class":
        return matter.class_key in tree["value"]
    if tree["field"] == "hour":
        first, last = tree["value"]
        hour = matter.local.hour
        return first <= hour <= last if first <= last else hour >= first or hour <= last
    return any(word in matter.words for word in tree["value"])


@given(TREES, MATTERS)
def test_compiled_tree_means_what_it_says(tree: Any, matter: Matter) -> None:
    try:
        compiled = compile_tree(tree)
    except DomainError:  # deeper than allowed
        return
    expected = meaning(tree, matter)
    assert compiled.holds(matter) is expected
    if expected and compiled.classes is not None:
        assert matter.class_key in compiled.classes


@given(st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "op", "value"]), inner, max_size=3
        ),
    ),
    max_leaves=10,
))  # fmt: skip
def test_any_json_is_compiled_or_refused_and_never_breaks(tree: Any) -> None:
    try:
        compile_tree(tree).holds(a_matter())
    except DomainError as refused:
        assert refused.where
