"""The trace searched: by person, act, time, place and number; free text masked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cityloop.city.audit.commands import Draft, record
from cityloop.city.audit.search import Asked, exported, kinds_there, search
from cityloop.city.db import write
from cityloop.city.viewer import Holding, Role, Viewer
from cityloop.kernel.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db
AUDITOR = Viewer("person", 7, "审计", (Holding(Role.AUDIT_ADMIN),))


@pytest.fixture
def trace(now: datetime) -> datetime:
    """Forty acts, an hour apart, by three persons, in two communities."""
    for n in range(40):
        data = {"community": 11 + n % 2, "number": f"2026-{n % 4}"}
        said = {"note": "请联系13800138000"} if n % 5 == 0 else None
        draft = Draft(("role.granted", "case.file")[n % 2], "case", n, data, said)
        actor = Viewer("person", 1 + n % 3)
        with write():
            record(draft, actor=actor, now=now + timedelta(hours=n))
    return now


def found(now: datetime, **asked: object) -> list[int]:
    span = {"since": now, "until": now + timedelta(days=3)} | asked
    return [row.subject_id for row in search(Asked(**span), viewer=AUDITOR, limit=200)]


def test_newest_first_and_page_by_page(trace: datetime) -> None:
    asked = Asked(since=trace, until=trace + timedelta(days=3))
    first = search(asked, viewer=AUDITOR, limit=25)
    rest = search(asked, viewer=AUDITOR, before=first[-1].id, limit=25)
    assert [row.subject_id for row in (*first, *rest)] == list(range(39, -1, -1))


@pytest.mark.parametrize(
    ("asked", "which"),
    [
        ({"kind": "role.granted"}, range(38, -1, -2)),
        ({"kind": "role.*"}, range(38, -1, -2)),
        ({"kind": "role."}, []),
        ({"actor_id": 2}, [n for n in range(39, -1, -1) if n % 3 == 1]),
        ({"area_id": 12}, range(39, 0, -2)),
        ({"area_id": 1}, []),
        ({"number": "2026-3"}, range(39, 0, -4)),
        ({"subject_type": "case", "subject_id": 5}, [5]),
        ({"kind": "case.*", "actor_id": 1, "area_id": 12}, [39, 33, 27, 21, 15, 9, 3]),
    ],
)
def test_what_is_asked_is_what_is_found(trace, asked, which) -> None:
    assert found(trace, **asked) == list(which)


@pytest.mark.parametrize(("first", "last"), [(0, 40), (5, 6), (0, 1), (39, 40), (17, 31)])
def test_a_span_holds_exactly_what_happened_in_it(trace: datetime, first: int, last: int) -> None:
    since, until = trace + timedelta(hours=first), trace + timedelta(hours=last)
    assert found(trace, since=since, until=until) == list(range(last - 1, first - 1, -1))


def test_numbers_in_free_text_are_masked(trace: datetime) -> None:
    asked = Asked(since=trace, until=trace + timedelta(minutes=1))
    [row] = search(asked, viewer=AUDITOR)
    assert row.private == {"note": "请联系138****8000"}
    [cells] = exported(asked, viewer=AUDITOR)
    assert "13800138000" not in "".join(cells)


def test_a_span_is_at_most_a_year(trace: datetime) -> None:
    with pytest.raises(DomainError, match=r"ledger\.span"):
        found(trace, until=trace + timedelta(days=367))


def test_only_the_auditor_searches(trace: datetime) -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SUPERVISOR_DISTRICT):
        viewer = Viewer("person", 8, "", (Holding(role),))
        with pytest.raises(NotAllowed):
            kinds_there(viewer=viewer)


def test_kinds_are_those_there(trace: datetime) -> None:
    assert kinds_there(viewer=AUDITOR) == ["case.file", "role.granted"]
