"""People by household: how many households of each size live in a building. Counts alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.district.dice import Dice

# plausible shares of households of 1, 2, 3, 4 and 5 or more; no real census stands behind them
_SHARES = np.array([0.27, 0.31, 0.24, 0.12, 0.06])


def household_sizes(households: NDArray[np.int64], dice: Dice) -> NDArray[np.int64]:
    """Households of 1, 2, 3, 4, 5+ people, shape (b, 5); rows add up to `households`."""
    lean = dice.numbers(len(households), -0.08, 0.08)[:, None]
    shares = np.clip(_SHARES + lean * np.array([1.0, 0.4, -0.5, -0.6, -0.3]), 0.01, None)
    cumulated = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    luck = dice.numbers(len(households))[:, None]
    upto = np.floor(households[:, None] * cumulated + luck).astype(np.int64)
    upto[:, -1] = households
    upto = np.minimum(upto, households[:, None])
    return np.asarray(np.diff(upto, axis=1, prepend=0), np.int64)
