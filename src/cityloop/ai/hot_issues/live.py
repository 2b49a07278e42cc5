"""The index of the window, in the memory of the worker: built once, then only added to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from cityloop.ai.hot_issues.models import Issue, Looked, Standing
from cityloop.engines.duplicates import SameText
from cityloop.engines.hot_issues import FIXED, Reports, Stream

METRES = 111_320.0  # a degree of latitude
DAY = 86_400.0
FROM_DAY = datetime(2000, 1, 1).timestamp() / DAY  # noqa: DTZ001 - any origin serves


class Live:
    """The stream of the window and which of its rows is which report."""

    def __init__(self, rows: Sequence[Looked], revision: int) -> None:
        self.stream = Stream(regroups=False)  # the night reads the table
        self.same = SameText()
        self.reports: list[int] = []
        self.revision = revision
        self.stream.learn([r.title for r in rows], [r.text for r in rows])
        if rows:
            issues = np.array([-1 if r.issue_id is None else r.issue_id for r in rows])
            self.stream.restore(reports_of(rows), issues, free=next_issue_id())
            self.remember(rows)

    def remember(self, rows: Sequence[Looked]) -> list[list[tuple[int, float]]]:
        """Note which rows were added, and say which earlier texts theirs are."""
        self.reports += [r.report_id for r in rows]
        return self.same.add([f"{r.title}{r.text}" for r in rows])


_live: Live | None = None


def live() -> Live:
    """The index as it stands; made anew after people changed the grouping."""
    global _live  # noqa: PLW0603 - one index a process
    revision = standing().revision
    if _live is None or _live.revision != revision:
        placed = Looked.objects.filter(placed=True).order_by("received_at", "report_id")
        _live = Live(list(placed), revision)
    return _live


def forget() -> None:
    """Drop the index: the database did not take what it had taken in."""
    global _live  # noqa: PLW0603
    _live = None


def standing() -> Standing:
    """The one row."""
    return Standing.objects.get_or_create(pk=1)[0]


def next_issue_id() -> int:
    """The first number never used. Inside `write()`."""
    last = Issue.objects.order_by("-pk").values_list("pk", flat=True).first()
    return 1 if last is None else last + 1


def day_of(moment: datetime) -> float:
    """Days since the origin that the engine's times have here."""
    return moment.timestamp() / DAY - FROM_DAY


def reports_of(rows: Sequence[Looked]) -> Reports:
    """Rows as the engine takes them, places in metres around the first one."""
    lat = next((r.lat for r in rows if r.lat is not None), 0.0)
    wide = METRES * math.cos(math.radians(round(lat)))  # one plane for all batches of a city
    nan = math.nan
    return Reports(
        [r.title for r in rows],
        [r.text if r.text != r.title else "" for r in rows],
        np.array([day_of(r.received_at) for r in rows]),
        np.array([nan if r.lon is None else r.lon * wide for r in rows]),
        np.array([nan if r.lat is None else r.lat * METRES for r in rows]),
        np.array([-1 if r.district_id is None else r.district_id for r in rows]),
    )


WINDOW_DAYS = FIXED.window_days
