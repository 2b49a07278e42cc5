"""Bringing files of geography in."""

from cityloop.data.geography.commands.importing import import_file
from cityloop.data.geography.commands.missing import EVERYWHERE, Complete

__all__ = ["EVERYWHERE", "Complete", "import_file"]
