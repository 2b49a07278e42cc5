"""Has anything been committed? A cheap question to ask often."""

from __future__ import annotations

from django.db import connection

from cityloop.city.db import is_sqlite


class Pulse:
    """One thread's view of the database.

    SQLite: `PRAGMA data_version` changes when another connection commits (4 microseconds).
    PostgreSQL: always "maybe"; the callers' own queries are the poll.
    """

    def __init__(self) -> None:
        self._seen: int | None = None

    def has_changed(self) -> bool:
        """Whether something may have been committed since the last call."""
        if not is_sqlite():
            return True
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = int(cursor.fetchone()[0])
        changed, self._seen = version != self._seen, version
        return changed

    def forget(self) -> None:
        """Answer yes the next time, whatever happened."""
        self._seen = None
