"""A junction's phases, what safety asks of them, and the plan that comes out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Movement:
    """Vehicles that go together, say straight on from the north.

    Args:
        flow: vehicles an hour that want to pass.
        saturation: vehicles an hour of green that can pass, all lanes (about 1,800 a lane).
    """

    name: str
    flow: float
    saturation: float = 1800.0


@dataclass(frozen=True, slots=True)
class Phase:
    """Movements that have green together.

    Args:
        crossing_m: the longest crossing that people on foot walk in this phase; 0: none.
    """

    name: str
    movements: tuple[Movement, ...]
    crossing_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What no optimisation may touch.

    Defaults by GB 14886 (installation of signals), GA/T 527 (control) and the US Signal Timing
    Manual, 2nd ed.: people on foot at 1.0 m/s (old people; 1.2 is usual), 7 s of walk.
    """

    least_green_s: float = 10.0
    yellow_s: float = 3.0
    all_red_s: float = 2.0
    start_loss_s: float = 2.0
    walk_s: float = 7.0
    walking_m_s: float = 1.0
    shortest_cycle_s: int = 40
    longest_cycle_s: int = 150

    def green_for(self, phase: Phase) -> int:
        """The least green of a phase in whole seconds: vehicles', and to cross on foot."""
        on_foot = 0.0
        if phase.crossing_m > 0:
            clearing = phase.crossing_m / self.walking_m_s - self.yellow_s - self.all_red_s
            on_foot = self.walk_s + max(0.0, clearing)
        return int(np.ceil(max(self.least_green_s, on_foot)))

    @property
    def change_s(self) -> float:
        """Yellow and all red after a phase."""
        return self.yellow_s + self.all_red_s

    @property
    def lost_s(self) -> float:
        """Seconds of a phase in which nobody passes: starting, and all red."""
        return self.start_loss_s + self.all_red_s


@dataclass(frozen=True, slots=True)
class Stage:
    """What one phase is given.

    Args:
        green_s: whole seconds of green; yellow and all red follow.
        load: flow over capacity of its heaviest movement; 1 and above means queues that grow.
    """

    phase: str
    green_s: int
    yellow_s: float
    all_red_s: float
    load: float


@dataclass(frozen=True, slots=True)
class SignalPlan:
    """Timings of a junction.

    Args:
        delay_s: mean delay a vehicle that is to be expected (Webster's two terms).
        before_s: the same for the present timings; None where they are not known.
        remarks: (code, zh, en) what a person should know before switching.
    """

    cycle_s: int
    stages: tuple[Stage, ...]
    delay_s: float
    before_s: float | None = None
    remarks: tuple[tuple[str, str, str], ...] = ()

    @property
    def greens_s(self) -> tuple[int, ...]:
        """Green of each phase, seconds."""
        return tuple(stage.green_s for stage in self.stages)


def check_phases(phases: tuple[Phase, ...], limits: Limits) -> None:
    """Raises: DomainError("signals.phases" | "signals.flow" | "signals.crossing" |
    "signals.limits")."""
    if not 2 <= len(phases) <= 8 or not all(phase.movements for phase in phases):
        raise DomainError(
            "signals.phases",
            f"A junction has 2 to 8 phases with movements; {len(phases)} were given.",
            f"路口应有 2—8 个相位且每个相位有车流，收到 {len(phases)} 个。",
        )
    check_limits(limits)
    for phase in phases:
        _check_phase(phase)
    least = sum(limits.green_for(phase) for phase in phases) + len(phases) * limits.change_s
    if least > limits.longest_cycle_s:
        raise DomainError(
            "signals.limits",
            f"The least greens need a cycle of {least:.0f} s; at most {limits.longest_cycle_s} s "
            "are allowed. Lead people over a refuge, or allow a longer cycle.",
            f"各相位最短绿灯合计需周期 {least:.0f} 秒，超过允许的 {limits.longest_cycle_s} 秒；"
            "请设置安全岛分段过街，或放宽最长周期。",
        )


def _check_phase(phase: Phase) -> None:
    if not 0 <= phase.crossing_m < math.inf:
        raise DomainError(
            "signals.crossing",
            f"{phase.name}: a crossing of {phase.crossing_m!r} m cannot be; give metres, 0 where "
            "nobody crosses on foot.",
            f"{phase.name}：过街长度 {phase.crossing_m!r} 不合法，单位为米，无人过街填 0。",
        )
    for one in phase.movements:
        if not (0 <= one.flow < 20_000 and 0 < one.saturation < 40_000):
            raise DomainError(
                "signals.flow",
                f"{phase.name}/{one.name}: flow {one.flow!r} or saturation {one.saturation!r} "
                "cannot be; both are vehicles an hour, saturation above 0.",
                f"{phase.name}/{one.name}：流量 {one.flow!r} 或"
                f"饱和流量 {one.saturation!r} 不合法，"
                "单位为辆/小时，饱和流量须大于 0。",
            )


def check_limits(limits: Limits) -> None:
    """Raises: DomainError("signals.limits") for seconds below 0 or a yellow, a pace or a cycle
    that no junction has."""
    seconds = (limits.least_green_s, limits.all_red_s, limits.start_loss_s, limits.walk_s)
    is_sound = (
        all(0 <= one < math.inf for one in seconds)
        and 0 < limits.yellow_s < math.inf
        and 0 < limits.walking_m_s < math.inf
        and 0 < limits.shortest_cycle_s <= limits.longest_cycle_s < math.inf
    )
    if not is_sound:
        raise DomainError(
            "signals.limits",
            f"{limits} cannot be: seconds are 0 or more, yellow and walking pace above 0, the "
            "shortest cycle no longer than the longest.",
            f"{limits} 不合法：各时长不小于 0，黄灯与步速大于 0，最短周期不大于最长周期。",
        )


def check_greens(greens: Sequence[int], phases: tuple[Phase, ...]) -> None:
    """Greens that run now. Raises: DomainError("signals.present")."""
    if len(greens) != len(phases):
        raise DomainError(
            "signals.present",
            f"{len(greens)} present greens were given for {len(phases)} phases; give one each.",
            f"现行绿灯时长有 {len(greens)} 个，而相位有 {len(phases)} 个，应一一对应。",
        )
    if not all(0 < green < math.inf and green == int(green) for green in greens):
        raise DomainError(
            "signals.present",
            f"Present greens {tuple(greens)!r} cannot be; give whole seconds above 0.",
            f"现行绿灯时长 {tuple(greens)!r} 不合法，应为大于 0 的整秒数。",
        )
