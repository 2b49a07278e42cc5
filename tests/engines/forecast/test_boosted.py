"""Trees correct what level × week cannot know, honestly, and only where they were better before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.forecast import Outlook, boosted, check_blind, day_kinds, outlook
from cityloop.engines.forecast.boosted import corrected, has_trees, share_of_trees
from cityloop.engines.forecast.counts import Counts
from cityloop.kernel.errors import DomainError
from tests.engines.forecast.made import FIRST

DAYS = 330
KINDS = day_kinds(FIRST, DAYS + 10)
TOPICS = np.arange(2)
needs_trees = pytest.mark.skipif(not has_trees(), reason="LightGBM (extra `ai`) is not installed")


def echoing(days: int = DAYS) -> Counts:
    """A day is busy exactly when its last-but-three was: nothing a level and a week can know."""
    dice = np.random.default_rng(4)
    busy = np.zeros(days, dtype=bool)
    busy[:3] = [True, False, False]
    for day in range(3, days):
        busy[day] = busy[day - 3] ^ (dice.random() < 0.03)
    return dice.poisson(np.where(busy, 40.0, 8.0)[:, None] * [1.0, 0.6]).astype(np.int64)


@needs_trees
def test_trees_are_chosen_where_they_were_better_and_err_less_from_then_on() -> None:
    counts = echoing()
    plain = outlook(counts, KINDS, TOPICS, start=280, stop=DAYS)
    chosen = outlook(counts, KINDS, TOPICS, start=280, stop=DAYS, trees="chosen")
    assert chosen.trees.max() == 1.0
    error = [np.abs(counts[280:] - one.median).mean() for one in (plain, chosen)]
    assert error[1] < 0.7 * error[0]
    same = outlook(counts, KINDS, TOPICS, start=280, stop=DAYS, trees="chosen")
    assert np.array_equal(chosen.mean, same.mean)


@needs_trees
def test_trees_see_nothing_after_the_day_a_forecast_is_made() -> None:
    def run(given: Counts) -> Outlook:
        return outlook(given, KINDS, TOPICS, start=280, stop=DAYS, trees="chosen")

    for known in (281, 300, DAYS - 1):
        check_blind(run, echoing(), days_known=known, horizon=2)


@needs_trees
def test_a_feature_from_the_future_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = boosted._features

    def peeking(counts, plain, kinds, topics, **rows):  # type: ignore[no-untyped-def]
        shown = honest(counts, plain, kinds, topics, **rows)
        shown[: DAYS - rows["begin"], :, 0] = counts[rows["begin"] :]
        return shown

    monkeypatch.setattr(boosted, "_features", peeking)
    with pytest.raises(DomainError, match="leak"):
        test_trees_see_nothing_after_the_day_a_forecast_is_made()


def test_without_lightgbm_nothing_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boosted, "has_trees", lambda: False)
    counts = echoing()
    chosen = outlook(counts, KINDS, TOPICS, start=300, stop=DAYS, trees="chosen")
    plain = outlook(counts, KINDS, TOPICS, start=300, stop=DAYS)
    assert not chosen.trees.any()
    assert np.allclose(chosen.mean, plain.mean)


def test_a_young_history_grows_no_trees() -> None:
    counts = echoing(120).astype(float)
    plain = np.full((120, 2), 10.0)
    found = corrected(counts, plain, KINDS, TOPICS, begin=16, start=100, stop=120, horizon=2)
    assert np.isnan(found).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from((0.0, 0.6, 1.0)))
def test_noise_is_rarely_and_truth_always_chosen(seed: int, true: float) -> None:
    dice = np.random.default_rng(seed)
    plain = np.full((200, 4), 12.0)
    mean = plain * np.exp(dice.normal(0, 0.5, (200, 1)))
    mixed = plain * (1 - true) + mean * true
    counts = dice.poisson(mixed).astype(float)
    share = share_of_trees(counts, plain, mean, known=200)
    assert share in ({0.0} if true == 0 else {0.5, 1.0})
    assert share_of_trees(counts, plain, mean, known=50) == 0.0, "too few days to tell"
