"""Taking elements in, declaring kinds."""

from cityloop.city.elements.commands.kinds import (
    profile_kinds,
    register_kinds,
    register_profile_kinds,
)
from cityloop.city.elements.commands.taking import take

__all__ = ["profile_kinds", "register_kinds", "register_profile_kinds", "take"]
