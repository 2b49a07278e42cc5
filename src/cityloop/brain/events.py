"""Events: their priority, who goes, how signals are timed. Proposals only; a person confirms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cityloop.brain.checks import number, whole
from cityloop.brain.values import DispatchAnswer, Junction, Prediction, Proposal
from cityloop.engines.dispatching import Task, Unit, assign, explain_one
from cityloop.engines.dispatching.model import check
from cityloop.engines.signal_control import Movement, Phase, flow_from_speed, time_signals
from cityloop.kernel.errors import DomainError

SATURATION = 1800.0  # vehicles an hour and lane (Highway Capacity Manual, base value near 1,900)
MOST_MINUTES = 100_000.0
NUMBERS = ("speed", "free_in", "shift_left", "most")
DUE_MINUTES = {1: 15.0, 2: 30.0, 3: 120.0, 4: None}
# By what the event says of itself; words of the Common Alerting Protocol for severity.
SEVERITY = {"extreme": 1, "severe": 2, "moderate": 3, "minor": 4}
TYPES = {
    "fire": 1, "gas_leak": 1, "medical": 1, "collapse": 1, "flood": 2, "accident": 2,
    "power_cut": 2, "water_main": 2, "traffic_light": 3, "crowding": 2,
}  # fmt: skip


def priority_of(event: Mapping[str, Any]) -> tuple[int, tuple[str, str]]:
    """1 (highest) to 4, and why.

    Raises: DomainError("brain.event" | "brain.priority" | "brain.severity").
    """
    if not isinstance(event, Mapping):
        raise DomainError(
            "brain.event",
            f"An event is a mapping with type and location, not a {type(event).__name__}.",
            f"事件应为含 type、location 等字段的映射，收到 {type(event).__name__}。",
        )
    said = event.get("priority")
    if said is not None:
        if isinstance(said, bool) or said not in (1, 2, 3, 4):
            raise DomainError(
                "brain.priority",
                f"priority {said!r} cannot be; 1 is the highest, 4 the lowest.",
                f"优先级 {said!r} 不合法，1 最高，4 最低。",
            )
        return int(said), ("由上报指定", "as the event says")
    severity, kind = str(event.get("severity", "")), str(event.get("type", ""))
    if severity and severity not in SEVERITY:
        raise DomainError(
            "brain.severity",
            f"severity {severity!r} is not known; there are {', '.join(SEVERITY)}.",
            f"严重程度 {severity!r} 不认识，可用：{'、'.join(SEVERITY)}。",
            where="severity",
        )
    if severity:
        return SEVERITY[severity], (f"严重程度：{severity}", f"severity: {severity}")
    if kind in TYPES:
        return TYPES[kind], (f"事件类型：{kind}", f"kind of event: {kind}")
    return 3, ("未说明严重程度，按一般处理", "no severity given: taken as ordinary")


def place_of(location: Any) -> tuple[float, float]:
    """(lon, lat), given so or as {"lon", "lat"}, in degrees.

    Raises: DomainError("brain.location").
    """
    given = location
    if isinstance(location, Mapping):
        given = (location.get("lon"), location.get("lat"))
    try:
        lon, lat = (float(value) for value in given)
    except (TypeError, ValueError):
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise DomainError(
            "brain.location",
            f"{location!r} is no place; give (longitude, latitude) in degrees.",
            f"位置 {location!r} 不合法，请给（经度，纬度），单位为度。",
            where="location",
        )
    return lon, lat


def propose_units(
    key: str, tasks: Sequence[Task], units: Sequence[Unit], priority: int, why: tuple[str, str]
) -> DispatchAnswer:
    """Who should take the event, with all open events re-optimised together."""
    found = assign(tasks, units)
    choice = explain_one(key, found, tasks, units)
    reasons = tuple((r.code, r.zh, r.en) for r in choice.reasons)
    details = {"minutes": found.reached.get(key)}
    proposal = Proposal("assign", choice.unit, reasons, details, choice.others)
    moved = {
        t.key: unit
        for t in tasks
        if t.unit and t.key != key and (unit := found.unit_of(t.key)) != t.unit
    }
    return DispatchAnswer(key, priority, why, (proposal,), moved)


def task_of(
    key: str,
    event: Mapping[str, Any],
    priority: int,
    at: tuple[float, float],
    before: Task | None = None,
) -> Task:
    """An event as a task; told of again, it stays with its unit where that does not cost much.

    Raises: DomainError("brain.number" | "brain.skills").
    """
    due = event.get("due", DUE_MINUTES[priority])
    return Task(
        key, *at, due=None if due is None else number("due", due, least=0, most=MOST_MINUTES),
        minutes=number("minutes", event.get("minutes", 20.0), least=0, most=MOST_MINUTES),
        priority=priority, skills=_skills(event.get("skills") or ()),
        unit=before.unit if before else None,
    )  # fmt: skip


def unit_of(key: str, at: tuple[float, float], skills: Any, more: Mapping[str, Any]) -> Unit:
    """A resource as a unit. Raises: DomainError("brain.resource" | "brain.number" |
    "brain.skills" | "dispatching.number")."""
    for name in more:
        if name not in NUMBERS:
            raise DomainError(
                "brain.resource",
                f"A resource has no {name!r}; it has {', '.join(NUMBERS)}.",
                f"力量没有属性 {name!r}，可用：{'、'.join(NUMBERS)}。",
                where=name,
            )
    numbers: dict[str, Any] = {
        name: number(name, value, least=0, most=MOST_MINUTES) for name, value in more.items()
    }
    if "most" in numbers:
        numbers["most"] = whole("most", numbers["most"], least=0, most=1000)
    unit = Unit(key, *at, skills=_skills(skills), **numbers)
    check([], [unit])
    return unit


def _skills(given: Any) -> frozenset[str]:
    wanted = [given] if isinstance(given, str) else given
    if not isinstance(wanted, Iterable) or not all(isinstance(one, str) for one in wanted):
        raise DomainError(
            "brain.skills",
            f"skills = {given!r}: give words, as ['gas', 'lift'].",
            f"skills = {given!r} 不合法，应为词的列表，如 ['gas', 'lift']。",
            where="skills",
        )
    return frozenset(wanted)


def propose_signals(
    key: str, junction: Junction, said: Prediction, priority: int, why: tuple[str, str]
) -> DispatchAnswer:
    """Timings of a junction for the flows that are forecast.

    Raises: DomainError("brain.prediction" | "brain.detector" | "signals.*").
    """
    if said.scenario != "traffic" or said.array is None:
        raise DomainError(
            "brain.prediction",
            f"A junction is timed by a prediction of traffic; this one is of {said.scenario!r}.",
            f"信号配时需要交通预测结果，收到的是 {said.scenario!r}。",
        )
    flows, estimated = _flows(junction, said)
    phases = tuple(
        Phase(
            name,
            tuple(Movement(d, flows[d], SATURATION * junction.lanes) for d in detectors),
            junction.crossing_m,
        )
        for name, detectors in junction.phases.items()
    )
    plan = time_signals(phases, present=junction.greens or None)
    remarks = list(plan.remarks)
    if estimated:
        remarks.append(
            (
                "estimated",
                "流量由速度估算（Greenshields），仅供研判",
                "flows are estimated from speeds (Greenshields): a proposal to look at",
            )
        )
    details = {
        "cycle_s": plan.cycle_s, "greens_s": dict(zip(junction.phases, plan.greens_s, strict=True)),
        "delay_s": plan.delay_s, "before_s": plan.before_s,
        "flows": {d: round(flow) for d, flow in flows.items()},
    }  # fmt: skip
    proposal = Proposal("switch_signals", junction.name, tuple(remarks), details)
    return DispatchAnswer(key, priority, why, (proposal,))


def _flows(junction: Junction, said: Prediction) -> tuple[dict[str, float], bool]:
    assert said.array is not None
    unit = str(said.values[0]["unit"])
    places = list(dict.fromkeys(str(v["place"]) for v in said.values))
    mean = said.array.mean(axis=0)
    flows, estimated = {}, unit != "veh/h"
    for detector in {d for ids in junction.phases.values() for d in ids}:
        if detector not in places:
            raise DomainError(
                "brain.detector",
                f"Junction {junction.name}: detector {detector!r} is not among the {len(places)} "
                "places of the prediction.",
                f"路口 {junction.name}：检测点 {detector!r} 不在预测的 {len(places)} 个点位中。",
            )
        value = float(mean[places.index(detector)])
        if estimated:
            density = 120.0 * (1.609 if unit == "mph" else 1.0)
            value = float(flow_from_speed(
                value, free_speed=junction.free_speed, jam_density=density, lanes=junction.lanes
            ))  # fmt: skip
        flows[detector] = value
    return flows, estimated


def kept_open(tasks: Mapping[str, Task], key: str, unit: str | None) -> dict[str, Task]:
    """The open tasks after one went to a unit."""
    return {**tasks, key: replace(tasks[key], unit=unit)}
