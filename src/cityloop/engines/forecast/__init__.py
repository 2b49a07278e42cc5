"""Counts in, forecasts with intervals and honest probabilities out. docs/algorithms/demand.md"""

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
from cityloop.engines.forecast.nowcast import Today, nowcast
from cityloop.engines.forecast.outlook import LEAST_HISTORY, Outlook, check_blind, outlook
from cityloop.engines.forecast.triggers import Effect, Trigger, learned_effects, multipliers

__all__ = [
    "LEAST_HISTORY",
    "DailyCounts",
    "Effect",
    "Outlook",
    "Today",
    "Trigger",
    "Weights",
    "at_level",
    "check_blind",
    "count_days",
    "day_kinds",
    "days_off",
    "evaluate",
    "expected_on",
    "grouped",
    "joined",
    "learned_effects",
    "multipliers",
    "nowcast",
    "outlook",
    "small_ones_together",
]
