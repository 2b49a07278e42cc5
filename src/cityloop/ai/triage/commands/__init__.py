"""Learning: what people corrected, training, putting a model into service."""

from cityloop.ai.triage.commands.activation import activate_model, retire_model
from cityloop.ai.triage.commands.corrections import erase_corrections, record_correction
from cityloop.ai.triage.commands.opinions import second_opinion
from cityloop.ai.triage.commands.rollout import roll_back, roll_out
from cityloop.ai.triage.commands.training import (
    Trained,
    train,
    train_from_file,
    train_from_profile,
)

__all__ = [
    "Trained",
    "activate_model",
    "erase_corrections",
    "record_correction",
    "retire_model",
    "roll_back",
    "roll_out",
    "second_opinion",
    "train",
    "train_from_file",
    "train_from_profile",
]
