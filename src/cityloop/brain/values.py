"""What CityBrain takes and gives: small typed values, no tables, no connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A connected source.

    Args:
        name: under which `query` finds its rows as a table.
        kind: file, sql, rest, mqtt, platform, rows; kept: of an earlier run in the same folder.
        rows: how many are there now (a live source grows).
        remarks: rows that were refused and why; nothing is left out in silence.
    """

    name: str
    kind: str
    rows: int
    columns: tuple[str, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A trained model of a scenario.

    Args:
        version: 1, 2, ... within the scenario; the newest one predicts.
        trained_on: labelled texts, days, or steps of readings.
        fingerprint: SHA-256 over the training data.
        report: what it reached on data it had not seen.
    """

    scenario: str
    version: int
    trained_on: int
    fingerprint: str
    report: Mapping[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says.

    Args:
        values: one mapping an item: for triage label, probability, accepted, top, words; for
            demand day, area, topic, mean, low, high, chance_of_overload (None where the days are
            too few to say); for traffic place, minutes, value, unit.
        array: traffic: steps × places; None otherwise.
    """

    scenario: str
    version: int
    values: tuple[Row, ...]
    array: Floats | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrafficFlow:
    """The last readings of every place that measures traffic.

    Args:
        places: ids, one a column. values: times × places, oldest first; NaN = missing.
        unit: "mph", "km/h" or "veh/h". slot: step of the day of the last row, 0 = 00:00.
        step_minutes: between two rows.
    """

    places: tuple[str, ...]
    values: Floats
    unit: str
    slot: int
    step_minutes: int = 5


@dataclass(frozen=True, slots=True)
class Junction:
    """A signalised junction and what measures its approaches.

    Args:
        phases: phase name → ids of places (detectors) whose traffic goes then.
        lanes: of each approach. crossing_m: the longest crossing on foot in a phase, metres.
        greens: seconds of green that run now, in the order of the phases; () = not known.
        free_speed: of an empty road, in the unit of the readings; used where only speeds are
            measured and flows have to be estimated.
    """

    name: str
    phases: Mapping[str, tuple[str, ...]]
    lanes: int = 2
    crossing_m: float = 0.0
    greens: tuple[int, ...] = ()
    free_speed: float = 65.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to do, with its reasons; a person confirms it.

    Args:
        action: assign, switch_signals, open_case. who: unit, junction or case number.
        reasons: (code, zh, en). details: numbers of the proposal.
    """

    action: str
    who: str | None
    reasons: tuple[tuple[str, str, str], ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DispatchAnswer:
    """What CityBrain proposes for an event.

    Args:
        priority: 1 (highest) to 4, and why.
        moved: other open events that should change hands now, key → new unit; None: nobody has
            time for it any more.
        confirmed: always False here: a person decides.
    """

    event: str
    priority: int
    why_priority: tuple[str, str]
    proposals: tuple[Proposal, ...]
    moved: Mapping[str, str | None] = field(default_factory=dict)
    confirmed: bool = False
