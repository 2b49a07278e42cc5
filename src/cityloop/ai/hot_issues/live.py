"""The index of the newest reports, in the memory of the worker: built once, then added to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Protocol

import numpy as np

from cityloop.ai.hot_issues.models import Issue, Looked, Standing
from cityloop.engines.duplicates import SameText, signatures
from cityloop.engines.hot_issues import FIXED, Reports, Stream

METRES = 111_320.0  # a degree of latitude
DAY = 86_400.0
FROM_DAY = datetime(2000, 1, 1).timestamp() / DAY  # noqa: DTZ001 - any origin serves


class Row(Protocol):
    """What is read of a report; rows of the table have it, and so have those of `newest`."""

    @property
    def report_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def district_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Held:
    """One of the newest reports, without what grouping does not need."""

    report_id: int
    title: str
    text: str
    received_at: datetime
    lon: float | None
    lat: float | None
    district_id: int | None
    issue_id: int | None
    pinned: bool


def newest(*, since: datetime | None = None, most: int = FIXED.held) -> list[Held]:
    """The newest placed reports, at most as many as the engine holds, oldest first."""
    rows = Looked.objects.filter(placed=True)
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    rows = rows.order_by("-received_at", "-report_id")[:most]
    names = [field.name for field in fields(Held)]
    return [Held(*row) for row in rows.values_list(*names).iterator(chunk_size=2_000)][::-1]


class Live:
    """The stream of the newest reports and which of its rows is which report."""

    def __init__(self, rows: Sequence[Held], revision: int) -> None:
        self.stream = Stream()
        self.same = SameText(held=FIXED.held)
        self.reports: list[int] = []
        self.revision = revision
        self.stream.learn([r.title for r in rows], [r.text for r in rows])
        if rows:
            issues = np.array([-1 if r.issue_id is None else r.issue_id for r in rows])
            self.stream.restore(reports_of(rows), issues, free=next_issue_id())
            self.reports = [r.report_id for r in rows]
            self.same.hold(signatures([_words(r) for r in rows]))

    def remember(self, rows: Sequence[Row]) -> list[list[tuple[int, float]]]:
        """Note which rows were added, and say which earlier texts theirs are."""
        self.reports += [r.report_id for r in rows]
        return self.same.add([_words(r) for r in rows])

    def follow(self, revision: int) -> None:
        """Issues as people left them; texts, times and places are as they were read."""
        self.revision = revision
        if not self.reports:
            return
        first = self.stream.index.first
        held = self.reports[first:]
        known = Looked.objects.filter(issue__isnull=False, report_id__gte=min(held))
        issue_of = dict(known.values_list("report_id", "issue_id"))
        issues = self.stream.issue_of.copy()
        issues[first:] = [issue_of.get(report, -1) for report in held]
        self.stream.reassign(issues, free=next_issue_id())


def _words(row: Row) -> str:
    return f"{row.title}{row.text}"


_live: Live | None = None


def live() -> Live:
    """The index as it stands, after people changed the grouping as they left it."""
    global _live  # noqa: PLW0603 - one index a process
    revision = standing().revision
    if _live is None:
        _live = Live(newest(), revision)
    elif _live.revision != revision:
        _live.follow(revision)
    return _live


def forget() -> None:
    """Drop the index: it has what the database has not, or is to be learnt anew."""
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


def reports_of(rows: Sequence[Row]) -> Reports:
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
