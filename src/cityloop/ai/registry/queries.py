"""Roll-outs in force, and what is known of each model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cityloop.ai.registry.domain import (
    LEAST_JUDGED,
    Mode,
    Tally,
    added,
    drift,
    drift_by_chance,
    drift_level,
    verdict,
    wilson,
)
from cityloop.ai.registry.models import DayRecord, Rollout


@dataclass(frozen=True, slots=True)
class InForce:
    """A roll-out that is open."""

    kind: str
    model: str
    fingerprint: str
    mode: Mode
    share: float
    promise: float


def in_force() -> list[InForce]:
    """All open roll-outs."""
    rows = Rollout.objects.filter(ended_at__isnull=True).order_by("pk")
    return [InForce(r.kind, r.model, r.fingerprint, Mode(r.mode), r.share, r.promise) for r in rows]


def rollouts_of(model: str) -> list[Rollout]:
    """The way of one model into service, newest first."""
    return list(Rollout.objects.filter(model=model).select_related("approved_by"))


def live_before(kind: str, *, besides: str) -> str | None:
    """The model that was in service before the present one: where a roll-back leads."""
    rows = Rollout.objects.filter(kind=kind, mode=Mode.LIVE).exclude(model=besides)
    return rows.values_list("model", flat=True).first()


def days_of(model: str, *, since: date, shadow: bool = False) -> list[DayRecord]:
    """Day records, oldest first."""
    rows = DayRecord.objects.filter(model=model, day__gte=since, shadow=shadow)
    return list(rows.order_by("day"))


def tally_of(model: str, *, today: date, days: int = 28, shadow: bool = False) -> Tally:
    """What became of a model's answers of the last days."""
    records = days_of(model, since=today - timedelta(days=days), shadow=shadow)
    return added([_tally(row) for row in records])


def _tally(row: DayRecord) -> Tally:
    return Tally(row.answered, row.accepted, row.judged, row.right, row.classes)


@dataclass(frozen=True, slots=True)
class Standing:
    """One model at a glance.

    Args:
        mode: of the open roll-out; ENDED when it is in none.
        judged, accuracy: of the last 28 days; beside the one in service for a watched model.
        low, high: bounds of the accuracy with 95 % confidence; None where nothing was judged.
        keeps: whether it keeps its promise; None = too few judged to say.
        drift: population stability index of the classes it answered, the last week against the
            four weeks before, less what chance alone makes of so few; None where either is empty.
    """

    mode: Mode
    share: float
    judged: int
    accuracy: float | None
    low: float | None
    high: float | None
    keeps: bool | None
    drift: float | None

    @property
    def drift_level(self) -> str | None:
        """The drift in a word."""
        return None if self.drift is None else drift_level(self.drift)


WEEK, DAYS, BEFORE = 7, 28, 35


def standings(promises: Mapping[str, float], *, today: date) -> dict[str, Standing]:
    """Of several models, by label, in two queries. promises: label → accuracy promised."""
    rollouts = Rollout.objects.filter(model__in=promises, ended_at__isnull=True).order_by("pk")
    open_ones = {row.model: row for row in rollouts}
    records: dict[tuple[str, bool], list[DayRecord]] = defaultdict(list)
    since = today - timedelta(days=BEFORE)
    for row in DayRecord.objects.filter(model__in=promises, day__gte=since):
        records[row.model, row.shadow].append(row)
    found = {}
    for model, promise in promises.items():
        rollout = open_ones.get(model)
        mode = Mode(rollout.mode) if rollout else Mode.ENDED
        share = rollout.share if rollout else 0.0
        days = records[model, mode is Mode.SHADOW]
        found[model] = _standing(mode, share, days, promise, today=today)
    return found


def _standing(
    mode: Mode, share: float, days: list[DayRecord], promise: float, *, today: date
) -> Standing:
    tally = added([_tally(r) for r in days if r.day >= today - timedelta(days=DAYS)])
    low, high = wilson(tally.right, tally.judged) if tally.judged else (None, None)
    keeps = None if tally.judged < LEAST_JUDGED else not verdict(tally, promise).stop
    moved = _drift(days, today - timedelta(days=WEEK))
    return Standing(mode, share, tally.judged, tally.accuracy, low, high, keeps, moved)


def _drift(days: list[DayRecord], week: date) -> float | None:
    before, now = (
        added([_tally(r) for r in days if (r.day > week) is late]) for late in (False, True)
    )
    if not before.answered or not now.answered:
        return None
    mixes = before.classes or {}, now.classes or {}
    return round(max(0.0, drift(*mixes) - drift_by_chance(*mixes)), 4)
