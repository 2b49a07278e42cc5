"""Cases of the past, as a dry run needs them. The app that keeps the cases lends them.

@lend_history
def past_cases(since: datetime, until: datetime) -> Iterator[PastCase]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cityloop.business.dispatch.values import CaseFacts
from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case that was dispatched: what was known of it then, and the lead it ended with."""

    case_id: int
    number: str
    facts: CaseFacts
    lead_id: int | None


Reader = Callable[[datetime, datetime], Iterator[PastCase]]
_reader: list[Reader] = []


def lend_history(read: Reader) -> Reader:
    """Register where past cases come from: those received in [since, until), oldest first."""
    _reader[:] = [read]
    return read


def past_cases(since: datetime, until: datetime) -> Iterator[PastCase]:
    """Past cases. Raises: DomainError("rule.no_history") when nobody lends any."""
    if not _reader:
        raise DomainError(
            "rule.no_history",
            "No source of past cases is installed, so nothing can be tried on history.",
            "未接入历史案卷，无法试运行。",
        )
    return _reader[0](since, until)
