"""Log-ins: idle and longest time, the password once more, ending them here and elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.city.accounts.conftest import PASSWORD

from cityloop.city.accounts import commands
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.domain.session import Span, ending, idle_for, is_confirmed
from cityloop.city.accounts.models import LoginSession, RoleHolding, User
from cityloop.city.accounts.passwords import Breached, is_listed

JSON = "application/json"
AT = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
HALF_HOUR, DAY = timedelta(minutes=30), timedelta(hours=12)


def enter(username: str, password: str = PASSWORD) -> tuple[Client, dict[str, str]]:
    client = Client(enforce_csrf_checks=True)
    given = {"username": username, "password": password}
    answer = client.post("/api/v1/session", given, content_type=JSON)
    assert answer.status_code == 200, answer.content
    return client, {"X-CSRFToken": answer.json()["csrf"]}


def aged(**columns: timedelta) -> None:
    """All log-ins, as if time had gone by."""
    now = timezone.now()
    LoginSession.objects.update(**{name: now - back for name, back in columns.items()})


@pytest.mark.parametrize(
    ("unused", "old", "over"),
    [
        (timedelta(minutes=29), timedelta(hours=1), None),
        (timedelta(minutes=30), timedelta(hours=1), "idle"),
        (timedelta(0), timedelta(hours=12), "absolute"),
        (timedelta(hours=1), timedelta(hours=13), "absolute"),
    ],
)
def test_a_log_in_ends_unused_or_after_its_longest_time(unused, old, over):
    opened = AT - old
    span = Span(seen_at=AT - unused, idle=HALF_HOUR, ends_at=opened + DAY)
    assert ending(span, AT) == over


def test_a_log_in_that_was_ended_stays_so():
    assert ending(Span(AT, HALF_HOUR, AT + DAY, ended_at=AT), AT) == "ended"


def test_only_those_in_the_field_alone_have_the_longer_time():
    field, desk = timedelta(hours=8), HALF_HOUR
    told = {
        roles: idle_for(roles, desk=desk, field=field)
        for roles in (
            (Role.GRID_WORKER,),
            (Role.GRID_WORKER, Role.CITIZEN),
            (Role.GRID_WORKER, Role.SUPERVISOR_COMMUNITY),
            (),
        )
    }
    assert list(told.values()) == [field, field, desk, desk]


def test_a_password_is_fresh_for_ten_minutes():
    fresh = [is_confirmed(AT - timedelta(minutes=m), AT) for m in (0, 9, 10)]
    assert fresh == [True, True, False]


def test_an_unused_log_in_opens_nothing_and_says_why(api, people):
    people.user("wang", Role.DISPATCHER)
    client, _ = enter("wang")
    assert client.get("/api/v1/departments").status_code == 200
    aged(seen_at=timedelta(minutes=31))
    answer = client.get("/api/v1/departments")
    assert (answer.status_code, answer.json()["code"]) == (401, "session.idle")
    assert client.get("/api/v1/departments").json()["code"] == "login.needed"
    assert LoginSession.objects.get().ended_how == "idle"


def test_a_log_in_ends_at_its_longest_time_however_much_it_is_used(api, people):
    people.user("wang", Role.DISPATCHER)
    client, _ = enter("wang")
    LoginSession.objects.update(ends_at=timezone.now())
    assert client.get("/api/v1/departments").json()["code"] == "session.absolute"


def test_what_a_page_asks_by_itself_does_not_keep_a_log_in_awake(api, people):
    people.user("wang", Role.DISPATCHER)
    client, _ = enter("wang")
    aged(seen_at=timedelta(minutes=20))
    before = LoginSession.objects.get().seen_at
    client.get("/api/v1/departments", headers={"X-Background": "1"})
    assert LoginSession.objects.get().seen_at == before
    client.get("/api/v1/departments")
    assert LoginSession.objects.get().seen_at > before


def test_the_cookie_is_another_after_log_in_and_after_the_password_once_more(api, people):
    people.user("wang", Role.DISPATCHER)
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = "a" * 32  # somebody else's choice
    given = {"username": "wang", "password": PASSWORD}
    csrf = client.post("/api/v1/session", given, content_type=JSON).json()["csrf"]
    first = client.cookies["sessionid"].value
    headers = {"X-CSRFToken": csrf}
    client.post(
        "/api/v1/session/confirm", {"password": PASSWORD}, content_type=JSON, headers=headers
    )
    assert len({"a" * 32, first, client.cookies["sessionid"].value}) == 3
    assert client.get("/api/v1/departments").status_code == 200


def test_an_old_cookie_opens_nothing_after_log_out(api, people):
    people.user("wang", Role.DISPATCHER)
    client, csrf = enter("wang")
    cookie = client.cookies["sessionid"].value
    client.delete("/api/v1/session", headers=csrf)
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get("/api/v1/departments").status_code == 401
    assert LoginSession.objects.get().ended_how == "log_out"


def test_granting_needs_a_fresh_password_and_a_wrong_one_is_counted(api, people):
    people.user("sec", Role.SECURITY_ADMIN)
    other = people.user("wang")
    client, csrf = enter("sec")
    aged(confirmed_at=timedelta(minutes=11))
    options = {"content_type": JSON, "headers": csrf}
    ask = {"role": "analyst"}
    refused = client.post(f"/api/v1/users/{other}/roles", ask, **options)
    assert (refused.status_code, refused.json()["code"]) == (403, "session.confirm")
    wrong = client.post("/api/v1/session/confirm", {"password": "no"}, **options)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "password.wrong")
    right = client.post("/api/v1/session/confirm", {"password": PASSWORD}, **options)
    assert right.status_code == 204
    granted = client.post(f"/api/v1/users/{other}/roles", ask, **options)
    assert granted.status_code == 201


def test_guessing_the_password_once_more_is_locked_like_a_log_in(api, people):
    people.user("wang", Role.DISPATCHER)
    client, csrf = enter("wang")
    options = {"content_type": JSON, "headers": csrf}
    codes = [
        client.post("/api/v1/session/confirm", {"password": "no"}, **options).status_code
        for _ in range(6)
    ]
    assert codes == [403] * 5 + [429]


def test_a_changed_password_ends_the_other_log_ins(api, people):
    people.user("wang", Role.DISPATCHER)
    (mine, csrf), (other, _) = enter("wang"), enter("wang")
    given = {"old": PASSWORD, "new": "river-stone-44"}
    mine.put("/api/v1/me/password", given, content_type=JSON, headers=csrf)
    assert mine.get("/api/v1/departments").status_code == 200
    assert other.get("/api/v1/departments").status_code == 401


def test_a_closed_account_is_out_at_once(api, people):
    user = people.user("wang", Role.DISPATCHER)
    client, _ = enter("wang")
    commands.deactivate_user(user, actor=SYSTEM, now=timezone.now())
    assert client.get("/api/v1/departments").status_code == 401
    assert LoginSession.objects.get().ended_how == "account"


def test_the_security_administrator_ends_a_log_in_of_another(api, people):
    people.user("sec", Role.SECURITY_ADMIN)
    people.user("wang", Role.DISPATCHER)
    (sec, csrf), (wang, own) = enter("sec"), enter("wang")
    theirs = LoginSession.objects.get(user__username="wang").pk
    hers = LoginSession.objects.get(user__username="sec").pk
    assert wang.delete(f"/api/v1/sessions/{hers}", headers=own).status_code == 404
    assert sec.delete(f"/api/v1/sessions/{theirs}", headers=csrf).status_code == 204
    assert wang.get("/api/v1/departments").json()["code"] == "session.ended"


def test_logging_out_everywhere_leaves_the_present_one(api, people):
    people.user("wang", Role.DISPATCHER)
    (mine, csrf), (other, _) = enter("wang"), enter("wang")
    assert mine.delete("/api/v1/sessions", headers=csrf).json() == {"ended": 1}
    assert mine.get("/api/v1/departments").status_code == 200
    assert other.get("/api/v1/departments").status_code == 401


def test_one_sees_the_own_log_ins_and_the_auditor_all(api, people):
    people.user("wang", Role.DISPATCHER)
    people.user("aud", Role.AUDIT_ADMIN)
    (wang, _), (auditor, _) = enter("wang"), enter("aud")
    whose = [
        {row["user_name"] for row in client.get("/api/v1/sessions").json()["items"]}
        for client in (wang, auditor)
    ]
    assert whose == [{"wang"}, {"wang", "aud"}]


def test_a_role_for_a_period_ends_with_it(people, now):
    user = people.user("wang")
    actor = people.viewer("sec", Role.SECURITY_ADMIN)
    real = timezone.now()
    held = commands.grant_role(
        user, Role.ANALYST, until=real + timedelta(hours=1), actor=actor, now=now
    )
    assert RoleHolding.objects.live().filter(pk=held.pk).exists()
    RoleHolding.objects.filter(pk=held.pk).update(until=real - timedelta(seconds=1))
    assert not RoleHolding.objects.live().filter(pk=held.pk).exists()
    assert commands.end_expired_roles(now=real) == 1
    assert RoleHolding.objects.get(pk=held.pk).ended_at == real


@pytest.mark.parametrize("word", ["cityloop12", "password12", "网格管理员网格管", "cheng-huan"])
def test_common_words_and_the_own_name_are_refused(people, now, word):
    from cityloop.kernel.errors import DomainError

    if word == "cheng-huan":
        word = "chenghuan1234"
    actor = people.viewer("wang")
    with pytest.raises(DomainError) as refused:
        commands.change_password(PASSWORD, word, actor=actor, now=now)
    assert refused.value.code == "password.weak"


@pytest.mark.parametrize("count", [1, 2, 3, 500])
def test_a_leaked_password_is_found_wherever_it_stands(tmp_path, settings, count):
    import hashlib

    words = [f"leaked {n}" for n in range(count)]
    marks = sorted(hashlib.sha1(w.encode()).hexdigest().upper() for w in words)
    path = tmp_path / "leaked.txt"
    path.write_text("".join(f"{m}:{n}\n" for n, m in enumerate(marks)))
    assert all(is_listed(path, mark.encode()) for mark in marks)
    assert not is_listed(path, b"0" * 40)
    assert not is_listed(path, b"F" * 40)
    settings.BREACHED_PASSWORDS = str(path)
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        Breached().validate(words[0])
    Breached().validate("not among them")


def test_long_passwords_of_any_letters_are_taken_as_they_are(people, now):
    long = "山高水长 " * 20 + " ends with a blank "
    user = people.user("wang")
    actor = people.viewer("zhao")
    commands.change_password(PASSWORD, long, actor=actor, now=now)
    held = User.objects.get(pk=actor.user_id)
    assert (held.check_password(long), held.check_password(long.strip())) == (True, False)
    assert user != held.pk
