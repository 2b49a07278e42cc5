"""Where is it? Points to cells, and free text to places."""

from cityloop.engines.locating.address import Entry, Gazetteer
from cityloop.engines.locating.cells import NOWHERE, CellIndex, Kind, Located, Nearest
from cityloop.engines.locating.coverage import Finding, coverage_check
from cityloop.engines.locating.weighing import Match, Reading

__all__ = [
    "NOWHERE",
    "CellIndex",
    "Entry",
    "Finding",
    "Gazetteer",
    "Kind",
    "Located",
    "Match",
    "Nearest",
    "Reading",
    "coverage_check",
]
