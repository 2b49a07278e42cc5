import json
from datetime import UTC, datetime

import pytest

from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Holding, Role, Viewer
from cityloop.city.audit.domain import EventView
from cityloop.hub.live.domain import audience_of, beat, frames

AT = datetime(2026, 8, 5, 8, 0, tzinfo=UTC)
DATA = {
    "case": 7,
    "number": "C7",
    "from": "reported",
    "to": "filed",
    "city": 1,
    "district": 2,
    "subdistrict": 3,
    "community": 4,
    "cell": 5,
    "class": "0101",
    "department": 9,
    "note": "王五在家",
}


def event(kind: str = "case.file", subject: str = "case", **data: object) -> EventView:
    return EventView(12, 1, AT, kind, subject, 7, "person", 3, DATA | data)


def person(*holdings: Holding) -> Viewer:
    return Viewer("person", 1, holdings=holdings)


def shown(viewer: Viewer, one: EventView, area: int | None = None) -> dict[str, object] | None:
    text = frames([one], audience_of(viewer, only_area=area)).decode()
    if not text:
        return None
    lines = dict(line.split(": ", 1) for line in text.strip().split("\n"))
    assert lines["id"] == "12"
    return {"event": lines["event"], **json.loads(lines["data"])}


def test_public_sees_class_and_subdistrict_and_nothing_else():
    assert shown(PUBLIC, event()) == {
        "event": "case",
        "kind": "case.file",
        "at": "2026-08-05T08:00:00+00:00",
        "class": "0101",
        "city": 1,
        "district": 2,
        "subdistrict": 3,
    }


@pytest.mark.parametrize("kind", ["case.comment", "case.urge", "case.withdraw", "case.rate"])
def test_public_inner_step_is_not_shown(kind):
    assert shown(PUBLIC, event(kind)) is None


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (person(Holding(Role.ACCEPTOR, 3, "subdistrict")), True),
        (person(Holding(Role.GRID_WORKER, 5, "cell")), True),
        (person(Holding(Role.ANALYST)), True),
        (person(Holding(Role.DISPATCHER, 33, "subdistrict")), False),
        (person(Holding(Role.HANDLER, None, None, 9)), True),
        (person(Holding(Role.HANDLER, None, None, 8)), False),
        (person(Holding(Role.SECURITY_ADMIN)), False),
        (person(Holding(Role.CITIZEN)), False),
        (SYSTEM, True),
    ],
)
def test_case_number_by_role_and_area(viewer, sees):
    found = shown(viewer, event("case.comment"))
    assert (found is not None and found["number"] == "C7") is sees


def test_co_handling_department_sees_the_case():
    viewer = person(Holding(Role.HANDLER, None, None, 8))
    assert shown(viewer, event("case.comment", co=[8])) is not None


def test_stray_text_reaches_nobody():
    for viewer in (PUBLIC, SYSTEM, person(Holding(Role.ANALYST))):
        assert "王五" not in json.dumps(shown(viewer, event()), ensure_ascii=False)


def test_area_narrows_for_staff_and_is_nothing_for_the_public():
    analyst = person(Holding(Role.ANALYST))
    assert shown(analyst, event(), area=4) is not None
    assert shown(analyst, event(), area=44) is None
    assert shown(PUBLIC, event(), area=4) is None


def test_alarm_only_administrators_are_told():
    alarm = event("job.dead", "job", job="notify.deliver", attempts=8)
    assert shown(person(Holding(Role.SYSTEM_ADMIN)), alarm)["event"] == "alarm"
    assert shown(person(Holding(Role.ANALYST)), alarm) is None
    assert shown(PUBLIC, alarm) is None


def test_other_subjects_are_not_shown():
    assert shown(SYSTEM, event("user.login", "user")) is None


def test_beat_carries_the_position_of_the_last_event_considered():
    assert beat(0) == b"event: beat\ndata:\n\n"
    assert beat(8) == b"id: 7\nevent: beat\ndata:\n\n"
