"""`cityloop import geography FILE`: the same as `cityloop geography import FILE`."""

from cityloop.data.geography.management.commands.geography_import import Command

__all__ = ["Command"]
