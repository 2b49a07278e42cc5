"""AutoETS of statsforecast (benchmarks and evaluations only), walked forward as ours is."""

from __future__ import annotations

import numpy as np

from cityloop.engines.forecast.counts import Counts, Floats
from cityloop.kernel.errors import DomainError

REFIT, SEASON = 56, 7


def auto_ets(counts: Counts, start: int, horizon: int) -> dict[str, float]:
    """Mean absolute error of AutoETS on rows start.., each from what was known `horizon` days
    before; fitted anew every 56 days, moved forward on the days between.

    Args:
        counts: shape (days, series).
    Returns: mae, mae_rounded (its forecasts as whole reports), refit_days.
    Raises: DomainError("forecast.no_peer") where statsforecast is not installed.
    """
    try:
        from statsforecast.models import AutoETS
    except ImportError as error:
        raise DomainError(
            "forecast.no_peer",
            "AutoETS is not installed: pip install statsforecast, or leave --auto-ets out.",
            "未安装 AutoETS：请 pip install statsforecast，或去掉 --auto-ets。",
            where="--auto-ets",
        ) from error
    series = counts.astype(np.float64).T
    said = np.stack([_walked(AutoETS, one, start, horizon) for one in series], axis=1)
    actual = counts[start:]
    return {
        "mae": float(np.abs(actual - said).mean()),
        "mae_rounded": float(np.abs(actual - np.round(said)).mean()),
        "refit_days": REFIT,
    }


def _walked(model: type, series: Floats, start: int, horizon: int) -> Floats:
    found, fitted = [], None
    for row in range(start, len(series)):
        known = series[: row - horizon + 1]
        if fitted is None or (row - start) % REFIT == 0:
            fitted = model(season_length=SEASON).fit(known)
            ahead = fitted.predict(horizon)["mean"][-1]
        else:
            ahead = fitted.forward(known, horizon)["mean"][-1]
        found.append(max(float(ahead), 0.0))
    return np.array(found)
