"""Mapping, features, coordinate systems, geometry, report: values and arrays only."""

from cityloop.data.geography.domain.boundaries import Boundary, Registered, number_boundaries
from cityloop.data.geography.domain.features import Feature, match, property_of, text_of
from cityloop.data.geography.domain.mapping import GeographyMap, Rule, parse_map
from cityloop.data.geography.domain.report import (
    Count,
    Report,
    advice,
    summary_lines,
    tree_lines,
)
from cityloop.data.geography.domain.shapes import Judged, judge_shapes
from cityloop.data.geography.domain.systems import decide_system

__all__ = [
    "Boundary",
    "Count",
    "Feature",
    "GeographyMap",
    "Judged",
    "Registered",
    "Report",
    "Rule",
    "advice",
    "decide_system",
    "judge_shapes",
    "match",
    "number_boundaries",
    "parse_map",
    "property_of",
    "summary_lines",
    "text_of",
    "tree_lines",
]
