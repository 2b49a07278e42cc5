"""The stages a case has gone through, with what happened to their clocks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cityloop.business.cases.domain.states import FINAL_STATES, State

MARKS = frozenset({"near", "late", "escalate", "urge"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the trace, as far as clocks are concerned."""

    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """One stage: from when to when, and whether it ended in time.

    ended_at None: it runs. on_time None: nobody measured it (or it runs).
    marks: (kind, at) of rings and urges within it.
    """

    state: State
    started_at: datetime
    ended_at: datetime | None = None
    on_time: bool | None = None
    marks: tuple[tuple[str, datetime], ...] = field(default=())


def spans(rows: Iterable[Happening]) -> list[Span]:
    """Stages in order, from the rows of one case's trace, oldest first.

    A stage begins where a row's state changes, or where the same state is entered anew.
    """
    found: list[Span] = []
    for row in rows:
        name = row.kind.removeprefix("case.")
        if name in MARKS and found:
            found[-1] = replace(found[-1], marks=(*found[-1].marks, (name, row.at)))
        if row.data.get("to") in set(State) and _begins(row, found):
            _end(found, row)
            found.append(Span(State(row.data["to"]), row.at))
    if found and found[-1].state in FINAL_STATES:
        return found[:-1]
    return found


def _begins(row: Happening, found: list[Span]) -> bool:
    if not found:
        return True
    again = row.kind == "case.reroute" and row.data["to"] == found[-1].state
    return bool(again or row.data["to"] != found[-1].state)


def _end(found: list[Span], row: Happening) -> None:
    if found:
        found[-1] = replace(
            found[-1], ended_at=row.at, on_time=row.data.get("stage_on_time", found[-1].on_time)
        )
