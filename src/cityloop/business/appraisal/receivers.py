"""The figures follow the trace: counted once, in the transaction of their cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from cityloop.business.appraisal.domain import Key, deltas
from cityloop.business.appraisal.models import Figure
from cityloop.business.catalogue.queries import class_keys
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.followers import follower

ADD = """
INSERT INTO {table} (day, area_id, class_key, department_id, measure, n) {values}
ON CONFLICT (area_id, class_key, department_id, measure, day)
DO UPDATE SET n = {table}.n + excluded.n
"""
EACH = "VALUES (%s, %s, %s, %s, %s, %s)"
# A statement a row costs PostgreSQL ten times what one statement for all rows does.
ALL = (
    "SELECT * FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::bigint[], %s::text[],"
    " %s::bigint[])"
)


@follower("figures", batch=2000)
def count(events: Sequence[EventView], now: datetime) -> None:
    """Add what these events change."""
    zone = ZoneInfo(settings.TIME_ZONE)
    of_cases = [e for e in events if e.subject_type == "case"]
    keys = class_keys({e.data.get("class_id") for e in of_cases} | _former(of_cases))
    total: Counter[Key] = Counter()
    for event in of_cases:
        day = event.at.astimezone(zone).date()
        for key, n in deltas(event.kind, event.data, day=day, class_of=keys).items():
            total[key] += n
    add(total)


def _former(events: Sequence[EventView]) -> set[int | None]:
    return {e.data["was"].get("class_id") for e in events if "was" in e.data}


def add(total: Counter[Key]) -> None:
    """Add a batch of differences in one pass; rows in one order, so that writers never cross."""
    rows = [(*key, n) for key, n in sorted(total.items()) if n]
    if not rows:
        return
    table = connection.ops.quote_name(Figure._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(ADD.format(table=table, values=ALL), columns)
        else:
            cursor.executemany(ADD.format(table=table, values=EACH), rows)
