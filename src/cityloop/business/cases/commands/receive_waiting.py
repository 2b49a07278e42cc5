"""Reports that wait at the same moment are taken in together, in one durable transaction.

Each report comes in a request, hence a thread, of its own. Whoever finds nobody at work takes in
all that wait, himself included, and hands each its own answer; those who come meanwhile wait for
the next turn, and one of them leads it. Nobody waits for company: a lone report goes at once, and
turns grow by themselves with the load. An answer is given after the commit, never before.
Why: docs/decisions/0005-reports-that-wait-are-taken-in-together.md.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from cityloop.business.cases.commands.receive import (
    Answer,
    check_may_report,
    receive,
    receive_from_many,
)
from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import turn
from cityloop.kernel.errors import DomainError

log = logging.getLogger(__name__)
MOST = 64  # a turn: enough to share its cost, little enough that nobody waits long for it


@dataclass(eq=False, slots=True)
class _Waiting:
    report: NewReport
    actor: Viewer
    now: datetime
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    answer: Answer | None = None  # stays None when the turn failed


class Gathering:
    """The reports of one process that wait to be taken in. Safe in any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._led = False
        self._leader = threading.local()

    def receive(self, report: NewReport, *, actor: Viewer, now: datetime) -> Receipt:
        """Take in one report, together with those that wait.

        Inside a transaction of the caller it goes alone: what is done there must not be committed
        by another, nor with another's.

        Args:
            now: aware, the present moment: a turn has one, the latest of its reports.
        Raises: DomainError when it is refused; NotAllowed("report.scope").
        """
        check_may_report(actor)
        if connection.in_atomic_block or getattr(self._leader, "at_work", False):
            return receive(report, actor=actor, now=now)
        mine = self._enter(_Waiting(report, actor, now))
        if not mine.leads:
            mine.woken.wait()
        if mine.leads:
            self._lead()
        if mine.answer is None:  # the turn failed: whose fault it was shows when each goes alone
            return receive(report, actor=actor, now=now)
        if isinstance(mine.answer, DomainError):
            raise mine.answer
        return mine.answer

    def waiting(self) -> int:
        """How many wait for the next turn."""
        return len(self._waiting)

    def _enter(self, mine: _Waiting) -> _Waiting:
        with self._lock:
            self._waiting.append(mine)
            if not self._led:
                self._led = mine.leads = True
        return mine

    def _lead(self) -> None:
        """One turn. The leader is always the first of those who wait."""
        together: list[_Waiting] = []
        self._leader.at_work = True
        try:
            with turn():  # who comes while another process writes still comes along
                together = self._those_waiting()
                self._take_in(together)
        except Exception:
            log.warning("%d reports could not be taken in together", len(together), exc_info=True)
        finally:
            self._leader.at_work = False
            together = together or self._those_waiting()
            self._hand_over()
            for one in together:
                one.woken.set()

    def _those_waiting(self) -> list[_Waiting]:
        with self._lock:
            together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return together

    @staticmethod
    def _take_in(together: list[_Waiting]) -> None:
        sent = [(w.report, w.actor) for w in together]
        answers = receive_from_many(sent, now=max(w.now for w in together))
        for one, answer in zip(together, answers, strict=True):
            one.answer = answer

    def _hand_over(self) -> None:
        with self._lock:
            if not self._waiting:
                self._led = False
                return
            following = self._waiting[0]
            following.leads = True
        following.woken.set()


gathering = Gathering()


def receive_together(report: NewReport, *, actor: Viewer, now: datetime) -> Receipt:
    """`receive`, for requests: many at a time share one transaction. See `Gathering.receive`."""
    return gathering.receive(report, actor=actor, now=now)
