"""Levels, codes, the tree in memory, area files, who answers: values only."""

from cityloop.city.places.domain.codes import CodeTemplate
from cityloop.city.places.domain.duty import NOBODY, Answerer, Rank, answerer
from cityloop.city.places.domain.levels import LEVEL_NAMES, LEVELS, AreaInfo, AreaPath, Level
from cityloop.city.places.domain.tree import AreaTree

__all__ = [
    "LEVELS",
    "LEVEL_NAMES",
    "NOBODY",
    "Answerer",
    "AreaInfo",
    "AreaPath",
    "AreaTree",
    "CodeTemplate",
    "Level",
    "Rank",
    "answerer",
]
