"""Counts scatter more than by chance alone: negative binomial with mean mu, variance phi·mu."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_MU, LEAST_PHI, MOST_PHI = 1e-3, 1.0, 25.0
POISSON_BELOW = 1.005


def above(line: Floats, mu: Floats, phi: Floats) -> Floats:
    """P(count > line), element by element; shapes broadcast.

    Args:
        line: whole numbers, may be negative (then 1).
        mu: means, >= 0. phi: variance over mean, >= 1.
    """
    line, mu, phi = np.broadcast_arrays(line, np.maximum(mu, LEAST_MU), phi)
    return above_shape(line, mu, mu / np.maximum(phi - 1, POISSON_BELOW - 1))


def above_shape(line: Floats, mu: Floats, shape: Floats) -> Floats:
    """The same by the shape r of the gamma mixture: variance mu + mu²/r."""
    mu = np.maximum(mu, LEAST_MU)
    k = np.floor(line) + 1
    safe = np.maximum(k, 1)
    almost_poisson = shape > mu / (POISSON_BELOW - 1) * 0.999
    mixed = scipy.special.betainc(
        safe, np.maximum(shape, 1e-6), mu / (mu + np.maximum(shape, 1e-6))
    )
    chance = np.where(almost_poisson, scipy.special.gammainc(safe, mu), mixed)
    return np.asarray(np.where(k <= 0, 1.0, chance), dtype=np.float64)


def quantile(share: float, mu: Floats, phi: Floats) -> Floats:
    """The smallest whole number that is not exceeded with this probability."""
    mu, phi = np.broadcast_arrays(np.maximum(mu, LEAST_MU), phi)
    low = np.full(mu.shape, -1.0)
    high = np.ceil(mu + 12 * np.sqrt(phi * mu) + 12)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = above(middle, mu, phi) <= 1 - share
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return np.asarray(high, dtype=np.float64)


def dispersion(actual: Floats, expected: Floats, group: NDArray[np.int64], pool: float) -> Floats:
    """phi of each column from past forecasts, drawn to that of its group where little is known.

    Args:
        actual, expected: shape (days, columns). group: a number a column.
        pool: weight of the group, in expected reports.
    """
    misses = ((actual - expected) ** 2).sum(axis=0)
    means = expected.sum(axis=0)
    size = int(group.max()) + 1
    pooled = np.bincount(group, misses, size) / np.maximum(np.bincount(group, means, size), 1e-9)
    phi = (misses + pool * pooled[group]) / (means + pool)
    return np.asarray(np.clip(phi, LEAST_PHI, MOST_PHI), dtype=np.float64)
