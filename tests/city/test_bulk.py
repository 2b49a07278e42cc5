"""Many rows written at once."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from cityloop.ai.hot_issues.models import Issue, Looked
from cityloop.city.bulk import update_rows

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def test_updated_rows_hold_just_the_named_attributes() -> None:
    issue = Issue.objects.create(
        id=7, title="a", created_at=AT, updated_at=AT, first_at=AT, last_at=AT
    )
    rows = [Looked.objects.create(report_id=n, case_id=n, received_at=AT) for n in (1, 2, 3)]
    for row in rows[:2]:
        row.issue_id, row.similarity, row.placed = np.int64(7), np.float64(0.5), True
        row.title = "not named"
    update_rows(Looked, rows[:2], ["issue", "similarity", "placed"])
    found = Looked.objects.order_by("pk").values_list("issue", "similarity", "placed", "title")
    assert list(found) == [(7, 0.5, True, ""), (7, 0.5, True, ""), (None, 0.0, False, "")]
    issue.words, issue.first_at, issue.lon = ["烧烤"], AT.replace(day=2), None
    update_rows(Issue, [issue], [f.name for f in Issue._meta.fields if not f.primary_key])
    again = Issue.objects.get(pk=7)
    assert (again.words, again.first_at, again.lon, again.title) == (
        ["烧烤"],
        AT.replace(day=2),
        None,
        "a",
    )
    update_rows(Issue, [], ["title"])
