"""Linear one-versus-rest machines for all classes at once: least-squares support vectors.

With targets +1 / -1 the dual system (K + D) a = T has one matrix for every class, so that 250
classes cost little more than one, and the predictions for left-out folds follow from the same
inverse, exactly and without training again. Source: Suykens and Vandewalle 1999 (LS-SVM);
Pahikkala et al. 2006 for the left-out predictions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
import scipy.sparse as sp
from numpy.typing import NDArray

FLOATS = NDArray[np.float64]
DIRECT_LIMIT = 5_000
"""Up to here one inverse (200 MB at the limit); above, conjugate gradients."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Dual coefficients and, for each text, the outputs of a fit without its fold."""

    dual: FLOATS
    left_out: FLOATS


def fits(
    rows: sp.csr_matrix, target: FLOATS, ridges: Sequence[FLOATS], fold: NDArray[np.intp]
) -> Iterator[Fit]:
    """Minimises sum of 1/ridge x squared error + |weights|^2 (a constant feature is included),
    for each ridge; above DIRECT_LIMIT texts for the first one alone.

    Args:
        rows: texts, shape (n, n-grams), L2-normalised.
        target: wanted outputs, shape (n, outputs).
        ridges: each of shape (n,), > 0; small = this text must be met.
        fold: shape (n,); texts of one fold are left out together.
    """
    if rows.shape[0] > DIRECT_LIMIT:
        yield _by_gradients(rows, target, ridges[0], fold)
        return
    kernel = (rows @ rows.T).toarray().astype(np.float64) + 1.0
    for ridge in ridges:
        yield _direct(kernel, target, ridge, fold)


def _by_gradients(
    rows: sp.csr_matrix, target: FLOATS, ridge: FLOATS, fold: NDArray[np.intp]
) -> Fit:
    left_out = np.zeros_like(target)
    for index in np.unique(fold):
        rest = np.flatnonzero(fold != index)
        dual = _gradients(rows[rest], target[rest], ridge[rest])
        weights, constant = weights_of(rows[rest], dual)
        left_out[fold == index] = rows[fold == index] @ weights + constant
    return Fit(_gradients(rows, target, ridge), left_out)


def weights_of(
    rows: sp.csr_matrix, dual: FLOATS
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (n-grams, outputs) and constants (outputs,) of a fit."""
    weights = rows.T @ dual
    return weights.astype(np.float32), dual.sum(axis=0).astype(np.float32)


def _direct(kernel: FLOATS, target: FLOATS, ridge: FLOATS, fold: NDArray[np.intp]) -> Fit:
    kernel = kernel.copy()
    kernel[np.diag_indices_from(kernel)] += ridge
    factor = scipy.linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    dual = scipy.linalg.cho_solve(factor, target)
    inverse = scipy.linalg.cho_solve(
        factor, np.eye(len(ridge)), overwrite_b=True, check_finite=False
    )
    left_out = np.empty_like(target)
    for index in np.unique(fold):
        mine = np.flatnonzero(fold == index)
        block = inverse[np.ix_(mine, mine)]
        left_out[mine] = target[mine] - scipy.linalg.solve(block, dual[mine], assume_a="pos")
    return Fit(dual, left_out)


def _gradients(
    rows: sp.csr_matrix, target: FLOATS, ridge: FLOATS, *, rounds: int = 80, enough: float = 1e-3
) -> FLOATS:
    """The same system by conjugate gradients, one step length per output."""
    transposed = rows.T.tocsr()
    scale = (2.0 + ridge)[:, None]
    dual = np.zeros_like(target)
    rest = target.copy()
    step = rest / scale
    power = (rest * step).sum(axis=0)
    goal = enough * np.sqrt((target**2).sum(axis=0)) + 1e-12
    for _ in range(rounds):
        image = rows @ (transposed @ step) + step.sum(axis=0) + ridge[:, None] * step
        length = power / np.maximum((step * image).sum(axis=0), 1e-30)
        dual += length * step
        rest -= length * image
        if (np.sqrt((rest**2).sum(axis=0)) <= goal).all():
            break
        scaled = rest / scale
        renewed = (rest * scaled).sum(axis=0)
        step = scaled + step * (renewed / np.maximum(power, 1e-30))
        power = renewed
    return dual
