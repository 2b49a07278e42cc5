"""What can be learned and predicted: triage (texts), demand (counts), traffic (readings)."""

from cityloop.brain.scenarios.counts import load_counts, predict_demand, save_counts, train_demand
from cityloop.brain.scenarios.kinds import Scenario, Trained
from cityloop.brain.scenarios.readings import (
    load_rules,
    predict_readings,
    save_rules,
    train_readings,
)
from cityloop.brain.scenarios.texts import predict_triage, train_triage
from cityloop.brain.values import Floats, Prediction, Row
from cityloop.engines import triage
from cityloop.kernel.errors import DomainError

__all__ = ["Scenario", "Trained", "prediction", "scenario_of"]

SCENARIOS: dict[str, Scenario] = {
    "triage": Scenario(
        train_triage, predict_triage, lambda m, p: m.save(p), triage.TriageModel.load
    ),
    "demand": Scenario(train_demand, predict_demand, save_counts, load_counts),
    "traffic": Scenario(train_readings, predict_readings, save_rules, load_rules),
}


def scenario_of(name: str) -> Scenario:
    """Raises: DomainError("brain.scenario")."""
    if name not in SCENARIOS:
        raise DomainError(
            "brain.scenario",
            f"There is no scenario {name!r}; there are {', '.join(SCENARIOS)}.",
            f"没有场景 {name!r}，可用：{'、'.join(SCENARIOS)}。",
        )
    return SCENARIOS[name]


def prediction(
    name: str, version: int, given: tuple[list[Row], Floats | None, list[str]]
) -> Prediction:
    """What a scenario said, as a value."""
    values, array, remarks = given
    return Prediction(name, version, tuple(values), array, tuple(remarks))
