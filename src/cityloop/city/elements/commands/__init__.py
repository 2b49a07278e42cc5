"""Taking elements in, changing them, inspecting components."""

from cityloop.city.elements.commands.changing import add, change, retire
from cityloop.city.elements.commands.files import import_file
from cityloop.city.elements.commands.inspecting import INSPECTED, end_plan, inspect, set_plan
from cityloop.city.elements.commands.kinds import (
    profile_kinds,
    register_kinds,
    register_profile_kinds,
)
from cityloop.city.elements.commands.locating import relocate
from cityloop.city.elements.commands.missing import MOST_SHARE, end_missing
from cityloop.city.elements.commands.taking import take

__all__ = [
    "INSPECTED",
    "MOST_SHARE",
    "add",
    "change",
    "end_missing",
    "end_plan",
    "import_file",
    "inspect",
    "profile_kinds",
    "register_kinds",
    "register_profile_kinds",
    "relocate",
    "retire",
    "set_plan",
    "take",
]
