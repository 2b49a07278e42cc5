"""What comes in from outside is looked at before anything is kept: numbers, options, readings."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cityloop.brain.values import Floats, Junction
from cityloop.kernel.errors import DomainError

UNITS = ("veh/h", "mph", "km/h")
DAY_MINUTES = 1440


def check_options(call: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Raises: DomainError("brain.option") for a keyword the call does not take, naming those it
    does."""
    taken = inspect.signature(call).parameters.values()
    known = [p.name for p in taken if p.kind is p.KEYWORD_ONLY]
    if any(p.kind is p.VAR_KEYWORD for p in taken):
        return
    for name in options:
        if name not in known:
            raise DomainError(
                "brain.option",
                f"There is no option {name!r} here; there are: {', '.join(known) or 'none'}.",
                f"没有选项 {name!r}，可用：{'、'.join(known) or '无'}。",
                where=name,
            )


def number(what: str, value: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number within limits. Raises: DomainError("brain.number")."""
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not (least <= found <= most and math.isfinite(found)):
        raise DomainError(
            "brain.number",
            f"{what} = {value!r} is no number from {least:g} to {most:g}.",
            f"{what} = {value!r} 不合法，应为 {least:g} 到 {most:g} 之间的数。",
            where=what,
        )
    return found


def whole(what: str, value: Any, *, least: int, most: int) -> int:
    """A whole number within limits. Raises: DomainError("brain.number")."""
    found = number(what, value, least=least, most=most)
    if found != int(found):
        number(what, f"{value} (not whole)")
    return int(found)


def readings_of(values: Any) -> Floats:
    """Times × places, each >= 0 or NaN (missing). Raises: DomainError("brain.traffic")."""
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise _traffic("Readings are not all numbers", "读数含有非数字") from None
    if found.ndim != 2 or not found.size:
        raise _traffic(
            f"Readings have the shape {found.shape}; needed is times × places",
            f"读数形状为 {found.shape}，应为 时刻×点位",
        )
    if np.isinf(found).any() or (found < 0).any():
        raise _traffic(
            "A reading is below 0 or infinite; missing ones are NaN",
            "读数出现负数或无穷大；缺失请用 NaN",
        )
    return found


def check_traffic(
    places: Sequence[str], known: Sequence[str] | None, *, unit: str, step_minutes: int
) -> None:
    """Raises: DomainError("brain.traffic") for places named twice or others than before, and for
    an unknown unit or step."""
    if len(set(places)) < len(places):
        raise _traffic("A place is named twice", "点位名称重复")
    if known is not None and tuple(places) != tuple(known):
        raise _traffic(
            f"These are other places than the {len(known)} that came before; a second network "
            "needs a CityBrain of its own",
            f"点位与此前的 {len(known)} 个不同；另一路网请另建一个 CityBrain",
        )
    if unit not in UNITS:
        raise _traffic(
            f"Unit {unit!r} is not known; there are {', '.join(UNITS)}",
            f"单位 {unit!r} 不认识，可用：{'、'.join(UNITS)}",
        )
    check_step(step_minutes)


def check_step(step_minutes: int) -> None:
    """Raises: DomainError("brain.traffic") unless a day is made of whole steps."""
    if not isinstance(step_minutes, int) or step_minutes < 1 or DAY_MINUTES % step_minutes:
        raise _traffic(
            f"step_minutes = {step_minutes!r}: a day must be made of whole steps (5, 10, 15 ...)",
            f"step_minutes = {step_minutes!r}：一天须由整数个步长组成（5、10、15……）",
        )


def check_junction(junction: Any) -> None:
    """Raises: DomainError("brain.junction")."""
    fits = isinstance(junction, Junction) and junction.phases and junction.lanes >= 1
    if not fits or not all(junction.phases.values()) or junction.crossing_m < 0:
        raise DomainError(
            "brain.junction",
            f"{junction!r} is no junction: it needs a name, phases with detectors, at least one "
            "lane, and a crossing of 0 m or more.",
            f"{junction!r} 不是合法路口：需要名称、各相位的检测点、至少一条车道、"
            "不为负的过街距离。",
        )


def _traffic(en: str, zh: str) -> DomainError:
    return DomainError("brain.traffic", f"{en}.", f"{zh}。")
