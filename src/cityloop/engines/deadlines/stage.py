"""The clock of one stage of one case: runs, stands, is given more time.

A value: every move returns a new one. It holds exactly what a database row keeps, no list of
paused spans: while the clock runs, the deadline alone says how much is left; while it stands,
the seconds used so far do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from cityloop.engines.deadlines.calendar import WorkCalendar
from cityloop.engines.deadlines.clock import add, limit_seconds, remaining, shift
from cityloop.engines.deadlines.limit import Kind, Limit
from cityloop.kernel.errors import Conflict, DomainError

MOST_EXTENSIONS: Final = 2
MOST_SUSPENSIONS: Final = 1
LONGEST_SUSPENSION: Final = timedelta(days=366)
_LEAST_LATE_S: Final = 1e-6


def pause(due_at: datetime, now: datetime, unit_kind: Kind, calendar: WorkCalendar) -> float:
    """Seconds to keep while the clock stands; give them back to `resume`.

    Negative when already overdue: a pause must not wash an overdue case clean, not even one
    missed at closing time and paused before the next office hour (it keeps one microsecond).
    """
    left_s = remaining(due_at, now, unit_kind, calendar)
    return min(left_s, -_LEAST_LATE_S) if due_at < now else left_s


def resume(remaining_s: float, now: datetime, unit_kind: Kind, calendar: WorkCalendar) -> datetime:
    """The deadline of a clock that runs again now with these seconds left (aware UTC)."""
    return shift(now, remaining_s, unit_kind, calendar)


@dataclass(frozen=True, slots=True)
class StageClock:
    """One stage's clock as it stands since its last move.

    started_at: when the stage began. limit: the original one. calendar: office hours.
    due_at: the deadline; None while the clock stands without a date to go on.
    used_s: seconds used when it last stood still (of the limit's kind).
    paused_at: since when it stands; suspended_until: when a suspension ends by itself.
    extensions, suspensions: how many were granted.
    """

    started_at: datetime
    limit: Limit
    calendar: WorkCalendar
    due_at: datetime | None
    used_s: float = 0.0
    paused_at: datetime | None = None
    suspended_until: datetime | None = None
    extensions: int = 0
    suspensions: int = 0

    @classmethod
    def start(cls, *, now: datetime, limit: Limit, calendar: WorkCalendar) -> StageClock:
        """A fresh clock that runs from now."""
        return cls(now, limit, calendar, add(now, limit, calendar))

    @property
    def allowed_s(self) -> float:
        """Seconds allowed in all: the limit and one more for each extension."""
        return limit_seconds(self.limit, self.calendar) * (1 + self.extensions)

    def stands(self, now: datetime) -> bool:
        """Whether the clock is paused or suspended; a suspension ends by itself at its date."""
        if self.paused_at is None:
            return False
        return self.suspended_until is None or now < self.suspended_until

    def used_seconds(self, now: datetime) -> float:
        """Seconds used by now, of the limit's kind, never negative."""
        return max(0.0, self.allowed_s - self._left(now))

    def is_overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed; a standing clock stays as it was when it stopped."""
        if self.due_at is None or self.stands(now):
            return self.used_s > self.allowed_s
        return self.due_at < now

    def near_overdue_at(self, fraction: float = 0.8) -> datetime | None:
        """When this fraction of the allowed time is used; None while paused without a date."""
        if not 0 < fraction <= 1:
            raise DomainError(
                "deadlines.fraction",
                f"The warning fraction is {fraction}; allowed: above 0, at most 1. Correct it.",
                f"预警比例为 {fraction}；应大于 0 且不超过 1。请更正。",
                where="fraction",
            )
        if self.due_at is None:
            return None
        left_s = (1 - fraction) * self.allowed_s
        near_at = shift(self.due_at, -left_s, self.limit.kind, self.calendar)
        return max(near_at, self.suspended_until) if self.suspended_until else near_at

    def on_time(self, finished_at: datetime, *, exempt: bool = False) -> bool:
        """Whether a stage finished then was in time; an exempt one always is."""
        return exempt or not self.is_overdue(finished_at)

    def pause(self, now: datetime) -> StageClock:
        """The clock standing from now, e.g. while waiting for a check."""
        due_at = self._must_run(now)
        used_s = max(0.0, self.allowed_s - pause(due_at, now, self.limit.kind, self.calendar))
        return replace(self, due_at=None, used_s=used_s, paused_at=now, suspended_until=None)

    def resume(self, now: datetime) -> StageClock:
        """The clock running again from now, with exactly what was left; also ends a suspension."""
        if not self.stands(now):
            raise Conflict(
                "deadlines.not_paused",
                "The clock runs already; only a paused or suspended clock can go on.",
                "计时正在进行，只有已暂停或挂账的计时才能恢复。",
            )
        self._must_follow(now, self.paused_at or self.started_at)
        due_at = self._due_from(now)
        return replace(self, due_at=due_at, paused_at=None, suspended_until=None)

    def suspend(self, now: datetime, *, until: datetime) -> StageClock:
        """The clock standing until a date, going on by itself then (挂账): once, up to a year."""
        self._must_run(now)
        if self.suspensions >= MOST_SUSPENSIONS:
            raise Conflict(
                "deadlines.suspended_before",
                f"The stage was suspended {self.suspensions} time(s); allowed: {MOST_SUSPENSIONS}.",
                f"该阶段已挂账 {self.suspensions} 次；最多 {MOST_SUSPENSIONS} 次。",
            )
        if not now < until <= now + LONGEST_SUSPENSION:
            raise DomainError(
                "deadlines.suspension_date",
                f"The suspension would end {until.isoformat()}; allowed: after now, within "
                f"{LONGEST_SUSPENSION.days} days. Choose another date.",
                f"挂账截止 {until.isoformat()}；应晚于当前且不超过 {LONGEST_SUSPENSION.days} 天。",
                where="until",
            )
        stood = self.pause(now)
        return replace(
            stood,
            due_at=stood._due_from(until),
            suspended_until=until,
            suspensions=self.suspensions + 1,
        )

    def extend(self, now: datetime) -> StageClock:
        """One original limit more (延期): at most twice, and only before the deadline."""
        if self.is_overdue(now):
            raise Conflict(
                "deadlines.extension_overdue",
                "The stage is overdue; an extension is granted only before the deadline.",
                "该阶段已超时；延期只能在到期前办理。",
            )
        if self.extensions >= MOST_EXTENSIONS:
            raise Conflict(
                "deadlines.extended_before",
                f"The stage was extended {self.extensions} times; allowed: {MOST_EXTENSIONS}.",
                f"该阶段已延期 {self.extensions} 次；最多 {MOST_EXTENSIONS} 次。",
            )
        due_at = self.due_at and add(self.due_at, self.limit, self.calendar)
        return replace(self, due_at=due_at, extensions=self.extensions + 1)

    def as_row(self) -> dict[str, Any]:
        """The clock as plain columns (the calendar is found by the area, not kept here)."""
        return {
            "started_at": self.started_at,
            "due_at": self.due_at,
            "limit_value": self.limit.value,
            "limit_unit": self.limit.unit.value,
            "used_s": self.used_s,
            "paused_at": self.paused_at,
            "suspended_until": self.suspended_until,
            "extensions": self.extensions,
            "suspensions": self.suspensions,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any], calendar: WorkCalendar) -> StageClock:
        """The clock that `as_row` described."""
        columns = dict(row)
        limit = Limit(columns.pop("limit_value"), columns.pop("limit_unit"))
        return cls(limit=limit, calendar=calendar, **columns)

    def _left(self, now: datetime) -> float:
        if self.due_at is None or self.stands(now):
            return self.allowed_s - self.used_s
        return remaining(self.due_at, now, self.limit.kind, self.calendar)

    def _due_from(self, at: datetime) -> datetime:
        return resume(self.allowed_s - self.used_s, at, self.limit.kind, self.calendar)

    def _must_run(self, now: datetime) -> datetime:
        """The deadline of a clock that runs."""
        self._must_follow(now, self.started_at)
        if self.due_at is None or self.stands(now):
            raise Conflict(
                "deadlines.paused",
                "The clock stands already; let it go on before it is stopped again.",
                "计时已暂停或挂账；请先恢复。",
            )
        return self.due_at

    @staticmethod
    def _must_follow(now: datetime, since: datetime) -> None:
        if now < since:
            raise DomainError(
                "deadlines.before_start",
                f"The move at {now.isoformat()} lies before {since.isoformat()}, when the clock "
                "last changed. Check the time of the move.",
                f"操作时间 {now.isoformat()} 早于计时上次变动的 {since.isoformat()}。请核对。",
                where="now",
            )
