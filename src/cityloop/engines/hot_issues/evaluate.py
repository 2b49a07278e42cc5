"""Figures of a grouping against issues that people put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cityloop.engines.hot_issues.values import INTS


@dataclass(frozen=True, slots=True)
class Match:
    """The group that fits a reference best: F1, precision (purity), recall (wholeness), size."""

    f1: float
    precision: float
    recall: float
    size: int


def match(labels: INTS, members: Sequence[int]) -> Match:
    """Best of all groups for one reference. members: numbers of its reports, not empty."""
    inside = labels[np.asarray(members)]
    best = Match(0.0, 0.0, 0.0, 0)
    for label in np.unique(inside[inside >= 0]).tolist():
        size, both = int((labels == label).sum()), int((inside == label).sum())
        precision, recall = both / size, both / len(members)
        f1 = 2 * precision * recall / (precision + recall)
        best = max(best, Match(f1, precision, recall, size), key=lambda m: m.f1)
    return best


def mean_f1(labels: INTS, references: Mapping[str, Sequence[int]]) -> float:
    """Mean over references of the best group's F1."""
    return float(np.mean([match(labels, members).f1 for members in references.values()]))
