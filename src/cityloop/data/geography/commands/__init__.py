"""Bringing files of geography in."""

from cityloop.data.geography.commands.importing import import_file

__all__ = ["import_file"]
