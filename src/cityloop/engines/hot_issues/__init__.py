"""Many reports of one matter at one place: found, kept, measured."""

from cityloop.engines.hot_issues.find import find_issues
from cityloop.engines.hot_issues.heat import Heat, heat_of
from cityloop.engines.hot_issues.stream import Stream
from cityloop.engines.hot_issues.values import FIXED, Reports, Settings
from cityloop.engines.hot_issues.wording import common_words, shared_words

__all__ = [
    "FIXED",
    "Heat",
    "Reports",
    "Settings",
    "Stream",
    "common_words",
    "find_issues",
    "heat_of",
    "shared_words",
]
