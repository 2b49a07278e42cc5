"""CityBrain: the Python API of the whole. docs/guide/city-brain.md; runs as an example there.

from cityloop.brain import CityBrain
"""

from cityloop.brain.core import CityBrain
from cityloop.brain.values import (
    DispatchAnswer,
    Junction,
    ModelInfo,
    Prediction,
    Proposal,
    SourceInfo,
    TrafficFlow,
)

__all__ = [
    "CityBrain",
    "DispatchAnswer",
    "Junction",
    "ModelInfo",
    "Prediction",
    "Proposal",
    "SourceInfo",
    "TrafficFlow",
]
