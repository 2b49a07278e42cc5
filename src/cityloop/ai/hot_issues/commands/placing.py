"""New reports are placed: into an issue, beside another one, or alone; likely repeats are noted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.ai.hot_issues import live
from cityloop.ai.hot_issues.commands.figures import refresh
from cityloop.ai.hot_issues.models import Alike, Issue, Looked
from cityloop.ai.hot_issues.settings import limits
from cityloop.city.bulk import update_rows
from cityloop.city.db import write
from cityloop.engines.duplicates import Advice, Candidate, advise
from cityloop.engines.hot_issues.pairs import Pairs

# A batch writes for some 30 ms; on SQLite reports wait for it.
BATCH, LOOKED_AT, KEPT = 40, 6, 3


def place_new(*, now: datetime, limit: int = BATCH) -> int:
    """Place what waits, oldest first; returns how many. Once per report, all or nothing."""
    waiting = Looked.objects.filter(placed=False).order_by("received_at", "report_id")
    if not waiting.exists():
        return 0
    live.live()  # built, where it is not, before anybody has to wait for the transaction
    try:
        # What is alike is reckoned before: others cannot write during the transaction.
        ready = _compared(list(waiting[:limit]), now)
        with write():
            _place(ready, now)
    except _Overtaken:
        live.forget()
        return place_new(now=now, limit=limit)
    except BaseException:
        live.forget()  # the index has what the database has not
        raise
    return len(ready.rows)


class _Overtaken(Exception):
    """A person changed the grouping while new rows were compared."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """New rows as the index has taken them in."""

    index: live.Live
    rows: list[Looked]
    similarity: list[float]
    alike: list[Alike]


def _compared(rows: list[Looked], now: datetime) -> _Ready:
    index = live.live()
    start = len(index.reports)
    placed = index.stream.add(live.reports_of(rows))
    same = index.remember(rows)
    alike = _alike_ones(index, rows, start, same, now)
    return _Ready(index, rows, [p.similarity for p in placed], alike)


def _place(ready: _Ready, now: datetime) -> None:
    if live.standing().revision != ready.index.revision:
        raise _Overtaken
    touched = _assign(ready.index, ready.rows, ready.similarity, now)
    Alike.objects.bulk_create(ready.alike, ignore_conflicts=True, batch_size=500)
    refresh(touched, now=now)


def _assign(
    index: live.Live, rows: list[Looked], similarity: list[float], now: datetime
) -> set[int]:
    """Write down the issues of the new rows, and of single ones that they joined."""
    new = {row.report_id: row for row in rows}
    moved = {index.reports[i]: index.stream.issue_of[i] for i in index.stream.changed}
    older = Looked.objects.filter(report_id__in=[pk for pk in moved if pk not in new])
    changed = [*older, *rows]
    numbers = set(moved.values())
    known = set(Issue.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    first = {moved[r.report_id]: r for r in reversed(changed) if r.report_id in moved}
    Issue.objects.bulk_create(
        Issue(id=n, title=first[n].title, created_at=now, updated_at=now,
              first_at=first[n].received_at, last_at=first[n].received_at)
        for n in sorted(numbers - known)
    )  # fmt: skip
    for row in changed:
        row.issue_id = moved.get(row.report_id)
        row.placed = True
    for row, value in zip(rows, similarity, strict=True):
        row.similarity = value
    update_rows(Looked, changed, ["issue", "placed", "similarity"])
    return numbers


def _alike_ones(
    index: live.Live,
    rows: list[Looked],
    start: int,
    same: list[list[tuple[int, float]]],
    now: datetime,
) -> list[Alike]:
    alike = _likenesses(index.stream.newest, start, len(rows))
    for i, texts in enumerate(same):
        for other, share in texts[:LOOKED_AT]:
            was = alike[i].get(other, (0.0, 0.0))
            alike[i][other] = (was[0], share)
    ids = {index.reports[other] for found in alike.values() for other in found}
    known = {r.report_id: r for r in Looked.objects.filter(report_id__in=ids)}
    kept: list[Alike] = []
    since = now - timedelta(days=limits().alike_days)
    for i, row in enumerate(rows):
        others = [
            (known[index.reports[n]], values)
            for n, values in alike[i].items()
            if index.reports[n] in known
        ]
        kept += _best(row, [(o, v) for o, v in others if o.is_open or o.received_at >= since], now)
    return kept


def _likenesses(pairs: Pairs, start: int, count: int) -> dict[int, dict[int, tuple[float, float]]]:
    """The most similar earlier rows of each new one: row → (similarity, share of the text)."""
    near: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for left, right, value in zip(
        pairs.left.tolist(), pairs.right.tolist(), pairs.similarity.tolist(), strict=True
    ):
        near[left - start].append((value, right))
    found: dict[int, dict[int, tuple[float, float]]] = {i: {} for i in range(count)}
    for i, values in near.items():
        found[i] = {right: (value, 0.0) for value, right in sorted(values)[-LOOKED_AT:]}
    return found


def _best(
    row: Looked, others: list[tuple[Looked, tuple[float, float]]], now: datetime
) -> list[Alike]:
    by_case: dict[int, tuple[Looked, Advice]] = {}
    for other, (similarity, share) in others:
        if other.case_id == row.case_id:
            continue
        said = advise(_candidate(row, other, similarity, share))
        held = by_case.get(other.case_id)
        if said.verdict != "separate" and (held is None or held[1].score < said.score):
            by_case[other.case_id] = (other, said)
    best = sorted(by_case.values(), key=lambda p: (p[1].verdict, -p[1].score))[:KEPT]
    return [_alike(row, other, said, now) for other, said in best]


def _candidate(row: Looked, other: Looked, similarity: float, share: float) -> Candidate:
    metres = None
    if None not in (row.lon, row.lat, other.lon, other.lat):
        both = live.reports_of([row, other])
        metres = float(((both.x[0] - both.x[1]) ** 2 + (both.y[0] - both.y[1]) ** 2) ** 0.5)
    hours = abs((row.received_at - other.received_at).total_seconds()) / 3_600
    same_class = row.class_key == other.class_key if row.class_key and other.class_key else None
    return Candidate(
        f"{row.title}。{row.text}", f"{other.title}。{other.text}",
        similarity, share, metres, hours, same_class,
    )  # fmt: skip


def _alike(row: Looked, other: Looked, said: Advice, now: datetime) -> Alike:
    return Alike(
        report_id=row.report_id,
        case_id=row.case_id,
        other_report_id=other.report_id,
        other_case_id=other.case_id,
        other_number=other.case_number,
        verdict=said.verdict,
        score=said.score,
        words=list(said.words),
        metres=said.metres,
        hours=said.hours,
        same_text=said.same_text,
        same_class=said.same_class,
        at=now,
    )
