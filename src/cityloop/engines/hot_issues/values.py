"""What goes in, and the one fixed setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError

FLOATS = NDArray[np.float64]
INTS = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """The setting of all figures in docs/algorithms/hot-issues.md; not tuned per file.

    Args:
        title_share: weight of what the titles share; the rest is title (twice) and body.
        body_characters: how much of a body is read.
        most_share, most_reports: a gram in more reports than either says nothing of one issue;
        few: this many reports are never too many (a platform in its first days).
        floor: text similarities below are taken as 0; after all factors, those below `least_kept`.
        same_issue: mean similarity over all pairs of two groups from which they are one issue.
        axes: directions of matter learnt from which common words go together; without_axes: what
        is left of a similarity while too few reports have come to learn them.
        window_days: reports further apart are not compared.
        held: so many of the newest reports are kept to compare with (and up to a quarter more):
        memory and cost of a report are bounded by it, however many come in a year.
        most_found: a gram leads to so many of the newest reports that hold it, not to older ones.
        speakers: so many of its newest members speak for an issue when a new report is placed.
        fade_days, fade: a pair `fade_days` or more apart loses the share `fade`.
        near_m, far_m: places up to `near_m` apart count as one; beyond `far_m` never one issue.
        far_share: what is left of the similarity at `far_m`.
        other_area: what is left of it when two reports name different districts, and when their
        titles name different lines, numbered roads, schools or estates.
    """

    title_share: float = 0.35
    body_characters: int = 200
    most_share: float = 0.05
    most_reports: int = 1_000
    few: float = 30.0
    floor: float = 0.04
    least_kept: float = 0.03
    same_issue: float = 0.095
    axes: int = 30
    without_axes: float = 0.6
    window_days: float = 1_000.0
    held: int = 131_072
    most_found: int = 200
    speakers: int = 60
    fade_days: float = 365.0
    fade: float = 0.15
    near_m: float = 300.0
    far_m: float = 3_000.0
    far_share: float = 0.6
    other_area: float = 0.2


FIXED = Settings()


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports side by side.

    Args:
        titles, bodies: texts, one each; "" where there is none.
        days: time of receipt in days since any common origin, shape (n,).
        x, y: metres in a common plane, shape (n,); NaN where the place is not known.
        areas: number of the district a report lies in or names, shape (n,); -1 = not known.
    Raises: DomainError("issues.lengths") when the lengths differ, ("issues.time") when a time is
        not a finite number.
    """

    titles: Sequence[str]
    bodies: Sequence[str]
    days: FLOATS
    x: FLOATS
    y: FLOATS
    areas: INTS

    def __post_init__(self) -> None:
        parts = (self.titles, self.bodies, self.days, self.x, self.y, self.areas)
        lengths = [len(part) for part in parts]
        if len(set(lengths)) > 1:
            raise DomainError(
                "issues.lengths",
                f"Titles, bodies, times, x, y and areas have {lengths} entries; give as many of "
                "each.",
                f"标题、正文、时间、x、y、区域的数量分别为 {lengths}，须一致。",
                where="reports",
            )
        bad = np.flatnonzero(~np.isfinite(self.days))
        if bad.size:
            raise DomainError(
                "issues.time",
                f"Report {bad[0]} has no time of receipt; give each report one.",
                f"第 {bad[0]} 条缺少受理时间，请补全。",
                where=str(bad[0]),
            )

    def __len__(self) -> int:
        return len(self.titles)

    @classmethod
    def of_texts(
        cls,
        titles: Sequence[str],
        bodies: Sequence[str],
        days: Sequence[float] | FLOATS,
        areas: Sequence[int] | INTS | None = None,
    ) -> Reports:
        """Reports whose coordinates are not known."""
        nowhere = np.full(len(titles), np.nan)
        known = np.full(len(titles), -1) if areas is None else np.asarray(areas, dtype=np.int64)
        return cls(titles, bodies, np.asarray(days, dtype=np.float64), nowhere, nowhere, known)

    def slice(self, start: int, stop: int) -> Reports:
        """The reports start .. stop - 1."""
        s = slice(start, stop)
        arrays = (self.days[s], self.x[s], self.y[s], self.areas[s])
        return Reports(self.titles[s], self.bodies[s], *arrays)
