"""Cycle and greens by Webster (1958), bounded by safety, in whole seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cityloop.engines.signal_control.model import (
    Limits,
    Phase,
    SignalPlan,
    Stage,
    check_greens,
    check_phases,
)

FULL = 0.92  # flow ratios above it: the formula's cycle runs away
QUARTER_H = 0.25  # hours that a growing queue is looked at

Numbers = npt.NDArray[Any]
Remark = tuple[str, str, str]
KEPT: Remark = ("kept", "现行配时已更优，建议不变", "the present timing is better: kept")
UNSAFE: Remark = (
    "unsafe_present",
    "现行配时短于行人过街或最短绿灯要求，应尽快更换",
    "the present timing is shorter than safety asks for: change it soon",
)


def time_signals(
    phases: Sequence[Phase],
    *,
    limits: Limits | None = None,
    present: Sequence[int] | None = None,
) -> SignalPlan:
    """Timings for the flows given.

    Args:
        phases: in the order in which they run; flows in vehicles an hour.
        limits: safety's; the default fits a city street.
        present: green seconds that run now, to compare with; their order is that of the phases.
    Returns: a plan whose greens are never below `Limits.green_for`.
    Raises: DomainError("signals.phases" | "signals.flow" | "signals.crossing" |
        "signals.limits" | "signals.present").
    Source: F. V. Webster, Traffic Signal Settings, Road Research Technical Paper 39, 1958.
    """
    limits, phases = limits or Limits(), tuple(phases)
    check_phases(phases, limits)
    if present is not None:
        check_greens(present, phases)
    ratios = np.array([max(m.flow / m.saturation for m in p.movements) for p in phases])
    least = np.array([limits.green_for(p) for p in phases])
    cycle = _cycle(ratios, least, limits)
    free = cycle - int(np.ceil(len(phases) * limits.change_s))
    greens = [int(green) for green in _greens(ratios, least, free)]
    remarks = _remarks(ratios, np.array(greens), least)
    before = None
    if present is not None:
        before = delay_s(phases, present, limits)
        is_safe = all(now >= need for now, need in zip(present, least, strict=True))
        fits = sum(present) + len(phases) * limits.change_s <= limits.longest_cycle_s
        if is_safe and fits and before < delay_s(phases, greens, limits):
            greens = [int(green) for green in present]
            remarks.append(KEPT)
        if not is_safe:
            remarks.append(UNSAFE)
    stages = tuple(
        Stage(p.name, g, limits.yellow_s, limits.all_red_s, round(_load(p, g, greens, limits), 3))
        for p, g in zip(phases, greens, strict=True)
    )
    whole = round(sum(greens) + len(phases) * limits.change_s)
    delay = round(delay_s(phases, greens, limits), 2)
    return SignalPlan(whole, stages, delay, _rounded(before), tuple(remarks))


def delay_s(phases: Sequence[Phase], greens: Sequence[int], limits: Limits | None = None) -> float:
    """Mean delay of a vehicle, seconds: uniform arrivals, then chance and overload.

    The second term is the time-dependent one of the Highway Capacity Manual (T = 15 minutes), which
    stays finite where flow exceeds capacity.
    """
    limits = limits or Limits()
    cycle = sum(greens) + len(phases) * limits.change_s
    total = weight = 0.0
    for phase, green in zip(phases, greens, strict=True):
        share = max(1e-6, (green + limits.change_s - limits.lost_s) / cycle)
        for one in phase.movements:
            capacity = one.saturation * share
            load = one.flow / capacity
            uniform = 0.5 * cycle * (1 - share) ** 2 / (1 - min(1.0, load) * share)
            slack = load - 1
            root = np.sqrt(slack**2 + 4 * load / (capacity * QUARTER_H))
            total += one.flow * (uniform + 900 * QUARTER_H * (slack + float(root)))
            weight += one.flow
    return total / weight if weight else 0.0


def _cycle(ratios: Numbers, least: Numbers, limits: Limits) -> int:
    """Webster's best cycle, no shorter than the least greens and no longer than allowed."""
    lost, whole = len(ratios) * limits.lost_s, float(ratios.sum())
    best = limits.longest_cycle_s if whole >= FULL else (1.5 * lost + 5) / (1 - whole)
    shortest = max(limits.shortest_cycle_s, int(least.sum() + len(ratios) * limits.change_s))
    return int(np.clip(np.ceil(best), shortest, limits.longest_cycle_s))


def _greens(ratios: Numbers, least: Numbers, seconds: int) -> Numbers:
    """Greens in proportion to the flow ratios; who would get too little gets the least."""
    greens = least.astype(float)
    free = np.ones(len(ratios), dtype=bool)
    while free.any():
        left = seconds - least[~free].sum()
        share = ratios[free] / ratios[free].sum() if ratios[free].sum() > 0 else 1 / free.sum()
        wanted = left * share * np.ones(int(free.sum()))
        short = wanted < least[free]
        if not short.any():
            greens[free] = wanted
            break
        free[np.flatnonzero(free)[short]] = False
    return _whole(greens, least, seconds)


def _whole(greens: Numbers, least: Numbers, seconds: int) -> Numbers:
    """Whole seconds with the same sum: the largest remainders first."""
    floor = np.maximum(np.floor(greens).astype(int), least)
    while floor.sum() < seconds:
        floor[int(np.argmax(greens - floor))] += 1
    return np.asarray(floor)


def _load(phase: Phase, green: int, greens: Sequence[int], limits: Limits) -> float:
    cycle = sum(map(int, greens)) + len(greens) * limits.change_s
    share = (green + limits.change_s - limits.lost_s) / cycle
    return max(m.flow / (m.saturation * share) for m in phase.movements)


def _remarks(ratios: Numbers, greens: Numbers, least: Numbers) -> list[Remark]:
    remarks: list[Remark] = []
    if ratios.sum() >= FULL:
        said = f"{ratios.sum():.2f}"
        remarks.append(
            (
                "full",
                f"流量比合计 {said}，接近或超过通行能力，配时只能减轻排队，请考虑分流",
                f"flow ratios sum to {said}: near or above capacity; timing only eases the queues, "
                "lead traffic around",
            )
        )
    bound = [n for n in range(len(greens)) if greens[n] == least[n]]
    if bound:
        numbers = "、".join(str(n + 1) for n in bound)
        remarks.append(
            (
                "least_green",
                f"第 {numbers} 相位按行人过街和最短绿灯取值",
                f"phases {numbers.replace('、', ', ')} have the least green that safety asks for",
            )
        )
    return remarks


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
