"""New versions of the catalogue."""

from cityloop.business.catalogue.commands.profile import load_departments, load_from_profile
from cityloop.business.catalogue.commands.versions import (
    ClassSpec,
    ConditionSpec,
    DutySpec,
    activate,
    choose_version,
    write_version,
)

__all__ = [
    "ClassSpec",
    "ConditionSpec",
    "DutySpec",
    "activate",
    "choose_version",
    "load_departments",
    "load_from_profile",
    "write_version",
]
