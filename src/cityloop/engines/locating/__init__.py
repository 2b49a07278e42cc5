"""Where is it? Points to cells, and free text to places."""

from cityloop.engines.locating.cells import NOWHERE, CellIndex, Kind, Located, Nearest
from cityloop.engines.locating.coverage import Finding, coverage_check

__all__ = [
    "NOWHERE",
    "CellIndex",
    "Finding",
    "Kind",
    "Located",
    "Nearest",
    "coverage_check",
]
