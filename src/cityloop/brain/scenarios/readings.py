"""traffic: readings of the next minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cityloop.brain.checks import DAY_MINUTES, check_step, readings_of, whole
from cityloop.brain.scenarios.kinds import Report, Trained, digest
from cityloop.brain.values import Floats, Row, TrafficFlow
from cityloop.engines.forecast.traffic import TrafficModel, train_traffic
from cityloop.kernel.errors import DomainError


def train_readings(
    readings: Any,
    *,
    links: Any = None,
    steps_ahead: int = 3,
    step_minutes: int = 5,
    slot: int = 0,
) -> Trained:
    """From readings (times, places) and, where known, the nearness of places (places, places).

    The last tenth is left out first, to say what the model reaches on it.

    Args:
        slot: step of the day of the first reading, 0 = 00:00.
    """
    seen = readings_of(readings)
    check_step(step_minutes)
    per_day, kept = DAY_MINUTES // step_minutes, int(len(seen) * 0.9)
    slot = whole("slot", slot, least=0, most=per_day - 1)
    steps_ahead = whole("steps_ahead", steps_ahead, least=1, most=per_day)
    near = np.eye(seen.shape[1]) if links is None else _nearness(links)
    given = {"steps_ahead": steps_ahead, "steps_per_day": per_day}
    tried = train_traffic(seen[:kept], near, slot=slot, **given)
    report = _tested(tried, seen, kept, slot)
    model = train_traffic(seen, near, slot=slot, **given)
    return Trained(model, len(seen), digest(seen, str(near.sum())), report)


def _nearness(links: Any) -> Floats:
    """Raises: DomainError("brain.traffic")."""
    try:
        return np.asarray(links, dtype=float)
    except (TypeError, ValueError) as error:
        raise DomainError(
            "brain.traffic",
            f"links are no numbers ({error}); give how near places are, places × places.",
            f"links 不是数值（{error}）；请给出点位之间的邻接，点位×点位。",
            where="links",
        ) from error


def _tested(model: TrafficModel, seen: Floats, kept: int, slot: int) -> Report:
    ahead = len(model.rules)
    moments = range(kept, len(seen) - ahead)
    wrong, still = [], []
    for at in moments:
        said = model.predict(seen[at - 12 : at], (slot + at - 1) % model.steps_per_day)[-1]
        truth = seen[at + ahead - 1]
        wrong.append(np.abs(said - truth))
        still.append(np.abs(seen[at - 1] - truth))
    known = np.isfinite(wrong) & np.isfinite(still)
    if not known.any():
        return {}  # too few steps, or no reading among the last
    return {
        "mae": round(float(np.array(wrong)[known].mean()), 3),
        "mae_persistence": round(float(np.array(still)[known].mean()), 3),
    }


def predict_readings(model: TrafficModel, flow: TrafficFlow) -> tuple[list[Row], Floats, list[str]]:
    """The next steps of every place of a TrafficFlow."""
    if not isinstance(flow, TrafficFlow):
        raise DomainError(
            "brain.flow",
            "Traffic is predicted from a TrafficFlow (see get_traffic_flow); "
            f"got {type(flow).__name__}.",
            f"交通预测需要 TrafficFlow（见 get_traffic_flow），收到 {type(flow).__name__}。",
        )
    minutes = DAY_MINUTES // model.steps_per_day
    if flow.step_minutes != minutes:
        raise DomainError(
            "brain.flow",
            f"The model was trained on readings every {minutes} minutes; these come every "
            f"{flow.step_minutes}.",
            f"模型按每 {minutes} 分钟一次的读数训练，收到的是每 {flow.step_minutes} 分钟一次。",
        )
    array = model.predict(flow.values, flow.slot)
    values: list[Row] = [
        {"place": place, "minutes": (step + 1) * flow.step_minutes, "value": round(float(v), 2),
         "unit": flow.unit}
        for step, row in enumerate(array)
        for place, v in zip(flow.places, row, strict=True)
    ]  # fmt: skip
    return values, array, []


def save_rules(model: TrafficModel, path: Path) -> None:
    with path.open("wb") as file:
        np.savez_compressed(
            file, usual=model.usual, neighbours=model.neighbours, rules=model.rules,
            steps_per_day=model.steps_per_day,
        )  # fmt: skip


def load_rules(path: Path) -> TrafficModel:
    with np.load(path, allow_pickle=False) as kept:
        return TrafficModel(
            kept["usual"], kept["neighbours"], kept["rules"], int(kept["steps_per_day"])
        )
