"""A million synthetic cases, drawn in columns and written with the database's bulk path.

Ninety days of one district at 11,000 cases a day, all but the last two days' work finished: each
case with its report, its (empty) reporter and, where it was dispatched, its task. Shares of
states, of late and of rated cases are round numbers in the range that cities publish; classes
are Zipf-like, communities weigh by households. Nothing here is measured from a real city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from benchmarks._city import SEED, points_inside
from benchmarks._rows import insert_columns, insert_select
from cityloop.business.cases.domain.states import OWNERS, State
from cityloop.business.cases.models import Case, Report, Reporter, Task
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch.queries import CaseFacts, route
from cityloop.city.places.queries import locate, tree

Column = Sequence[Any] | NDArray[Any]
DAYS, OPEN_SHARE, ZIPF = 90, 0.02, 0.9
DONE: dict[str, float] = {"evaluated": 0.90, "rejected": 0.06, "merged": 0.02, "withdrawn": 0.02}
OPEN: dict[str, float] = {
    "reported": 0.04, "checking": 0.02, "filed": 0.06, "dispatched": 0.14, "handling": 0.42,
    "suspended": 0.02, "verifying": 0.08, "verified": 0.04, "closed": 0.18,
}  # fmt: skip
SENT = ("dispatched", "handling", "suspended", "verifying", "verified", "closed", "evaluated")
CHANNELS = ("hotline", "grid", "citizen", "camera")
LATE, NEAR, AUTO, SOLVED = 0.06, 0.1, 0.8, 0.85
US = np.timedelta64(1, "us")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The cases as columns of equal length; times are UTC, microseconds."""

    state: NDArray[np.str_]
    received: NDArray[np.datetime64]
    path: NDArray[np.int64]  # (n, 4): district, subdistrict, community, cell
    lonlat: NDArray[np.float64]
    class_id: NDArray[np.int64]
    class_key: NDArray[np.str_]
    condition_id: NDArray[np.int64]
    department: NDArray[np.int64]  # 0 = not dispatched
    channel: NDArray[np.str_]
    alert: NDArray[np.str_]
    late: NDArray[np.bool_]
    auto: NDArray[np.bool_]
    solved: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.state)

    @property
    def sent(self) -> NDArray[np.bool_]:
        """Which cases were dispatched."""
        return self.department > 0


def draw(count: int, now: datetime) -> Drawn:
    """`count` cases up to now, oldest first; the newest 2 % are open."""
    dice = np.random.default_rng(SEED)
    opened = round(count * OPEN_SHARE)
    state = np.concatenate([_chosen(dice, DONE, count - opened), _chosen(dice, OPEN, opened)])
    end = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    ages = np.sort(dice.random(count))[::-1]
    lonlat = np.array(points_inside(min(count, 50_000)))[
        dice.integers(0, min(count, 50_000), count)
    ]
    cells, _ = locate(lonlat[:, 0], lonlat[:, 1])
    classes = [c for c in catalogue().classes.values() if c.conditions]
    weights = 1 / np.arange(1, len(classes) + 1) ** ZIPF
    chosen = dice.choice(len(classes), count, p=weights / weights.sum())
    leads = np.array([_lead(c.key, c.conditions[0].id, int(cells[0]), now) for c in classes])
    sent = np.isin(state, SENT)
    late = sent & (dice.random(count) < LATE)
    near = np.isin(state, list(OPEN)) & ~late & (dice.random(count) < NEAR)
    is_open = np.arange(count) >= count - opened
    return Drawn(
        state=state,
        received=end - (ages * DAYS * 86_400e6).astype(np.int64) * US,
        path=_paths(cells),
        lonlat=lonlat,
        class_id=np.array([c.id for c in classes])[chosen],
        class_key=np.array([c.key for c in classes])[chosen],
        condition_id=np.array([c.conditions[0].id for c in classes])[chosen],
        department=np.where(sent, leads[chosen], 0),
        channel=np.array(CHANNELS)[dice.integers(0, len(CHANNELS), count)],
        alert=np.where(is_open & late, "late", np.where(near, "near", "")),
        late=late,
        auto=sent & (dice.random(count) < AUTO),
        solved=(state == "evaluated") & (dice.random(count) < SOLVED),
    )


def _chosen(dice: np.random.Generator, shares: dict[str, float], count: int) -> NDArray[np.str_]:
    return dice.choice(np.array(list(shares), dtype="U12"), count, p=list(shares.values()))


def _lead(key: str, condition_id: int, cell_id: int, now: datetime) -> int:
    """Whom the platform's own routing would send this class to."""
    path = tree().path(cell_id)
    facts = CaseFacts(key, condition_id, path, "hotline", now, "normal", "", "")
    return route([facts], now=now)[0].lead_id or 1


def _paths(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    ids, places = np.unique(cells, return_inverse=True)
    paths = [tree().path(int(i)) for i in ids]
    levels = [[p.district_id, p.subdistrict_id, p.community_id, p.cell_id] for p in paths]
    return np.array(levels, np.int64)[places]


def write_cases(drawn: Drawn, worker_id: int) -> None:
    """Cases, reports, reporters, tasks: rows as the platform would have left them."""
    ids = np.arange(1, len(drawn) + 1)
    received = times(drawn.received)
    due = times(drawn.received + 3 * 86_400_000_000 * US)
    final = ~np.isin(drawn.state, list(OPEN))
    text = [f"{key}附近市政设施损坏影响通行请处理" for key in drawn.class_key]
    columns = _case_columns(drawn, ids, received, due, final, text, worker_id)
    insert_columns(Case, len(drawn), columns)
    _write_tasks(drawn, ids, received, due)
    case = f"FROM {Case._meta.db_table} AS c"
    digest = "'synthetic-' || c.id"
    insert_select(Report, case, {
        "id": "c.id", "channel": "c.channel", "external_id": digest, "case_id": "c.id",
        "title": "c.title", "text": "c.title || '。' || c.title || '。' || c.title",
        "lon": "c.lon", "lat": "c.lat", "extra": "'{\"synthetic\": true}'",
        "received_at": "c.received_at", "content_hash": digest,
    })  # fmt: skip
    insert_select(Reporter, case, {
        "id": "c.id", "report_id": "c.id", "follow_digest": digest,
        "user_id": "CASE WHEN c.id <= 200 THEN c.id END",
    })  # fmt: skip


def _case_columns(
    drawn: Drawn, ids: Column, received: list[str], due: list[str], final: NDArray[np.bool_],
    text: list[str], worker_id: int,
) -> dict[str, Column]:  # fmt: skip
    timers = [None if f else d for f, d in zip(final, due, strict=True)]
    owners = {s.value: OWNERS[s].value for s in State if s in OWNERS}
    field = np.isin(drawn.state, ["checking", "verifying"])
    leads = [d or None for d in drawn.department.tolist()]
    states = drawn.state.tolist()
    numbers = [f"{r[:4]}{r[5:7]}{r[8:10]}{i:07d}" for i, r in enumerate(received, start=1)]
    at_unit = np.isin(drawn.state, ["dispatched", "handling", "suspended"])
    sent_at = [r if s else None for r, s in zip(received, drawn.sent, strict=True)]
    ended = [d if f else None for d, f in zip(due, final, strict=True)]
    return {
        "id": ids, "number": numbers, "state": states, "title": text, "channel": drawn.channel,
        "case_class_id": drawn.class_id, "condition_id": drawn.condition_id,
        "lon": drawn.lonlat[:, 0], "lat": drawn.lonlat[:, 1], "located_by": ["exact"] * len(drawn),
        "address": ["合成地址"] * len(drawn),
        "district_id": drawn.path[:, 0], "subdistrict_id": drawn.path[:, 1],
        "community_id": drawn.path[:, 2], "cell_id": drawn.path[:, 3],
        "owner_role": [owners.get(s, "") for s in states],
        "owner_department_id": [d if u else None for d, u in zip(leads, at_unit, strict=True)],
        "owner_user_id": [worker_id if f else None for f in field],
        "lead_department_id": leads,
        "stage_started_at": received, "due_at": timers, "timer_at": timers,
        "timer_kind": ["" if f else "late" for f in final],
        "alert": drawn.alert, "late_ever": drawn.late, "handle_due_at": due,
        "received_at": received, "filed_at": sent_at, "dispatched_at": sent_at,
        "closed_at": ended, "ended_at": ended,
        "route": ['{"steps": [{"step": "duty"}], "by": "duty", "synthetic": true}'] * len(drawn),
        "triage": ['{"by": "given", "synthetic": true}'] * len(drawn),
        "merged_into_id": [1 if s == "merged" else None for s in states],
        "auto_dispatched": drawn.auto, "solved": drawn.solved,
    }  # fmt: skip


def _write_tasks(drawn: Drawn, ids: NDArray[np.int64], received: list[str], due: list[str]) -> None:
    sent = np.flatnonzero(drawn.sent)
    states = {"dispatched": "sent", "handling": "accepted", "suspended": "suspended"}
    state = [states.get(s, "done") for s in drawn.state[sent].tolist()]
    sent_at, due_at = [received[i] for i in sent], [due[i] for i in sent]
    live = [s in {"sent", "accepted"} for s in state]
    insert_columns(Task, len(sent), {
        "id": np.arange(1, len(sent) + 1), "case_id": ids[sent],
        "department_id": drawn.department[sent], "part": ["lead"] * len(sent), "state": state,
        "sent_at": sent_at, "respond_due_at": sent_at, "handle_due_at": due_at,
        "timer_at": [d if on else None for d, on in zip(due_at, live, strict=True)],
        "timer_kind": ["handle" if on else "" for on in live],
        "ended_at": [d if s == "done" else None for s, d in zip(state, due_at, strict=True)],
    })  # fmt: skip


def times(moments: NDArray[np.datetime64]) -> list[str]:
    """As the database reads them: UTC."""
    zone = "" if connection.vendor == "sqlite" else "+00"
    return [f"{m.replace('T', ' ')}{zone}" for m in np.datetime_as_string(moments).tolist()]


def local_days(moments: NDArray[np.datetime64], hours: int = 8) -> NDArray[np.datetime64]:
    """The local day (China has one zone, no daylight saving)."""
    return (moments + np.timedelta64(hours, "h")).astype("datetime64[D]")


__all__ = ["DAYS", "OPEN", "Drawn", "draw", "local_days", "write_cases"]
