from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import Ridge

from cityloop.engines.triage import solve


@pytest.fixture
def problem() -> tuple[sp.csr_matrix, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    rows = sp.random(60, 90, density=0.2, random_state=5, format="csr")
    return rows, rng.normal(size=(60, 3)), rng.uniform(0.2, 2, 60), np.arange(60) % 5


def fit(rows, target, ridge, fold):  # type: ignore[no-untyped-def]
    """The second of two ridges, or the one there is among many texts."""
    many = rows.shape[0] > solve.DIRECT_LIMIT
    return list(solve.fits(rows, target, [ridge] if many else [ridge * 3, ridge], fold))[-1]


def by_sklearn(rows, target, ridge, wanted):  # type: ignore[no-untyped-def]
    """Ridge with a constant feature that is penalised as the others are."""
    one = sp.hstack([rows, np.ones((rows.shape[0], 1))]).tocsr()
    machine = Ridge(alpha=1.0, fit_intercept=False, solver="cholesky")
    machine.fit(one, target, sample_weight=1 / ridge)
    return machine.predict(sp.hstack([wanted, np.ones((wanted.shape[0], 1))]).tocsr())


def test_direct_fit_equals_sklearn_ridge(problem) -> None:  # type: ignore[no-untyped-def]
    rows, target, ridge, fold = problem
    weights, constant = solve.weights_of(rows, fit(rows, target, ridge, fold).dual)
    np.testing.assert_allclose(
        rows @ weights + constant, by_sklearn(rows, target, ridge, rows), atol=1e-5
    )


def test_left_out_outputs_equal_training_without_the_fold(problem) -> None:  # type: ignore[no-untyped-def]
    rows, target, ridge, fold = problem
    left_out = fit(rows, target, ridge, fold).left_out
    for index in range(5):
        rest, mine = np.flatnonzero(fold != index), np.flatnonzero(fold == index)
        again = by_sklearn(rows[rest], target[rest], ridge[rest], rows[mine])
        np.testing.assert_allclose(left_out[mine], again, atol=1e-8)


def test_gradients_equal_the_direct_fit(problem, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    direct = fit(*problem)
    monkeypatch.setattr(solve, "DIRECT_LIMIT", 10)
    stepwise = fit(*problem)
    np.testing.assert_allclose(stepwise.dual, direct.dual, atol=0.01)
    np.testing.assert_allclose(stepwise.left_out, direct.left_out, atol=0.01)
