"""Who sees which event of the live stream, and how much of it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from cityloop.city.accounts.domain import (
    ADMINISTRATORS,
    DEPARTMENT_ROLES,
    DESK,
    SUPERVISORS,
    Role,
    Viewer,
)
from cityloop.city.audit.domain import EventView

AREA_READERS = DESK | SUPERVISORS | {Role.GRID_WORKER, Role.ANALYST}
LEVELS = ("city", "district", "subdistrict", "community", "cell")

# To the public: that something of a class happened in a subdistrict. No case, no cell, no text.
PUBLIC_KINDS = frozenset(
    {"case.receive", "case.file", "case.dispatch", "case.finish", "case.close"}
)
PUBLIC_FIELDS = ("class", "class_id", "city", "district", "subdistrict")
# To staff: ids, codes, states, times. A field that is not listed stays inside, so a text that
# strays into an event does not reach a screen.
STAFF_FIELDS = (
    "case",
    "number",
    "from",
    "to",
    *LEVELS,
    "class",
    "class_id",
    "condition",
    "department",
    "lead",
    "co",
    "task_department",
    "part",
    "channel",
    "urgency",
    "late",
    "on_time",
    "stage_on_time",
    "task",
    "stage",
    "due_at",
    "alert",
    "level",
    "target",
    "parent",
    "rounds",
    "auto",
    "lon",
    "lat",
    "solved",
    "satisfied",
    "responded",
    "until",
    "code",
    "job",
    "attempts",
    "mode",
    "area",
)
ALARMS = frozenset({"ledger.alarm", "job.dead"})
STAFF_TYPES = frozenset({"case", "task"})


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who sees the same: streams of one audience share their bytes.

    Args:
        everywhere: reads the cases of every area.
        areas: reads the cases of these areas (any level).
        departments: reads the cases that these departments lead or help with.
        alarms: is told when the platform itself is in trouble.
        only_area: wants no other area than this.
    """

    everywhere: bool = False
    areas: frozenset[int] = frozenset()
    departments: frozenset[int] = frozenset()
    alarms: bool = False
    only_area: int | None = None

    def fields_of(self, event: EventView) -> tuple[str, ...] | None:
        """The fields of an event that this audience sees; None = not the event at all."""
        if event.kind in ALARMS:
            return STAFF_FIELDS if self.alarms else None
        if event.subject_type not in STAFF_TYPES:
            return None
        path = {event.data.get(level) for level in LEVELS} - {None}
        if self.only_area is not None and self.only_area not in path:
            return None
        if self.everywhere or self.areas & path or self._department(event):
            return STAFF_FIELDS
        return PUBLIC_FIELDS if event.kind in PUBLIC_KINDS and self._shows_subdistrict() else None

    def _department(self, event: EventView) -> bool:
        data, others = event.data, event.data.get("co")
        named = {data.get("department"), data.get("lead"), data.get("task_department")}
        return bool(self.departments & named.union(others if isinstance(others, list) else ()))

    def _shows_subdistrict(self) -> bool:
        """The public may not narrow the stream to less than it is shown."""
        return self.only_area is None


def audience_of(viewer: Viewer, *, only_area: int | None = None) -> Audience:
    """The audience that a viewer belongs to."""
    if viewer.is_system:
        return Audience(everywhere=True, alarms=True, only_area=only_area)
    readers = [h for h in viewer.holdings if h.role in AREA_READERS]
    return Audience(
        everywhere=any(h.area_id is None for h in readers),
        areas=frozenset(h.area_id for h in readers if h.area_id is not None),
        departments=viewer.departments(*DEPARTMENT_ROLES),
        alarms=viewer.holds(*ADMINISTRATORS),
        only_area=only_area,
    )


def frames(events: Iterable[EventView], audience: Audience) -> bytes:
    """What an audience gets of these events, as text/event-stream; empty when nothing."""
    return b"".join(
        _frame(event, fields)
        for event in events
        if (fields := audience.fields_of(event)) is not None
    )


def _frame(event: EventView, fields: tuple[str, ...]) -> bytes:
    shown: dict[str, Any] = {"kind": event.kind, "at": event.at.astimezone(UTC).isoformat()}
    shown |= {name: event.data[name] for name in fields if name in event.data}
    name = "alarm" if event.kind in ALARMS else "case"
    data = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.position}\nevent: {name}\ndata: {data}\n\n".encode()


def beat(position: int) -> bytes:
    """A heartbeat: nothing happened for this audience before `position`.

    It moves a browser's Last-Event-ID, and a page that hears none knows its line to be dead.
    """
    place = f"id: {position - 1}\n" if position else ""
    return f"{place}event: beat\ndata:\n\n".encode()


def reset(position: int) -> bytes:
    """Tell a client that its Last-Event-ID is not of this log, and where it goes on."""
    return f'id: {position - 1}\nevent: reset\ndata: {{"position":{position}}}\n\n'.encode()
