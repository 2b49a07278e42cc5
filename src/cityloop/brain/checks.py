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


def readings_of(values: Any, places: Sequence[str] | None = None) -> Floats:
    """Times × places, each >= 0 or NaN (missing), of an array or of rows with a column a place.

    Raises: DomainError("brain.traffic").
    """
    if isinstance(values, Mapping):
        values = [values]
    if isinstance(values, Sequence) and values and isinstance(values[0], Mapping):
        values = _of_rows(values, places or list(values[0]))
    try:
        found = np.asarray(values, dtype=float)
        found = found[None] if found.ndim == 1 and places else found
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


def _of_rows(rows: Sequence[Mapping[str, Any]], places: Sequence[str]) -> list[list[float]]:
    return [[_reading(row.get(place), n, place) for place in places] for n, row in enumerate(rows)]


def _reading(value: Any, row: int, place: str) -> float:
    try:
        return math.nan if value is None or value == "" else float(value)
    except (TypeError, ValueError):
        raise _traffic(
            f"Row {row}, column {place}: {value!r} is no number. Leave other columns out first, as "
            "brain.query of the places alone does",
            f"第 {row} 行 {place} 列：{value!r} 不是数字。请先去掉其他列，"
            "如用 brain.query 只取各点位",
        ) from None


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
    if not isinstance(junction, Junction) or not junction.name or not _has_phases(junction):
        raise DomainError(
            "brain.junction",
            f"{junction!r} is no junction: it needs a name, and phases with detectors each, as "
            "{'north-south': ('n1', 's1'), ...}.",
            f"{junction!r} 不是合法路口：需要名称、各相位的检测点，"
            "如 {'南北': ('n1', 's1'), …}。",
        )
    whole("lanes", junction.lanes, least=1, most=8)
    number("crossing_m", junction.crossing_m, least=0, most=200)
    number("free_speed", junction.free_speed, least=1, most=200)


def _has_phases(junction: Junction) -> bool:
    phases = junction.phases
    return (
        isinstance(phases, Mapping)
        and bool(phases)
        and all(ids and not isinstance(ids, str) for ids in phases.values())
    )


def _traffic(en: str, zh: str) -> DomainError:
    return DomainError("brain.traffic", f"{en}.", f"{zh}。")
