from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from cityloop.engines.forecast.traffic import TrafficModel, train_traffic
from cityloop.kernel.errors import DomainError

SHARED = Path(os.environ.get("CITYLOOP_SHARED") or Path(__file__).parents[4] / "shared")
DATA = SHARED / "data" / "traffic_forecast"
DAY = 96


def made(times: int = 5 * DAY, places: int = 4) -> np.ndarray:
    """Speeds with a rush hour, and jams that travel from a place to the next one in two steps."""
    rng = np.random.default_rng(2)
    jam = np.zeros((times, places))
    for t in range(1, times):
        jam[t] = 0.8 * jam[t - 1] + rng.normal(0, 1.0, places)
        if t > 1:
            jam[t, 1:] += 0.5 * jam[t - 2, :-1]
    usual = 60 - 20 * np.exp(-0.5 * ((np.arange(times) % DAY - 34) / 6) ** 2)
    return np.maximum(usual[:, None] - jam, 0)


def chain(places: int = 4) -> np.ndarray:
    return np.eye(places, k=-1)


def errors(model: TrafficModel, readings: np.ndarray, start: int) -> tuple[float, float, float]:
    """Mean absolute error of ours, of staying as it is, and of what is usual; 3 steps ahead."""
    ours, same, usual = [], [], []
    for now in range(start, len(readings) - 3):
        came = readings[now + 3]
        ours.append(model.predict(readings[: now + 1], now % model.steps_per_day)[2] - came)
        same.append(readings[now] - came)
        usual.append(model.usual[(now + 3) % model.steps_per_day] - came)
    return tuple(float(np.abs(np.array(e)).mean()) for e in (ours, same, usual))  # type: ignore


def test_neighbours_and_lags_beat_persistence_and_the_usual_day() -> None:
    readings = made()
    model = train_traffic(readings[: 4 * DAY], chain(), steps_per_day=DAY)
    ours, same, usual = errors(model, readings, 4 * DAY)
    assert ours < 0.9 * same
    assert ours < 0.95 * usual


def test_missing_readings_are_bridged_by_what_is_usual() -> None:
    readings = made()
    readings[50:60, 1] = np.nan
    model = train_traffic(readings[: 4 * DAY], chain(), steps_per_day=DAY)
    gone = readings[: 4 * DAY].copy()
    gone[-12:] = np.nan
    said = model.predict(gone, DAY - 1)
    assert np.isfinite(said).all()
    assert np.abs(said - model.usual[[0, 1, 2]]).max() < 5


def test_wrong_shapes_and_too_few_readings_are_refused() -> None:
    with pytest.raises(DomainError, match=r"traffic\.places"):
        train_traffic(made(), chain(3))
    with pytest.raises(DomainError, match=r"traffic\.short"):
        train_traffic(made(100), chain())
    model = train_traffic(made(), chain(), steps_per_day=DAY)
    with pytest.raises(DomainError, match=r"traffic\.short"):
        model.predict(made()[:5], 4)


def test_real_speeds_are_forecast_better_than_by_staying_as_they_are() -> None:
    if not (DATA / "los_speed_first80.csv.gz").is_file():
        pytest.skip(f"real speeds not at {DATA}; set CITYLOOP_SHARED to check against them")
    speeds = np.loadtxt(DATA / "los_speed_first80.csv.gz", delimiter=",", skiprows=1)
    links = np.loadtxt(DATA / "los_adj.csv.gz", delimiter=",")
    cut = int(0.8 * len(speeds))
    ours, same, usual = errors(train_traffic(speeds[:cut], links), speeds, cut)
    assert ours < same < usual
