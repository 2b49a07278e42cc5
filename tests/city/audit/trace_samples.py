"""Events for tests, written as the platform writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, checkpoint, record_many, sequence
from cityloop.city.audit.models import Event
from cityloop.city.db import write

NOW = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)


def recorded(count: int, *, kind: str = "case.receive", private: str | None = None) -> list[Event]:
    """`count` events of the cases 1, 2, 3 ..., not yet in the ledger."""
    drafts = [
        Draft(
            kind,
            "case",
            n + 1,
            data={"case": n + 1},
            private={"text": private} if private else None,
        )
        for n in range(count)
    ]
    with write():
        return record_many(drafts, actor=SYSTEM, now=NOW)


def signed_log(count: int, **kwargs: str | None) -> list[Event]:
    """`count` events in the ledger, under a signed checkpoint."""
    events = recorded(count, **kwargs)
    while sequence():
        pass
    assert checkpoint(now=NOW + timedelta(seconds=2)) is not None
    return events


def sql(statement: str, values: list[object] | None = None) -> None:
    """What somebody with the database's password types."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
