from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.forecast import (
    Trigger,
    at_level,
    count_days,
    day_kinds,
    days_off,
    learned_effects,
    multipliers,
    small_ones_together,
)
from cityloop.engines.forecast.calibrate import average_precision, fitted_scale, scaled
from cityloop.engines.forecast.spread import above, quantile
from cityloop.kernel.errors import DomainError
from tests.engines.forecast.made import FIRST, city


def test_rows_become_days_without_holes() -> None:
    monday = date(2024, 3, 4)
    found = count_days(
        [monday, monday + timedelta(days=2), monday], ["a", "a", "b"], ["x"] * 3, [2, 1, 4],
        [9, 10, 23], until=monday + timedelta(days=3),
    )  # fmt: skip
    assert found.cells == (("a", "x"), ("b", "x"))
    assert found.counts.tolist() == [[2, 4], [0, 0], [1, 0], [0, 0]]
    assert found.hourly is not None
    assert found.hourly[0, 9, 0] == 2
    assert found.hourly.sum(axis=1).tolist() == found.counts.tolist()
    assert at_level(found, "city").counts.ravel().tolist() == [6, 0, 1, 0]


def test_what_lies_before_a_gap_is_left_out_and_told() -> None:
    days = [date(2011, 7, 1), *(date(2015, 1, 1) + timedelta(days=n) for n in range(5))]
    found = count_days(days, ["a"] * 6, ["x"] * 6, [100, 1, 1, 1, 1, 1])
    assert (found.first_day, found.days) == (date(2015, 1, 1), 5)
    assert "100 reports" in found.remarks[0]


def test_no_rows_and_negative_counts_are_refused() -> None:
    with pytest.raises(DomainError, match="no_rows"):
        count_days([], [], [], [])
    with pytest.raises(DomainError, match="negative"):
        count_days([FIRST], ["a"], ["x"], [-1])


def test_small_cells_are_taken_together_and_nothing_is_lost() -> None:
    made = city(60, per_day=3.0)
    joined = small_ones_together(made, 8.0)
    assert joined.counts.sum() == made.counts.sum()
    assert any("*" in cell for cell in joined.cells)
    assert "taken together" in joined.remarks[-1]


def test_what_only_the_tested_days_show_as_large_stays_small() -> None:
    made = city(60, per_day=3.0)
    late = made.counts.copy()
    late[:40, 0] = 0
    late[40:, 0] = 500
    counts = replace(made, cells=(("new", "new"), *made.cells[1:]), counts=late)
    assert ("new", "new") in small_ones_together(counts, 8.0).cells
    known = small_ones_together(counts, 8.0, known_days=40)
    assert not any("new" in cell for cell in known.cells)
    assert known.counts.sum() == late.sum()


def test_days_off_count_as_sundays_and_swapped_ones_as_mondays() -> None:
    off, swapped = days_off("cn", [2024])
    assert date(2024, 10, 1) in off
    assert date(2024, 9, 29) in swapped  # a Sunday worked
    kinds = day_kinds(date(2024, 9, 28), 4, off=off, swapped=swapped)
    assert kinds.tolist() == [5, 0, 0, 6]
    assert {date(2015, 7, 3), date(2015, 11, 26), date(2015, 5, 25)} < days_off("us", [2015])[0]
    with pytest.raises(DomainError, match=r"forecast\.holidays"):
        days_off("xx", [2024])


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 300), st.floats(1.0, 12.0), st.floats(0.05, 0.95))
def test_a_quantile_is_the_first_number_not_exceeded_often(
    mu: float, phi: float, share: float
) -> None:
    found = quantile(share, np.array([mu]), np.array([phi]))
    at, below = (above(found - step, np.array([mu]), np.array([phi]))[0] for step in (0.0, 1.0))
    assert at <= 1 - share + 1e-9
    assert below > 1 - share - 1e-9


def test_chances_agree_with_drawn_numbers() -> None:
    rng = np.random.default_rng(3)
    mu, phi = 20.0, 4.0
    drawn = rng.poisson(rng.gamma(mu / (phi - 1), phi - 1, 200_000))
    assert drawn.var() / drawn.mean() == pytest.approx(phi, rel=0.02)
    assert above(np.array([29.0]), np.array([mu]), np.array([phi]))[0] == pytest.approx(
        (drawn > 29).mean(), abs=0.004
    )


def test_scaling_makes_overconfident_chances_honest() -> None:
    rng = np.random.default_rng(4)
    true = rng.uniform(0.05, 0.4, 4_000)
    happened = rng.random(4_000) < true
    said = np.clip(true * 2, 0, 0.99)
    honest = scaled(said, fitted_scale(said, happened))
    assert abs(honest.mean() - happened.mean()) < 0.01
    assert abs(said.mean() - happened.mean()) > 0.1


def test_average_precision_of_a_known_order() -> None:
    chance, hit = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False])
    assert average_precision(chance, hit) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.ones(4), hit) == pytest.approx(0.5)


def test_a_trigger_learns_what_it_did_before() -> None:
    made = city(200)
    rain = [Trigger("rain", FIRST + timedelta(days=n), FIRST + timedelta(days=n),
                    topics=frozenset({"t0"})) for n in range(60, 190, 9)]  # fmt: skip
    counts = made.counts.astype(np.float64)
    expected = np.maximum(counts, 1.0)
    touched = [c for c, (_, topic) in enumerate(made.cells) if topic == "t0"]
    for trigger in rain:
        counts[(trigger.first_day - FIRST).days, touched] *= 3
    effects = learned_effects(counts, expected, made.cells, FIRST, rain)
    assert effects["rain", "t0"].multiplier == pytest.approx(3.0, abs=0.3)
    assert effects["rain", "t0"].days == len(rain)
    ahead = Trigger("rain", FIRST + timedelta(days=201), FIRST + timedelta(days=201),
                    topics=frozenset({"t0"}), guess=1.5)  # fmt: skip
    found = multipliers([ahead], effects, made.cells, FIRST, 203)
    assert found[201, touched] == pytest.approx(effects["rain", "t0"].multiplier)
    assert (np.delete(found, 201, axis=0) == 1).all()
    unknown = multipliers([ahead], {}, made.cells, FIRST, 203)
    assert unknown[201, touched[0]] == 1.5, "nothing known yet: the guess of who entered it"


def test_a_trigger_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DomainError, match=r"forecast\.trigger"):
        Trigger("rain", FIRST, FIRST - timedelta(days=1))
