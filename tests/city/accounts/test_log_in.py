"""Throttling: per pair first, so that nobody can lock out the duty officer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.city.accounts.conftest import PASSWORD

from cityloop.city.accounts import commands
from cityloop.city.accounts.domain import Tries, lock_on, plain_source
from cityloop.city.accounts.models import LoginAttempt
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import NotAllowed

OFFICE, ATTACKER = "10.0.0.7", "203.0.113.9"


def try_login(now, username="duty", password="wrong", source=OFFICE):
    try:
        commands.check_login(username, password, source=source, now=now)
    except NotAllowed as refused:
        return refused.code
    return "ok"


def test_right_password_opens_and_is_on_record(people, now):
    user = people.user("duty")
    assert commands.check_login(" DUTY ", PASSWORD, source=OFFICE, now=now).pk == user
    event = Event.objects.order_by("-pk").first()
    assert (event.kind, event.subject_id) == ("login.opened", user)
    assert OFFICE not in event.data


@pytest.mark.parametrize("username", ["duty", "nobody"])
def test_sixth_try_of_a_pair_is_locked_and_ends_after_the_window(people, now, username):
    people.user("duty")
    assert [try_login(now, username) for _ in range(6)] == ["login.wrong"] * 5 + ["login.locked"]
    assert try_login(now + timedelta(minutes=14), username, PASSWORD) == "login.locked"
    later = try_login(now + timedelta(minutes=16), username, PASSWORD)
    assert later == ("ok" if username == "duty" else "login.wrong")


def test_thousand_wrong_tries_elsewhere_do_not_lock_out_the_duty_officer(people, now):
    people.user("duty")
    try_login(now - timedelta(days=1), password=PASSWORD)
    LoginAttempt.objects.bulk_create(
        LoginAttempt(
            at=now,
            account_key=LoginAttempt.objects.get().account_key,
            source=f"203.0.113.{k % 250}",
        )
        for k in range(1000)
    )
    assert try_login(now, password=PASSWORD) == "ok"
    assert try_login(now, password=PASSWORD, source="198.51.100.1") == "login.locked"


def test_source_trying_many_names_is_locked_but_not_for_known_pairs(people, now):
    people.user("duty")
    people.user("late")
    try_login(now - timedelta(days=1), password=PASSWORD)
    codes = [try_login(now, f"guess{k}") for k in range(31)]
    assert codes[-1] == "login.locked"
    assert try_login(now, "late", PASSWORD) == "login.locked"
    assert try_login(now, "duty", PASSWORD) == "ok"


def test_success_forgives_earlier_slips(people, now):
    people.user("duty")
    for k in range(4):
        try_login(now + timedelta(seconds=k))
    try_login(now + timedelta(seconds=5), password=PASSWORD)
    later = now + timedelta(seconds=6)
    assert [try_login(later) for _ in range(5)] == ["login.wrong"] * 5


def test_lock_is_one_event_however_many_tries(people, now):
    people.user("duty")
    for _ in range(20):
        try_login(now)
    assert Event.objects.filter(kind="login.locked").count() == 1


def test_closed_account_answers_as_an_unknown_one(people, now):
    from cityloop.city.accounts.domain import SYSTEM

    user = people.user("duty")
    commands.deactivate_user(user, actor=SYSTEM, now=now)
    assert try_login(now, password=PASSWORD) == "login.wrong"


def test_name_typed_is_not_kept(people, now):
    try_login(now, username="my-secret-password")
    kept = LoginAttempt.objects.values().get()
    assert "my-secret-password" not in str(kept)


def test_old_tries_are_forgotten(people, now):
    try_login(now - timedelta(days=91))
    try_login(now)
    assert commands.forget_old_attempts(now=now) == 1


@pytest.mark.parametrize(
    ("tries", "locked"),
    [
        (Tries(5, 5, 5, known=False), None),
        (Tries(6, 6, 6, known=True), "pair"),
        (Tries(1, 31, 1, known=False), "source"),
        (Tries(1, 31, 51, known=True), None),
        (Tries(1, 1, 51, known=False), "account"),
    ],
)
def test_lock_on_counts(tries, locked):
    assert lock_on(tries) == locked


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("", "unknown"),
    ],
)
def test_plain_source_of_address(address, source):
    assert plain_source(address) == source
