"""A dry run: everything happens as it would, and is undone batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from cityloop.business.cases.commands import receive_many
from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError

Answer = Receipt | DomainError


class _Undo(Exception):
    """Rolls the batch back."""


class Rehearsal:
    """Answers as `receive_many` would, and remembers ids across batches: what is undone cannot
    be found in the database, and a second row with the same id must still be told."""

    def __init__(self, actor: Viewer) -> None:
        self.actor = actor
        self._seen: dict[bytes, bytes] = {}

    def receive_at(self, now: datetime) -> _ReceiveAt:
        """The function for one batch."""
        return _ReceiveAt(self, now)

    def receive(self, reports: Sequence[NewReport], now: datetime) -> list[Answer]:
        """Answers of a batch; nothing stays."""
        answers: list[Answer] = []
        try:
            with write(), transaction.atomic():
                answers = receive_many(reports, actor=self.actor, now=now)
                raise _Undo
        except _Undo:
            pass
        return [self._with_earlier(r, a) for r, a in zip(reports, answers, strict=True)]

    def _with_earlier(self, report: NewReport, answer: Answer) -> Answer:
        if isinstance(answer, DomainError) or not answer.created:
            return answer
        key = _digest(report.channel, report.external_id)
        content = _digest(repr(replace(report, extra={}, reporter=None)))
        earlier = self._seen.setdefault(key, content)
        if earlier is content:
            return answer
        if earlier == content:
            return replace(answer, created=False)
        return Conflict(
            "report.contradicts",
            f"Report '{report.external_id}' stands in the file before with other content.",
            f"外部编号“{report.external_id}”在文件前面已出现且内容不同。",
            where="external_id",
        )


class _ReceiveAt:
    def __init__(self, rehearsal: Rehearsal, now: datetime) -> None:
        self.rehearsal, self.now = rehearsal, now

    def __call__(self, reports: Sequence[NewReport]) -> list[Answer]:
        return self.rehearsal.receive(reports, self.now)


def _digest(*parts: str) -> bytes:
    raw = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=16).digest()
