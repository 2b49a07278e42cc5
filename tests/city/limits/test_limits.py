"""Who knocks too often is asked to wait, and told how long and whom to call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.world import World

from cityloop.city.limits import commands
from cityloop.city.limits.domain import Allowance, allowance_of, visit_key, window_end
from cityloop.city.limits.models import Visits
from cityloop.kernel.errors import DomainError, NotAllowed

NOW = datetime(2026, 3, 16, 2, 3, tzinfo=UTC)


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "allowance", lambda door: Allowance(2, 600))


@pytest.mark.django_db
def test_the_third_of_two_allowed_visits_waits_and_a_neighbour_does_not(twice: None) -> None:
    for _ in range(2):
        commands.count_visit("reports", "203.0.113.7", now=NOW)
    with pytest.raises(NotAllowed) as refused:
        commands.count_visit("reports", "203.0.113.7", now=NOW)
    assert refused.value.status == 429
    assert refused.value.details == {"retry_after_s": 420}
    assert "7 分钟后" in refused.value.zh
    assert "12345" in refused.value.zh
    commands.count_visit("reports", "203.0.113.8", now=NOW)
    commands.count_visit("photos", "203.0.113.7", now=NOW)
    commands.count_visit("reports", "203.0.113.7", now=NOW + timedelta(seconds=420))


@pytest.mark.django_db
def test_no_address_is_kept_and_old_windows_go(twice: None) -> None:
    commands.count_visit("reports", "203.0.113.7", now=NOW)
    assert len(Visits.objects.get().key) == 64
    assert commands.forget_old_visits(now=NOW) == 0
    assert commands.forget_old_visits(now=NOW + timedelta(hours=1)) == 1


@pytest.mark.django_db
def test_the_public_door_says_when_to_come_again(world: World, twice: None) -> None:
    answers = [
        Client().post(
            "/api/v1/public/reports", {"text": f"路灯不亮{n}"}, content_type="application/json"
        )
        for n in range(3)
    ]
    assert [a.status_code for a in answers] == [201, 201, 429]
    assert answers[2].json()["code"] == "limit.reached"
    assert 0 < int(answers[2]["Retry-After"]) <= 600


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(1, 90_000))
def test_a_window_ends_after_now_and_within_its_length(at: datetime, seconds: int) -> None:
    at = at.replace(tzinfo=UTC)
    left = (window_end(at, seconds) - at).total_seconds()
    assert 0 < left <= seconds


def test_keys_differ_by_door_source_and_window() -> None:
    later = NOW + timedelta(minutes=10)
    keys = {
        visit_key(door, source, at, "secret")
        for door in ("a", "b")
        for source in ("1", "2")
        for at in (NOW, later)
    }
    assert len(keys) == 8


@pytest.mark.parametrize("given", [None, [1], [0, 5], ["1", 2], [5, -1], 3])
def test_a_profile_without_sense_is_refused_by_name(given: object) -> None:
    with pytest.raises(DomainError) as refused:
        allowance_of("reports", given)
    assert refused.value.where == "public.limits.reports"
