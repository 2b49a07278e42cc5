"""A time limit as the catalogue states it: a value and a unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cityloop.kernel.errors import DomainError

LONGEST_DAYS: Final = 36_600  # a hundred years; more is a typing error, not a limit


class Kind(StrEnum):
    """Which time counts: all of it, or office time only."""

    CLOCK = "clock"
    WORK = "work"


class Unit(StrEnum):
    """Units of a limit. clock_* run round the clock (紧急), work_* in office hours only."""

    CLOCK_MINUTE = "clock_minute"
    CLOCK_HOUR = "clock_hour"
    CLOCK_DAY = "clock_day"
    WORK_MINUTE = "work_minute"
    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"

    @property
    def kind(self) -> Kind:
        """The clock this unit runs on."""
        return Kind.CLOCK if self.value.startswith("clock") else Kind.WORK


# A work day has no fixed length here: the calendar says how many hours it has.
FIXED_SECONDS: Final = MappingProxyType(
    {
        Unit.CLOCK_MINUTE: 60.0,
        Unit.CLOCK_HOUR: 3600.0,
        Unit.CLOCK_DAY: 86400.0,
        Unit.WORK_MINUTE: 60.0,
        Unit.WORK_HOUR: 3600.0,
    }
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take.

    Args:
        value: number of units, > 0; fractions are allowed (0.5 work_day).
        unit: one of `Unit`; its text ("work_day") is accepted too.
    Raises: DomainError("deadlines.limit_value" | "deadlines.unit").
    Example:
    >>> Limit(2, Unit.CLOCK_HOUR).kind.value
    'clock'
    """

    value: float
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", known_unit(self.unit))
        object.__setattr__(self, "value", _checked_value(self.value, self.unit))

    @property
    def kind(self) -> Kind:
        """The clock this limit runs on."""
        return self.unit.kind


def known_unit(text: str) -> Unit:
    """The unit with this text. Raises: DomainError("deadlines.unit")."""
    try:
        return Unit(text)
    except ValueError:
        allowed = ", ".join(Unit)
        raise DomainError(
            "deadlines.unit",
            f"The unit of a limit is {text!r}; allowed: {allowed}. Choose one of them.",
            f"时限单位为 {text!r}；可用：{allowed}。请改用其中之一。",
            where="unit",
            details={"value": str(text), "allowed": list(Unit)},
        ) from None


def known_kind(text: str) -> Kind:
    """The kind with this text. Raises: DomainError("deadlines.kind")."""
    try:
        return Kind(text)
    except ValueError:
        raise DomainError(
            "deadlines.kind",
            f"The kind of time is {text!r}; allowed: clock, work. Use `limit.kind` or `unit.kind`.",
            f"计时方式为 {text!r}；可用：clock（自然时间）、work（工作时间）。",
            where="unit_kind",
            details={"value": str(text), "allowed": list(Kind)},
        ) from None


def _checked_value(value: float, unit: Unit) -> float:
    number = float(value)
    days = number * FIXED_SECONDS.get(unit, 86400.0) / 86400.0
    if math.isfinite(number) and 0 < days <= LONGEST_DAYS:
        return number
    raise DomainError(
        "deadlines.limit_value",
        f"The limit is {value!r} {unit}; it must be more than 0 and at most {LONGEST_DAYS} days. "
        "Correct the value.",
        f"时限为 {value!r} {unit}；必须大于 0 且不超过 {LONGEST_DAYS} 天。请更正数值。",
        where="value",
        details={"value": repr(value), "unit": unit.value, "longest_days": LONGEST_DAYS},
    )
