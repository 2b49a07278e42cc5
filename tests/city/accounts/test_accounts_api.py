"""The door: session with CSRF, token, public; what each may call."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.utils import timezone
from tests.city.accounts.conftest import PASSWORD

from cityloop.city.accounts import commands
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.models import RoleHolding, User
from cityloop.web.auth import source_of

JSON = "application/json"


def log_in(api, username, password=PASSWORD):
    given = {"username": username, "password": password}
    answer = api.post("/api/v1/session", given, content_type=JSON)
    return answer, {"X-CSRFToken": answer.json().get("csrf", "")}


def bearer(user_id, *scopes):
    made = commands.new_token("m", user_id, scopes, actor=SYSTEM, now=timezone.now())
    return {"Authorization": f"Bearer {made.secret}"}


def test_me_of_nobody_is_the_public(api):
    answer = api.get("/api/v1/me").json()
    assert (answer["kind"], answer["person"], bool(answer["csrf"])) == ("public", None, True)


def test_log_in_shows_holdings_and_log_out_ends(api, people):
    people.user("wang", Role.DISPATCHER)
    answer, csrf = log_in(api, "wang")
    assert [h["role_zh"] for h in answer.json()["person"]["holdings"]] == ["派遣员"]
    assert api.get("/api/v1/departments").status_code == 200
    assert api.delete("/api/v1/session", headers=csrf).status_code == 204
    assert api.get("/api/v1/departments").status_code == 401


def test_wrong_password_is_401_then_429(api, people):
    people.user("wang")
    codes = [log_in(api, "wang", "nope")[0].status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_log_in_by_a_form_of_another_site_is_refused(api, people):
    people.user("wang")
    answer = api.post("/api/v1/session", '{"username": "a", "password": "b"}', "text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "login.json_only")


def test_writing_with_a_session_needs_csrf(api, people):
    people.user("wang", Role.SYSTEM_ADMIN)
    _, csrf = log_in(api, "wang")
    given = {"name_zh": "园林"}
    without = api.put("/api/v1/departments/parks", given, content_type=JSON)
    assert (without.status_code, without.json()["code"]) == (403, "csrf.failed")
    put = api.put("/api/v1/departments/parks", given, content_type=JSON, headers=csrf)
    assert put.status_code == 200


def test_one_time_password_opens_nothing_but_its_change(api, people, now):
    made = commands.create_user("zhang", actor=SYSTEM, now=now)
    _, csrf = log_in(api, "zhang", made.password)
    refused = api.get("/api/v1/departments")
    assert (refused.status_code, refused.json()["code"]) == (403, "password.change_first")
    new = {"old": made.password, "new": "river-stone-43"}
    changed = api.put("/api/v1/me/password", new, content_type=JSON, headers=csrf)
    assert changed.status_code == 204
    assert api.get("/api/v1/departments").status_code == 200


def test_token_calls_what_its_scopes_say(api, people):
    user = people.user("machine", Role.DISPATCHER)
    held = bearer(user, "accounts:read")
    assert api.get("/api/v1/users", headers=held).status_code == 200
    assert api.get("/api/v1/places/areas", headers=held).json()["code"] == "token.scope"
    closed = api.get("/api/v1/tokens", headers=held)
    assert (closed.status_code, closed.json()["code"]) == (403, "token.closed")


def test_wrong_token_is_401_even_where_the_public_may(api, people):
    answer = api.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token.unknown")


def test_security_administrator_grants_by_api_but_not_to_oneself(api, people):
    me, other = people.user("sec", Role.SECURITY_ADMIN), people.user("wang")
    _, csrf = log_in(api, "sec")
    options = {"content_type": JSON, "headers": csrf}
    granted = api.post(f"/api/v1/users/{other}/roles", {"role": "analyst"}, **options)
    own = api.post(f"/api/v1/users/{me}/roles", {"role": "analyst"}, **options)
    assert (granted.status_code, own.status_code) == (201, 403)
    ended = api.delete(f"/api/v1/roles/{granted.json()['id']}", headers=csrf)
    assert ended.status_code == 204
    assert RoleHolding.objects.filter(user_id=other, ended_at__isnull=True).count() == 0


@pytest.mark.parametrize("path", ["users?after=99999999999999999999", "users?search=%00"])
def test_impossible_numbers_and_nul_are_refused_not_errors(api, people, path):
    people.user("wang", Role.DISPATCHER)
    log_in(api, "wang")
    assert api.get(f"/api/v1/{path}").status_code in {400, 422}


@pytest.mark.parametrize("count", [1, 3])
def test_departments_list_takes_the_same_queries(
    api, people, now, count, django_assert_num_queries
):
    for k in range(count):
        commands.set_department(f"d{k}", name_zh="部门", actor=SYSTEM, now=now)
    people.user("wang", Role.DISPATCHER)
    log_in(api, "wang")
    with django_assert_num_queries(5):  # session, user, log-in, holdings, departments
        assert len(api.get("/api/v1/departments").json()["items"]) == count


@pytest.mark.parametrize(
    ("proxies", "source"),
    [(0, "127.0.0.1"), (1, "10.1.1.1"), (2, "198.51.100.2"), (3, "127.0.0.1")],
)
def test_source_behind_proxies_cannot_be_made_up(settings, proxies, source):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.2, 10.1.1.1"})
    assert source_of(request) == source


def test_staff_site_shows_by_role_and_a_superuser_flag_opens_nothing(api, people):
    root = people.user("root1", Role.SYSTEM_ADMIN)
    User.objects.filter(pk=root).update(is_superuser=True)
    api.force_login(User.objects.get(pk=root))
    assert api.get("/admin/accounts/user/").status_code == 200
    assert api.get("/admin/accounts/roleholding/").status_code == 200
    assert api.get("/admin/accounts/roleholding/add/").status_code == 403
    assert api.get("/admin/accounts/apitoken/").status_code == 403


def test_staff_site_refusal_is_shown_as_a_message(settings, people, client):
    settings.ROOT_URLCONF = "tests.city.urls"
    me = people.user("sec", Role.SECURITY_ADMIN)
    client.force_login(User.objects.get(pk=me))
    given = {"user": me, "role": "analyst", "area": "", "department": ""}
    answer = client.post("/admin/accounts/roleholding/add/", given, follow=True)
    assert "任何人都不能给自己授权" in answer.content.decode()
    assert RoleHolding.objects.count() == 1


def test_staff_site_log_in_is_throttled_too(settings, people, client):
    settings.ROOT_URLCONF = "tests.city.urls"
    people.user("root1", Role.SYSTEM_ADMIN)
    for _ in range(6):
        client.post("/admin/login/", {"username": "root1", "password": "nope"})
    client.post("/admin/login/", {"username": "root1", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
