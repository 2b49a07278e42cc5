"""Counts in, forecasts with intervals and honest probabilities out. docs/algorithms/demand.md"""

from cityloop.engines.forecast.boosted import has_trees
from cityloop.engines.forecast.calibrate import fitted_scale, scaled, scaled_forward
from cityloop.engines.forecast.counts import (
    DailyCounts,
    at_level,
    count_days,
    grouped,
    joined,
    small_ones_together,
)
from cityloop.engines.forecast.days import day_kinds, days_off
from cityloop.engines.forecast.evaluate import evaluate
from cityloop.engines.forecast.level import Weights, expected_on
from cityloop.engines.forecast.nowcast import Today, chances_back, nowcast
from cityloop.engines.forecast.outlook import (
    FULL_HISTORY,
    LEAST_FOR_FIRST_LINE,
    LEAST_FOR_LINE,
    LEAST_FOR_TREES,
    LEAST_HISTORY,
    Outlook,
    Trees,
    check_blind,
    outlook,
)
from cityloop.engines.forecast.triggers import Effect, Trigger, learned_effects, multipliers

__all__ = [
    "FULL_HISTORY",
    "LEAST_FOR_FIRST_LINE",
    "LEAST_FOR_LINE",
    "LEAST_FOR_TREES",
    "LEAST_HISTORY",
    "DailyCounts",
    "Effect",
    "Outlook",
    "Today",
    "Trees",
    "Trigger",
    "Weights",
    "at_level",
    "chances_back",
    "check_blind",
    "count_days",
    "day_kinds",
    "days_off",
    "evaluate",
    "expected_on",
    "fitted_scale",
    "grouped",
    "has_trees",
    "joined",
    "learned_effects",
    "multipliers",
    "nowcast",
    "outlook",
    "scaled",
    "scaled_forward",
    "small_ones_together",
]
