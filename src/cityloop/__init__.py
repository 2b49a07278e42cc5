"""CityLoop (城环): the open city-operations platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cityloop.brain import CityBrain

__all__ = ["CityBrain"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`from cityloop import CityBrain`, without its weight for those who do not ask for it."""
    if name == "CityBrain":
        from cityloop.brain import CityBrain

        return CityBrain
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
