"""Assignments keep every rule, beat the nearest-first way, and say why."""

from __future__ import annotations

import itertools
import random
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.dispatching import Task, Unit, Weights, assign, explain, explain_one
from cityloop.engines.dispatching.planning import plan_of
from cityloop.engines.dispatching.searching import nearest_first
from cityloop.engines.dispatching.solving import has_solver
from cityloop.kernel.errors import DomainError

SKILLS = ("gas", "boat", "lift")
places = st.integers(-3000, 3000)
tasks = st.builds(
    Task,
    key=st.uuids().map(str),
    x=places,
    y=places,
    due=st.one_of(st.none(), st.integers(5, 240)),
    minutes=st.integers(0, 40),
    priority=st.integers(1, 4),
    skills=st.frozensets(st.sampled_from(SKILLS), max_size=2),
)
units = st.builds(
    Unit,
    key=st.uuids().map(str),
    x=places,
    y=places,
    speed=st.sampled_from((75.0, 200.0)),
    skills=st.frozensets(st.sampled_from(SKILLS)),
    free_in=st.integers(0, 60),
    shift_left=st.integers(0, 300),
    most=st.integers(0, 4),
)


def _city(seed: int, many: int = 40, units: int = 8) -> tuple[list[Task], list[Unit]]:
    dice = random.Random(seed)

    def place() -> tuple[float, float]:
        return dice.uniform(0, 4000), dice.uniform(0, 4000)

    return (
        [
            Task(
                f"t{n}",
                *place(),
                due=dice.choice((30, 60, 120, None)),
                minutes=dice.choice((10, 20)),
                priority=dice.choice((1, 2, 3, 3, 4)),
                skills=frozenset({"gas"}) if dice.random() < 0.2 else frozenset(),
            )
            for n in range(many)
        ],
        [
            Unit(f"u{n}", *place(), speed=200, skills=frozenset({"gas"} if n % 3 == 0 else ()))
            for n in range(units)
        ],
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(tasks, max_size=8), st.lists(units, max_size=5))
def test_every_rule_holds_and_every_task_is_accounted_for(given_tasks, given_units) -> None:
    found = assign(given_tasks, given_units)
    kinds = {t.key: t for t in given_tasks}
    assert set(found.routes) == {u.key for u in given_units}
    done = list(itertools.chain.from_iterable(found.routes.values()))
    assert sorted([*done, *found.undone]) == sorted(kinds)
    for unit in given_units:
        route = found.routes[unit.key]
        assert len(route) <= unit.most
        assert all(kinds[key].skills <= unit.skills for key in route)
        times = [found.reached[key] for key in route]
        assert times == sorted(times)
        if route:
            assert times[0] >= unit.free_in
            assert times[-1] + kinds[route[-1]].minutes <= unit.shift_left + 0.01
    for key, why in found.undone.items():
        able = [u for u in given_units if kinds[key].skills <= u.skills]
        assert (why in {"nobody", "skills"}) == (not able)
        room = [u for u in able if len(found.routes[u.key]) < u.most]
        assert why != "cost" or room


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_assignment_costs_less_than_nearest_first(seed: int) -> None:
    city = _city(seed)
    plan = plan_of(*city)
    assert assign(*city).cost < 0.9 * plan.total(nearest_first(plan))


def test_small_problem_is_solved_as_by_trying_everything() -> None:
    city = _city(5, many=5, units=2)
    plan = plan_of(*city)
    best = np.inf
    for owners in itertools.product((0, 1), repeat=5):
        split = [[n for n in range(5) if owners[n] == unit] for unit in (0, 1)]
        ways = [min(map(list, itertools.permutations(s)), key=lambda r, u=u: plan.cost(u, r))
                for u, s in enumerate(split)]  # fmt: skip
        best = min(best, plan.total(ways))
    assert assign(*city).cost <= best * 1.05


@pytest.mark.skipif(not has_solver(), reason="OR-tools (extra `ai`) is not installed")
def test_solver_is_never_worse_than_the_search_and_keeps_what_is_started() -> None:
    given_tasks, given_units = _city(4)
    given_tasks[0] = Task("t0", 3900, 3900, unit="u1", started=True)
    plain = assign(given_tasks, given_units)
    better = assign(given_tasks, given_units, seconds=1.0)
    assert better.cost <= plain.cost
    assert better.routes["u1"][0] == plain.routes["u1"][0] == "t0"
    given_units[1] = Unit("u1", 0, 0, shift_left=5)  # goes on beyond the shift; nothing is added
    late = assign(given_tasks, given_units, seconds=1.0)
    assert late.routes["u1"] == ("t0",)
    assert late.cost <= assign(given_tasks, given_units).cost


def test_same_input_gives_the_same_assignment() -> None:
    assert assign(*_city(6)) == assign(*_city(6))


def test_what_is_started_stays_even_beyond_the_shift_and_gets_nothing_more() -> None:
    found = assign(
        [Task("on", 9000, 0, unit="u", started=True, skills=frozenset({"x"})), Task("b", 0, 0)],
        [Unit("u", 0, 0, shift_left=10)],
    )
    assert found.routes == {"u": ("on",)}
    assert found.undone in ({"b": "shift"}, {"b": "cost"})


def test_reoptimising_keeps_most_tasks_where_they_were() -> None:
    given_tasks, given_units = _city(7)
    before = assign(given_tasks, given_units)
    again = [
        Task(t.key, t.x, t.y, t.due, t.minutes, t.priority, t.skills, before.unit_of(t.key))
        for t in given_tasks
    ] + [Task("new", 100, 100, due=30, priority=1)]
    after = assign(again, given_units)
    moved = [t.key for t in given_tasks if before.unit_of(t.key) != after.unit_of(t.key)]
    free = assign([*given_tasks, again[-1]], given_units, weights=Weights(change=0))
    churn = [t.key for t in given_tasks if before.unit_of(t.key) != free.unit_of(t.key)]
    assert after.unit_of("new")
    assert len(moved) <= min(len(churn), 3)


def test_urgent_task_takes_the_place_of_one_that_weighs_less() -> None:
    small = Task("small", 100, 0, priority=4, unit="only")
    urgent = Task("urgent", 900, 0, priority=1, due=20)
    found = assign([small, urgent], [Unit("only", 0, 0, most=1)])
    assert (found.routes, found.undone) == ({"only": ("urgent",)}, {"small": "capacity"})


def test_without_the_solver_the_search_alone_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.constraint_solver", None)
    monkeypatch.setitem(sys.modules, "ortools.constraint_solver.pywrapcp", None)
    found = assign(*_city(9), seconds=5.0)
    assert found.by == "search"
    assert found == assign(*_city(9))


def test_explanation_names_time_reasons_and_the_next_best() -> None:
    given_tasks = [Task("leak", 0, 0, due=20, priority=1, skills=frozenset({"gas"}))]
    given_units = [
        Unit("near", 300, 0, skills=frozenset({"gas"})),
        Unit("far", 900, 0, skills=frozenset({"gas"})),
        Unit("beside", 10, 0),
    ]
    (choice,) = explain(assign(given_tasks, given_units), given_tasks, given_units)
    assert choice.unit == "near"
    assert {r.code for r in choice.reasons} >= {"reached", "on_time", "skills", "able"}
    assert [name for name, _ in choice.others] == ["far"]
    assert choice.others[0][1] == pytest.approx(600 * 1.3 / 75, abs=0.1)


def test_one_task_is_explained_as_among_all() -> None:
    city = _city(8)
    found = assign(*city)
    every = explain(found, *city)
    assert [explain_one(c.task, found, *city) for c in every[::7]] == list(every[::7])


TASK = Task("t", 0, 0, minutes=30, priority=1)


@pytest.mark.parametrize(
    ("given_tasks", "given_units", "first", "why"),
    [
        ([TASK], [], None, "nobody"),
        ([Task("t", 0, 0, skills=frozenset({"boat"}))], [Unit("u", 0, 0)], None, "skills"),
        ([TASK], [Unit("u", 0, 0)], [[np.inf]], "far"),
        ([TASK], [Unit("u", 0, 0, shift_left=10)], None, "shift"),
        ([TASK], [Unit("u", 0, 0, most=0)], None, "capacity"),
        (
            [TASK, Task("on", 0, 0, minutes=50, unit="u", started=True)],
            [Unit("u", 0, 0, shift_left=60)], None, "full",
        ),
        (
            [Task("t", 0, 0, due=0, priority=4)],
            [Unit("u", 50_000, 0, shift_left=9e3)], None, "cost",
        ),
    ],
)  # fmt: skip
def test_undone_task_says_which_wall_it_met(given_tasks, given_units, first, why: str) -> None:
    found = assign(given_tasks, given_units, first=first)
    assert found.undone == {"t": why}
    choice = explain(found, given_tasks, given_units, first=first)[0]
    assert choice.unit is None
    ((code, zh, en),) = [(r.code, r.zh, r.en) for r in choice.reasons]
    assert code == why
    assert zh.isascii() is False
    assert en.isascii()


def test_task_goes_to_somebody_far_when_all_who_are_near_have_no_time() -> None:
    near = [Unit(f"near{n}", n, 0, shift_left=5) for n in range(40)]
    found = assign([Task("t", 0, 0)], [*near, Unit("far", 3000, 0)])
    assert found.unit_of("t") == "far"


@pytest.mark.parametrize(
    ("given_tasks", "given_units", "code"),
    [
        ([Task("a", 0, 0), Task("a", 1, 1)], [], "dispatching.key"),
        ([Task("a", float("nan"), 0)], [], "dispatching.number"),
        ([Task("a", 0, 0, priority=5)], [], "dispatching.number"),
        ([], [Unit("u", 0, 0, speed=0)], "dispatching.number"),
        ([], [Unit("u", 0, 0, shift_left=float("nan"))], "dispatching.number"),
        ([], [Unit("u", 0, 0, most=float("nan"))], "dispatching.number"),
        ([Task("a", 0, 0, unit="gone", started=True)], [Unit("u", 0, 0)], "dispatching.unit"),
    ],
)
def test_bad_input_is_refused_by_name(given_tasks, given_units, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        assign(given_tasks, given_units)
    assert refused.value.code == code


def test_matrices_of_another_shape_or_without_a_time_are_refused() -> None:
    with pytest.raises(DomainError, match="units x tasks"):
        assign([Task("a", 0, 0)], [Unit("u", 0, 0)], first=np.zeros((2, 2)))
    for wrong in (np.nan, -1.0):
        with pytest.raises(DomainError, match="below 0 or no number"):
            assign([Task("a", 0, 0)], [Unit("u", 0, 0)], first=np.full((1, 1), wrong))
