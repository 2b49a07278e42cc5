"""Making forecasts, judging them, and what people enter and decide."""

from cityloop.ai.forecasts.commands.making import make_forecast
from cityloop.ai.forecasts.commands.people import (
    decide_warning,
    enter_trigger,
    withdraw_trigger,
)
from cityloop.ai.forecasts.commands.today import make_nowcast

__all__ = [
    "decide_warning",
    "enter_trigger",
    "make_forecast",
    "make_nowcast",
    "withdraw_trigger",
]
