"""Exercises made from a small stock, judged by rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.business.cases.domain import MOVES
from cityloop.hub.practice.domain import (
    SETS,
    Answer,
    Item,
    MatterOf,
    Stock,
    Story,
    judge,
    make_items,
    missing,
    offered,
)
from cityloop.hub.practice.domain.judging import GOOD, JUDGES
from cityloop.hub.practice.domain.making import ALSO
from cityloop.kernel.errors import DomainError

PLACE = ("永宁社区", "Yongning")


def matter(key: str, seq: int) -> MatterOf:
    number = int(key[1:]) * 10
    rows = tuple(
        (number + n, (f"条件{n}", f"condition {n}"), (f"{n} 小时", f"{n} hours")) for n in (1, 2)
    )
    row_id, said, limit = rows[seq - 1]
    return MatterOf(
        class_key=key, name=("井盖", "cover"), condition_id=row_id, condition=said, limit=limit,
        evidence="photo", conditions=rows, lead="water", co=("municipal",), decided_by="duty",
    )  # fmt: skip


def story(role: str, name: str) -> Story:
    two = ("{place}的事", "a matter in {place}")
    return Story(
        role, name, two, class_key="" if name == "not_ours" and role == "acceptor" else "C0101",
        seq=1, reason="its_reason", unit="water", wrong="greening", told=("{place}东侧", "east"),
        other=("{place}同一处", "the same"), another=("{place}别处", "another"),
    )  # fmt: skip


NAMES = {(role, s) for role, stories in SETS.items() for s in stories}
NAMES |= {("acceptor", "doubtful"), ("grid_worker", "still")}
STOCK = Stock(
    stories=[story(role, name) for role, name in sorted(NAMES) for _ in range(2)],
    matters={("C0101", 1): matter("C0101", 1), ("C0201", 1): matter("C0201", 1)},
    places=[PLACE],
    departments={"water": ("水务", "water"), "municipal": ("市政", "municipal"),
                 "greening": ("园林", "greening")},
)  # fmt: skip
# Two dispatcher stories of one name may be equal rows; tell them apart.
STOCK = replace(STOCK, stories=[replace(s, site=(str(n), "")) for n, s in enumerate(STOCK.stories)])


def item(role: str, name: str) -> Item:
    return next(
        i for seed in range(60) for i in make_items(role, STOCK, seed=seed) if i.story == name
    )


def right(i: Item) -> Answer:
    """The good answer with everything it needs."""
    return Answer(
        GOOD[f"{i.role}/{i.story}"], reason="因为", reason_key=i.reason, text="已办",
        condition_id=i.condition_id, target=i.target, lead=i.lead, co=i.co, photo=True,
    )  # fmt: skip


def test_every_story_has_a_judge_and_a_good_move() -> None:
    names = {f"{role}/{s}" for role, stories in SETS.items() for s in stories}
    names |= {"acceptor/doubtful", "grid_worker/still"}
    assert names == set(JUDGES) == set(GOOD)
    assert set(ALSO) <= {s for stories in SETS.values() for s in stories}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_the_good_answer_is_offered_taken_and_good(name: str) -> None:
    role, _, what = name.partition("/")
    found = replace(item(role, what), called=True)
    answer = right(found)

    assert answer.move in [m.name for m in offered(found)]
    assert missing(found, answer) is None
    assert judge(found, answer).mark == "good"


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_other_move_is_worse_and_says_why(name: str) -> None:
    role, _, what = name.partition("/")
    found = replace(item(role, what), called=True)
    for move in offered(found):
        if move.name == GOOD[name]:
            continue
        verdict = judge(found, replace(right(found), move=move.name))
        assert verdict.mark == "wrong", move.name
        assert all(verdict.why) and all(verdict.better)


def test_offers_are_rows_of_the_move_table() -> None:
    assert {m.name for m in offered(item("acceptor", "plain"))} == {
        "ask_check", "file", "reject", "merge",
    }  # fmt: skip
    assert {m.name for m in offered(item("grid_worker", "done"))} == {"pass", "fail"}
    assert all(m is MOVES[m.name] for m in offered(item("handler", "long")))


def test_the_platform_would_refuse_what_lacks_a_need() -> None:
    ready = item("handler", "ready")
    assert missing(ready, replace(right(ready), photo=False))[1].startswith("the photo")  # type: ignore[index]
    assert missing(ready, replace(right(ready), text=" ")) == ("情况说明", "a description")
    nowhere = item("acceptor", "no_place")
    assert "place" in (missing(nowhere, right(nowhere)) or ("", ""))[1]
    assert missing(replace(nowhere, called=True), right(nowhere)) is None


def test_a_wrong_condition_is_fair_for_a_lamp_and_wrong_where_somebody_may_be_hurt() -> None:
    for name, mark in (("plain", "fair"), ("danger", "wrong")):
        found = item("acceptor", name)
        assert judge(found, replace(right(found), condition_id=0)).mark == mark


def test_merging_into_the_neighbour_is_wrong() -> None:
    found = item("acceptor", "duplicate")
    numbers = [value for value, _, _ in found.told.beside]
    assert found.target in numbers and len(numbers) == 2
    other = next(n for n in numbers if n != found.target)
    assert judge(found, replace(right(found), target=other)).mark == "wrong"


def test_dispatching_without_the_co_handlers_is_fair() -> None:
    found = item("dispatcher", "together")
    assert judge(found, replace(right(found), co=())).mark == "fair"
    assert judge(found, replace(right(found), lead="greening")).mark == "wrong"


def test_another_reason_than_the_fitting_one_is_fair() -> None:
    found = item("grid_worker", "half")
    assert judge(found, replace(right(found), reason_key="another")).mark == "fair"
    assert judge(found, replace(right(found), reason_key="")).mark == "good"


@given(st.integers(0, 2**31), st.sampled_from(sorted(SETS)))
def test_a_seed_gives_one_exercise_that_survives_being_kept(seed: int, role: str) -> None:
    import json

    first, again = make_items(role, STOCK, seed=seed), make_items(role, STOCK, seed=seed)
    assert first == again
    assert len(first) == len(SETS[role])
    kept = json.loads(json.dumps([i.as_dict() for i in first]))
    assert [Item.of(row) for row in kept] == first
    assert "{place}" not in str(first)


def test_a_city_without_material_is_told_which_story_is_missing() -> None:
    poor = replace(STOCK, matters={})
    with pytest.raises(DomainError) as refused:
        make_items("dispatcher", poor, seed=1)
    assert refused.value.code == "practice.no_material"
    with pytest.raises(DomainError) as refused:
        make_items("mayor", STOCK, seed=1)
    assert refused.value.code == "practice.no_role"
