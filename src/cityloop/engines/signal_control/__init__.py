"""Signal timings from flows, within safety's limits. docs/algorithms/signal-timing.md."""

from cityloop.engines.signal_control.flows import flow_from_speed
from cityloop.engines.signal_control.model import (
    Limits,
    Movement,
    Phase,
    SignalPlan,
    Stage,
)
from cityloop.engines.signal_control.webster import delay_s, time_signals

__all__ = [
    "Limits",
    "Movement",
    "Phase",
    "SignalPlan",
    "Stage",
    "delay_s",
    "flow_from_speed",
    "time_signals",
]
