"""The figures of the synthetic cases, as their follower would have counted them.

The measures of each event come from the platform's own arithmetic (`appraisal.domain.flows`);
only the adding up over a million cases is done in columns. `check` compares the sums with the
follower's `deltas`, event by event, on a sample.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks._million import Drawn, local_days
from benchmarks._rows import insert_columns
from cityloop.business.appraisal.domain import EPOCH, Key, deltas, flows
from cityloop.business.appraisal.models import Figure

Rows = NDArray[np.int64]
CHUNK = 500_000
DAY = np.timedelta64(1, "D")
STEPS = ("filed", "dispatched", "handling", "verifying", "verified", "closed", "evaluated")
LEVELS = ("district", "subdistrict", "community", "cell")
Event = tuple[str, dict[str, Any], Rows, int]  # kind, data, which cases, days after receipt


def events(drawn: Drawn) -> Iterator[Event]:
    """Groups of equal events. Stocks are told by from/to, which flows leave aside."""
    everyone = np.arange(len(drawn))
    for channel in np.unique(drawn.channel):
        mine = np.flatnonzero(drawn.channel == channel)
        yield "case.receive", {"channel": str(channel)}, mine, 0
    for name, kind in (("rejected", "reject"), ("merged", "merge"), ("withdrawn", "withdraw")):
        mine = np.flatnonzero(drawn.state == name)
        data = {"stage_on_time": True} if kind == "reject" else {}
        yield f"case.{kind}", data, mine, 0
    reached = _reached(drawn.state)
    filed = everyone[reached >= 0]
    yield "case.file", {"stage_on_time": True}, filed, 0
    for auto in (True, False):
        mine = np.flatnonzero((reached >= 1) & (drawn.auto == auto))
        yield "case.dispatch", {"auto": auto, "department": 1}, mine, 0
    for late in (True, False):
        of = drawn.late == late
        data = {"department": 1, "on_time": not late}
        yield "case.accept", data, np.flatnonzero((reached >= 2) & of), 0
        yield "case.feed_back", {**data, "first": True}, np.flatnonzero((reached >= 2) & of), 1
        done = {"department": 1, "handled": True, "case_on_time": not late, "first": late}
        yield "case.finish", done, np.flatnonzero((reached >= 3) & of), 1
        yield "case.close", data, np.flatnonzero((reached >= 5) & of), 1
    yield "case.pass", {"department": 1, "stage_on_time": True}, everyone[reached >= 4], 1
    for solved in (True, False):
        answers = {"responded": True, "solved": solved, "satisfied": solved}
        mine = np.flatnonzero((reached >= 6) & (drawn.solved == solved))
        yield "case.rate", {"department": 1, **answers}, mine, 2


def _reached(state: NDArray[np.str_]) -> Rows:
    """How far along STEPS a case came; -1 = not filed."""
    place = {name: n for n, name in enumerate(STEPS)} | {"suspended": 2}
    return np.array([place.get(s, -1) for s in state.tolist()], np.int64)


def write_figures(drawn: Drawn) -> int:
    """Count everything and write it; returns how many rows."""
    check(drawn)
    table, keys, measures = counted(drawn)
    names, words = np.array(["", *keys]), np.array(measures)
    dates = np.array([str(np.datetime64(d, "D")) for d in range(int(table[0].max()) + 1)])
    for start in range(0, table.shape[1], CHUNK):
        day, area, key, unit, measure, n = table[:, start : start + CHUNK]
        insert_columns(Figure, len(n), {
            "id": range(start + 1, start + len(n) + 1), "day": dates[day], "area_id": area,
            "class_key": names[key], "department_id": unit, "measure": words[measure], "n": n,
        })  # fmt: skip
    return int(table.shape[1])


def counted(drawn: Drawn) -> tuple[Rows, list[str], list[str]]:
    """Every figure of these cases as columns (day, area, class, unit, measure, n), day by day,
    with the class keys (from 1) and the measures that they point to."""
    keys, classes = np.unique(drawn.class_key, return_inverse=True)
    days = local_days(drawn.received)
    parts: dict[str, list[Rows]] = {}
    for kind, data, mine, after in events(drawn):
        for measure, unit in flows(kind, data):
            at = (days[mine] + after * DAY).astype(np.int64)
            parts.setdefault(measure, []).extend(_sides(drawn, classes, mine, at, bool(unit)))
    for column, prefix in ((drawn.state, "state"), (drawn.alert, "alert")):
        for value in filter(None, np.unique(column).tolist()):
            mine = np.flatnonzero(column == value)
            sides = _sides(drawn, classes, mine, np.zeros(len(mine), np.int64), True)
            parts.setdefault(f"{prefix}:{value}", []).extend(sides)
    measures = sorted(parts)
    blocks = []
    for place, measure in enumerate(measures):
        found = _summed(np.concatenate(parts[measure], axis=1))
        blocks.append(np.insert(found, 4, place, axis=0))
    table = np.concatenate(blocks, axis=1)
    # By day first: so they would have come to be, and so they lie on the disk.
    order = np.lexsort((table[4], table[3], table[2], table[1], table[0]))
    return table[:, order], [str(k) for k in keys], measures


def _sides(drawn: Drawn, classes: Rows, mine: Rows, days: Rows, by_unit: bool) -> Iterator[Rows]:
    """Rows (day, area, class, unit, n) of one measure: whole, by class, by unit, a level."""
    nothing = np.zeros(len(mine), np.int64)
    units = drawn.department[mine]
    for level, areas in zip(LEVELS, drawn.path[mine].T, strict=True):
        yield _summed(np.array([days, areas, nothing, nothing, nothing + 1]))
        if level == "cell":
            continue
        yield _summed(np.array([days, areas, classes[mine] + 1, nothing, nothing + 1]))
        if by_unit:
            sent = units > 0
            yield _summed(np.array([days, areas, nothing, units, nothing + 1])[:, sent])


def _summed(rows: Rows) -> Rows:
    """Rows (day, area, class, unit, n) with the n of equal ones added up."""
    if not rows.shape[1]:
        return rows
    lows = rows[:4].min(axis=1)
    shape = tuple((rows[:4].max(axis=1) - lows + 1).tolist())
    flat = np.ravel_multi_index(tuple(rows[:4] - lows[:, None]), shape)
    present, places = np.unique(flat, return_inverse=True)
    sums = np.bincount(places, weights=rows[4]).astype(np.int64)
    return np.array([*(np.array(np.unravel_index(present, shape)) + lows[:, None]), sums])


def totals(drawn: Drawn) -> Counter[Key]:
    """The same as the follower's keys, for the comparison."""
    table, keys, measures = counted(drawn)
    names = ["", *keys]
    found: Counter[Key] = Counter()
    for day, area, key, unit, measure, n in table.T.tolist():
        found[
            (np.datetime64(day, "D").astype(object), area, names[key], unit, measures[measure])
        ] = n
    return found


def check(drawn: Drawn, sample: int = 400) -> None:
    """Raises: AssertionError when columns and follower count a sample differently."""
    chosen = np.linspace(0, len(drawn) - 1, min(sample, len(drawn))).astype(np.int64)
    small = Drawn(*(getattr(drawn, name)[chosen] for name in Drawn.__slots__))
    expected: Counter[Key] = Counter()
    for kind, data, mine, after in events(small):
        for i in mine.tolist():
            day = (local_days(small.received[i : i + 1])[0] + after * DAY).astype(object)
            unit = int(small.department[i]) if "department" in data else None
            whole = {**data, **_place(small, i), "department": unit}
            expected.update(deltas(kind, whole, day=day, class_of={1: str(small.class_key[i])}))
    for i in range(len(small)):
        whole = _place(small, i) | {"department": int(small.department[i]) or None}
        whole |= {"from": "", "to": str(small.state[i]), "alert": str(small.alert[i])}
        expected.update(deltas("none", whole, day=EPOCH, class_of={1: str(small.class_key[i])}))
    found = totals(small)
    wrong = {k: (found[k], expected[k]) for k in found | expected if found[k] != expected[k]}
    assert not wrong, wrong


def _place(drawn: Drawn, i: int) -> dict[str, Any]:
    areas = dict(zip(LEVELS, drawn.path[i].tolist(), strict=True))
    return {"class_id": 1, **areas}


__all__ = ["check", "counted", "totals", "write_figures"]
