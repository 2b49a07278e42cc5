"""What the people of the district know of a case when they decide what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One department's live task."""

    id: int
    department_id: int
    part: str
    round: int
    sent_at: datetime
    respond_due_at: datetime
    responded_at: datetime | None
    fed_back_at: datetime | None
    handle_due_at: datetime
    timer_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """A request; state: asked, first, granted, refused or lapsed."""

    id: int
    kind: str
    state: str
    asked_at: datetime
    first_at: datetime | None
    asked_by: int
    first_by: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A case as it stands.

    key: of the report that opened it, the root of its luck; truth: the class it really is about;
    repeats: key of the earlier report about the same matter; since: when the stage began.
    """

    case_id: int
    number: str
    key: str
    state: str
    version: int
    channel: str
    since: datetime
    due_at: datetime | None
    timer_at: datetime | None
    alert: str
    urged: int
    class_key: str
    truth: str
    repeats: str
    placed: bool
    has_class: bool
    returns: int
    rounds: int
    is_child: bool
    late_ever: bool
    exempt: bool
    suspensions: int
    evidence: bool
    owner_user_id: int | None
    lead_id: int | None
    closed_at: datetime | None
    areas: tuple[int, ...]
    reporter_id: int | None
    tasks: tuple[TaskFacts, ...] = ()
    approvals: tuple[ApprovalFacts, ...] = ()

    @property
    def ring_at(self) -> datetime | None:
        """When the next clock rings: the case's own or a task's."""
        clocks = [self.timer_at, *(task.timer_at for task in self.tasks)]
        return min((at for at in clocks if at is not None), default=None)

    def asked(self, kind: str) -> ApprovalFacts | None:
        """The latest request of a kind."""
        return next((a for a in reversed(self.approvals) if a.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody's next move.

    at: when, if time runs as it does; waits_until: it is done late on purpose, so it waits for
    this moment however fast people act; who: acceptor, dispatcher, worker, unit, citizen ...
    """

    name: str
    at: datetime
    who: str
    waits_until: datetime | None = None
    task: TaskFacts | None = None
    approval: ApprovalFacts | None = None
    given: Mapping[str, Any] = field(default_factory=dict)

    def due_at(self, since: datetime, *, speed: float) -> datetime:
        """When it is done where people act `speed` times as fast. Deadlines stay as they are."""
        if self.waits_until is not None and speed != 1.0:
            return self.waits_until + max(self.at - self.waits_until, self.at - self.at) / speed
        return since + (self.at - since) / speed
