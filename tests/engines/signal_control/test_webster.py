"""Timings: Webster's own example, safety first, never worse than what runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.signal_control import (
    Limits,
    Movement,
    Phase,
    delay_s,
    flow_from_speed,
    time_signals,
)
from cityloop.kernel.errors import DomainError

flows = st.floats(0, 2500)
phases = st.lists(
    st.builds(
        Phase,
        st.text("ab", min_size=1, max_size=3),
        st.lists(
            st.builds(Movement, st.just("m"), flows, st.just(1800.0)), min_size=1, max_size=3
        ).map(tuple),
        st.sampled_from((0.0, 8.0, 16.0)),
    ),
    min_size=2,
    max_size=4,
)


def _two(north: float, east: float, crossing: float = 0.0) -> list[Phase]:
    return [
        Phase("north-south", (Movement("n", north),), crossing),
        Phase("east-west", (Movement("e", east),), crossing),
    ]


def test_cycle_and_greens_follow_the_published_formula() -> None:
    limits = Limits(all_red_s=0, start_loss_s=5, yellow_s=5, least_green_s=5, shortest_cycle_s=20)
    plan = time_signals(_two(600, 450), limits=limits)
    ratio = 600 / 1800 + 450 / 1800
    assert plan.cycle_s == int(np.ceil((1.5 * 10 + 5) / (1 - ratio)))
    assert plan.greens_s[0] / plan.greens_s[1] == pytest.approx(600 / 450, rel=0.08)


@settings(max_examples=150, deadline=None)
@given(phases, st.none() | st.lists(st.integers(1, 200), min_size=4, max_size=4))
def test_safety_and_sums_hold_for_any_flow_and_any_present(given_phases, present) -> None:
    limits = Limits()
    now = None if present is None else present[: len(given_phases)]
    plan = time_signals(given_phases, limits=limits, present=now)
    for phase, stage in zip(given_phases, plan.stages, strict=True):
        assert stage.green_s >= limits.green_for(phase)
        assert stage.green_s >= phase.crossing_m / limits.walking_m_s
        assert stage.yellow_s == 3
        assert stage.all_red_s == 2
        assert 0 <= stage.load < np.inf
    assert sum(plan.greens_s) + 5 * len(given_phases) == plan.cycle_s <= limits.longest_cycle_s
    assert np.isfinite(plan.delay_s)
    assert plan.delay_s >= 0


@settings(max_examples=60, deadline=None)
@given(phases, st.lists(st.integers(27, 32), min_size=4, max_size=4))  # 150 s at most
def test_plan_is_never_worse_than_safe_present_timings(given_phases, present) -> None:
    now = present[: len(given_phases)]
    plan = time_signals(given_phases, present=now)
    assert plan.before_s is not None
    assert plan.delay_s <= plan.before_s + 0.01


def test_uneven_flows_gain_over_equal_greens() -> None:
    plan = time_signals(_two(900, 200), present=[30, 30])
    assert plan.before_s is not None
    assert plan.delay_s < 0.8 * plan.before_s


def test_delay_agrees_with_a_simulated_queue() -> None:
    """Vehicles one by one, Poisson arrivals, saturation headways: near, the formula the higher."""
    given_phases = _two(500, 400)
    plan = time_signals(given_phases)
    dice = np.random.default_rng(5)
    total = count = 0.0
    start = 0.0
    for phase, stage in zip(given_phases, plan.stages, strict=True):
        limits = Limits()
        effective = stage.green_s + limits.change_s - limits.lost_s
        arrivals = np.cumsum(dice.exponential(3600 / phase.movements[0].flow, 20_000))
        ready = 0.0
        for at in arrivals:
            moment = max(at, ready)
            inside = (moment - start - limits.start_loss_s) % plan.cycle_s
            if inside > effective:
                moment += plan.cycle_s - inside
            ready = moment + 2.0
            total, count = total + moment - at, count + 1
        start += stage.green_s + limits.change_s
    assert 0.7 * plan.delay_s < total / count < 1.05 * plan.delay_s


def test_long_crossing_makes_the_green_long_enough_for_old_people() -> None:
    plan = time_signals(_two(50, 50, crossing=28.0))
    assert plan.greens_s == (30, 30)  # 7 s of walk, 28 m at 1 m/s, less yellow and all red
    assert "least_green" in [code for code, *_ in plan.remarks]


def test_too_much_traffic_is_said_and_gets_the_longest_cycle() -> None:
    plan = time_signals(_two(1700, 1500))
    assert plan.cycle_s == Limits().longest_cycle_s
    assert "full" in [code for code, *_ in plan.remarks]


@pytest.mark.parametrize(
    ("given_phases", "code"),
    [
        ([Phase("one", (Movement("a", 1),))], "signals.phases"),
        (_two(-1, 10), "signals.flow"),
        (_two(float("nan"), 10), "signals.flow"),
        (_two(float("inf"), 10), "signals.flow"),
        ([Phase("a", (Movement("m", 1, 0),))] * 2, "signals.flow"),
        ([Phase("a", (Movement("m", 1, -1800),))] * 2, "signals.flow"),
        (_two(10, 10, crossing=200), "signals.limits"),
        (_two(10, 10, crossing=float("nan")), "signals.crossing"),
        (_two(10, 10, crossing=-5), "signals.crossing"),
        ([], "signals.phases"),
        ([Phase("a", ()), Phase("b", (Movement("a", 1),))], "signals.phases"),
    ],
)
def test_bad_junction_is_refused(given_phases: list[Phase], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        time_signals(given_phases)
    assert refused.value.code == code


def test_flow_from_speed_is_highest_at_half_the_free_speed() -> None:
    speeds = np.linspace(0, 70, 71)
    flow = flow_from_speed(speeds, free_speed=70, lanes=2)
    assert flow[0] == flow[-1] == 0
    assert int(np.argmax(flow)) == 35
    assert np.isnan(flow_from_speed([np.nan], free_speed=70)).all()
    with pytest.raises(DomainError, match="free speed"):
        flow_from_speed([10], free_speed=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"walking_m_s": 0.0}, {"walking_m_s": float("nan")}, {"yellow_s": 0.0}, {"all_red_s": -1.0},
        {"shortest_cycle_s": 200}, {"longest_cycle_s": 0}, {"walk_s": float("nan")},
    ],
)  # fmt: skip
def test_limits_that_no_junction_has_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DomainError) as refused:
        time_signals(_two(10, 10, crossing=16), limits=Limits(**wrong))  # type: ignore[arg-type]
    assert refused.value.code == "signals.limits"


def test_junction_without_any_traffic_gets_the_shortest_safe_cycle() -> None:
    plan = time_signals(_two(0, 0, crossing=16))
    assert (plan.cycle_s, plan.delay_s) == (Limits().green_for(_two(0, 0, 16)[0]) * 2 + 10, 0)


def test_better_but_too_long_present_cycle_is_not_kept() -> None:
    short = Limits(longest_cycle_s=60)
    plan = time_signals(_two(840, 820), present=[50, 49], limits=short)
    assert plan.before_s is not None
    assert plan.before_s < plan.delay_s
    assert plan.cycle_s == 60


def test_delay_grows_with_flow() -> None:
    low, high = delay_s(_two(100, 100), [30, 30]), delay_s(_two(700, 700), [30, 30])
    assert low < high


def test_unsafe_present_timing_is_said_and_of_another_length_refused() -> None:
    plan = time_signals(_two(300, 300, crossing=20), present=[12, 12])
    assert "unsafe_present" in [code for code, *_ in plan.remarks]
    for present in ([12], [12, -12], [12, 0], [12, float("nan")], [12.5, 30]):
        with pytest.raises(DomainError) as refused:
            time_signals(_two(300, 300), present=present)  # type: ignore[arg-type]
        assert refused.value.code == "signals.present"
