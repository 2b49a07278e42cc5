"""A synthetic district to show, try and test with: invented, yet shaped like a real one."""

from cityloop.engines.district.generate import generate
from cityloop.engines.district.model import (
    Area,
    Building,
    Component,
    Compound,
    District,
    Landscape,
    Spot,
    Street,
)

__all__ = [
    "Area",
    "Building",
    "Component",
    "Compound",
    "District",
    "Landscape",
    "Spot",
    "Street",
    "generate",
]
