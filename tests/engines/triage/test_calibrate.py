from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.triage.calibrate import (
    FEWEST_ACCEPTED,
    NEVER,
    calibration_error,
    fitted_doubt,
    fitted_odds,
    fitted_sharpness,
    pair_from,
    probabilities,
    threshold_for,
    with_odds,
)


def test_fitted_sharpness_finds_the_one_that_made_the_labels() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(20_000, 4))
    chance = probabilities(scores, 2.5)
    truth = (rng.random((20_000, 1)) > chance.cumsum(axis=1)).sum(axis=1).clip(max=3)
    assert fitted_sharpness(scores, truth) == pytest.approx(2.5, rel=0.05)


def test_fitted_doubt_finds_the_share_labelled_against_all_words() -> None:
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(20_000, 5)) * 2
    chance = probabilities(scores, 2.5, 0.1)
    np.testing.assert_allclose(chance.sum(axis=1), 1, atol=1e-5)
    truth = (rng.random((20_000, 1)) > chance.cumsum(axis=1)).sum(axis=1).clip(max=4)
    sharpness, doubt = fitted_doubt(scores, truth)
    assert doubt == 0.1 and sharpness == pytest.approx(2.5, rel=0.05)
    assert fitted_doubt(scores[:200], scores[:200].argmax(axis=1))[1] == pytest.approx(1 / 202)


def test_odds_that_claimed_too_much_are_found_and_put_right() -> None:
    rng = np.random.default_rng(5)
    chance = probabilities(rng.normal(size=(20_000, 30)), 2.0)
    claimed = with_odds(chance, 1.5, 1.4)
    truth = (rng.random((20_000, 1)) > chance.cumsum(axis=1)).sum(axis=1).clip(max=29)
    right = claimed.argmax(axis=1) == truth
    factor, power = fitted_odds(claimed, truth)
    mended = with_odds(claimed, factor, power)
    assert calibration_error(claimed.max(axis=1), right) > 0.05
    assert calibration_error(mended.max(axis=1), right) < 0.01
    assert power == pytest.approx(1 / 1.4, rel=0.1)


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=4, max_size=4), min_size=1, max_size=20),
    st.floats(0.01, 100),
    st.floats(0.05, 5),
)
def test_corrected_odds_keep_the_order_and_add_up_to_one(
    rows: list[list[float]], factor: float, power: float
) -> None:
    given = np.array(rows) + 1e-3
    chance = (given / given.sum(axis=1, keepdims=True)).astype(np.float32)
    found = with_odds(chance, factor, power)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-4)
    assert (found >= 0).all()
    less = chance[:, :, None] < chance[:, None, :]
    assert (found[:, :, None] <= found[:, None, :] + 1e-6)[less].all()


def test_calibration_error_of_known_bins() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False])
    assert calibration_error(confidence, right) == pytest.approx(0.05)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=200))
def test_threshold_reaches_the_accuracy_or_accepts_nothing(rows: list[tuple[int, bool]]) -> None:
    confidence = np.array([level / 20 for level, _ in rows])
    right = np.array([hit for _, hit in rows], dtype=bool)
    threshold = threshold_for(confidence, right, 0.9)
    accepted = confidence >= threshold
    if threshold == NEVER:
        assert not accepted.any()
    else:
        assert accepted.sum() >= FEWEST_ACCEPTED
        assert right[accepted].mean() >= 0.9


def test_threshold_with_too_few_answers_is_never() -> None:
    assert threshold_for(np.full(FEWEST_ACCEPTED - 1, 0.9), np.ones(29, bool), 0.5) == NEVER


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_pairs_keep_the_true_class_as_often_as_asked(seed: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    chance = rng.dirichlet(np.ones(classes), 200)
    truth = np.array([rng.choice(classes, p=row) for row in chance])
    limit = pair_from(chance, truth, kept=0.9)
    order = np.argsort(-chance, axis=1, kind="stable")
    first, second = order[:, 0] == truth, order[:, 1] == truth
    shown = np.sort(chance, axis=1)[:, -2] >= limit
    reachable = (first | second).mean() - 0.005
    assert (first | (second & shown)).mean() >= min(0.9, reachable) - 1e-9


def test_pairs_of_few_texts_are_not_named() -> None:
    assert pair_from(np.full((10, 2), 0.5), np.zeros(10, np.intp)) == NEVER
