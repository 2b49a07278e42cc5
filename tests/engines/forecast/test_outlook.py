from __future__ import annotations

import sys
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.forecast import (
    Outlook,
    check_blind,
    day_kinds,
    evaluate,
    nowcast,
    outlook,
)
from cityloop.engines.forecast.counts import Counts
from cityloop.kernel.errors import DomainError
from tests.engines.forecast.made import FIRST, city

MADE = city()
KINDS = day_kinds(FIRST, MADE.days + 10)


def test_report_of_a_predictable_week_beats_the_naive_forecast() -> None:
    report = evaluate(MADE, KINDS, with_trees=False)
    assert report["trees"].startswith("not asked for")
    assert report["cell"]["mae_ratio"] < 0.8
    assert 0.75 < report["cell"]["within_80"] < 0.95
    assert report["overload"]["times_base"] > 1.5
    assert report["overload"]["calibration_error"] < 0.06
    bands = report["nowcast"]["12"]["reliability"]
    assert all(abs(b["said"] - b["came"]) < 0.15 for b in bands if b["n"] > 50)
    noon, morning = report["nowcast"]["12"], report["nowcast"]["9"]
    assert noon["average_precision"] > max(0.7, morning["average_precision"])
    assert len(report["days_checked_for_leaks"]) == 3


def test_the_next_days_are_forecast_from_all_that_is_known() -> None:
    ahead = outlook(MADE.counts, KINDS, MADE.topics, start=MADE.days + 4, stop=MADE.days + 5,
                    horizon=5)  # fmt: skip
    assert ahead.mean.shape == (1, 9)
    assert (ahead.low <= ahead.median).all()
    assert (ahead.median <= ahead.high).all()
    assert ((ahead.chance > 0) & (ahead.chance < 1)).all()


def test_before_half_a_year_there_is_no_line_and_no_chance() -> None:
    found = outlook(MADE.counts[:150], KINDS, MADE.topics, start=120, stop=151)
    assert np.isnan(found.line).all()
    assert np.isnan(found.chance).all()
    assert not np.isnan(found.mean).any()


def test_a_leak_across_time_is_caught() -> None:
    """A forecaster that peeks at the very day it forecasts, ever so little."""

    def peeking(given: Counts) -> Outlook:
        found = outlook(given, KINDS, MADE.topics, start=200, stop=240)
        found.mean[:] += 1e-6 * given[200:240]
        return found

    with pytest.raises(DomainError) as caught:
        check_blind(peeking, MADE.counts[:240], days_known=210, horizon=2)
    assert caught.value.code == "forecast.leak"


def test_a_leak_of_one_day_is_caught_as_well() -> None:
    """Counts shifted by a day: day D+1 used for day D+2."""

    def shifted(given: Counts) -> Outlook:
        early = np.concatenate([given[1:], given[-1:]])
        return outlook(early, KINDS, MADE.topics, start=200, stop=240)

    with pytest.raises(DomainError, match="leak"):
        check_blind(shifted, MADE.counts[:240], days_known=210, horizon=2)


def test_evaluation_runs_the_leak_check(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["cityloop.engines.forecast.outlook"]
    honest = module._lines

    def leaking(counts: Counts, begin: int, stop: int, horizon: int, least: int) -> np.ndarray:
        return honest(counts, begin, stop, horizon, least) + counts[-1].sum() * 1e-9

    monkeypatch.setattr(module, "_lines", leaking)
    with pytest.raises(DomainError, match="leak"):
        evaluate(MADE, KINDS)


def test_too_few_days_are_refused_with_how_many_are_needed() -> None:
    with pytest.raises(DomainError) as caught:
        outlook(MADE.counts[:12], KINDS, MADE.topics, start=13, stop=14)
    assert caught.value.code == "forecast.short"
    with pytest.raises(DomainError) as caught:
        evaluate(MADE.until(100), KINDS)
    assert caught.value.details["needed"] == 112


def test_a_short_history_is_forecast_with_intervals_wide_enough() -> None:
    held, widths = [], {}
    for days in (15, 28, 56):
        for first in range(0, 230, 23):
            known = MADE.counts[first : first + days]
            said = outlook(known, KINDS[first:], MADE.topics, start=days + 1, stop=days + 2)
            came = MADE.counts[first + days + 1]
            held.append(((came >= said.low[0]) & (came <= said.high[0])).mean())
            widths.setdefault(days, []).append((said.high - said.low).mean())
    assert np.mean(held) > 0.8
    assert np.mean(widths[15]) > np.mean(widths[56])


def test_a_line_of_the_days_known_may_be_asked_for_early() -> None:
    found = outlook(MADE.counts[:40], KINDS, MADE.topics, start=41, stop=42, least_for_line=28)
    assert not np.isnan(found.line).any()
    assert ((found.chance > 0) & (found.chance < 1)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.0, 30.0), st.integers(1, 4))
def test_any_counts_give_ordered_finite_forecasts(seed: int, level: float, cells: int) -> None:
    counts = np.random.default_rng(seed).poisson(level, (80, cells)).astype(np.int64)
    found = outlook(counts, KINDS, np.arange(cells), start=75, stop=82)
    assert np.isfinite(found.mean).all()
    assert (found.mean >= 0).all()
    assert (found.low <= found.median).all()
    assert (found.median <= found.high).all()
    assert found.mean.mean() == pytest.approx(counts.mean(), rel=0.5, abs=0.5)


def test_what_is_seen_by_noon_moves_the_end_of_the_day() -> None:
    assert MADE.hourly is not None
    known = MADE.days - 1
    ahead = outlook(MADE.counts[:known], KINDS, MADE.topics, start=known, stop=known + 1, horizon=1)
    usual = MADE.hourly[known - 84 : known, :12].sum(axis=1).mean(axis=0)
    said = [
        nowcast(MADE.hourly[:known], KINDS[:known], MADE.topics, seen=np.round(usual * times),
                kind=int(KINDS[known]), hour=12, mean=ahead.mean[0], phi=ahead.phi[0],
                line=ahead.line[0])
        for times in (0.0, 1.0, 3.0)
    ]  # fmt: skip
    assert (said[0].mean < said[1].mean).all()
    assert (said[1].mean < said[2].mean).all()
    assert (said[0].chance < said[2].chance).all()
    assert (said[2].low >= said[2].seen).all()
    assert (said[1].share > 0.2).all()
    assert (said[1].share < 0.7).all()


def test_the_evening_knows_how_the_day_ended() -> None:
    assert MADE.hourly is not None
    seen, line = MADE.counts[-1].astype(float), MADE.counts[-1].astype(float) + 5
    ended = nowcast(MADE.hourly[:-1], KINDS[: MADE.days - 1], MADE.topics, seen=seen,
                    kind=int(KINDS[MADE.days - 1]), hour=24, mean=seen + 1,
                    phi=np.full(9, 1.5), line=line)  # fmt: skip
    assert ended.mean == pytest.approx(seen, abs=0.3)
    assert (ended.chance < 0.01).all()
    assert (FIRST + timedelta(days=MADE.days - 1)) == MADE.last_day
