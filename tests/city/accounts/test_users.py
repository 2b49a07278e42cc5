"""Users, their passwords, departments."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cityloop.city.accounts import commands, queries
from cityloop.city.accounts.domain import ADMINISTRATORS, SYSTEM, Role
from cityloop.city.accounts.models import Department, RoleHolding, User
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed


def test_user_by_system_administrator_gets_one_time_password(people, now):
    actor = people.viewer("root1", Role.SYSTEM_ADMIN)
    made = commands.create_user("zhang", display_name="张三", actor=actor, now=now)
    user = User.objects.get(pk=made.user_id)
    assert user.check_password(made.password)
    assert user.must_change_password
    event = Event.objects.order_by("-pk").first()
    assert (event.kind, event.data, "张三" in event.private) == ("account.created", "{}", True)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.ACCEPTOR])
def test_user_by_others_is_refused(people, now, role):
    with pytest.raises(NotAllowed):
        commands.create_user("zhang", actor=people.viewer("li", role), now=now)


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("WANG", "river-stone-42", "account.exists"),
        ("a b", "river-stone-42", "account.name"),
        ("", "river-stone-42", "account.name"),
        ("x\x00y", "river-stone-42", "account.name"),
        ("zhao", "short", "password.weak"),
        ("zhao", "password123", "password.weak"),
    ],
)
def test_bad_user_is_refused(people, now, username, password, code):
    people.user("wang")
    with pytest.raises(DomainError) as refused:
        commands.create_user(username, password=password, actor=SYSTEM, now=now)
    assert refused.value.code == code
    assert User.objects.count() == 1


def test_one_time_password_gives_no_role_until_changed(people, now):
    made = commands.create_user("zhang", actor=SYSTEM, now=now)
    commands.grant_role(made.user_id, Role.ANALYST, actor=SYSTEM, now=now)
    before = queries.viewer_of(User.objects.get(pk=made.user_id))
    commands.change_password(made.password, "river-stone-43", actor=before, now=now)
    after = queries.viewer_of(User.objects.get(pk=made.user_id))
    assert (before.holdings, after.holds(Role.ANALYST)) == ((), True)


def test_password_of_an_administrator_is_not_reset_by_another(people, now):
    actor = people.viewer("root1", Role.SYSTEM_ADMIN)
    watcher = people.user("watch", Role.AUDIT_ADMIN)
    with pytest.raises(NotAllowed, match=r"account\.administrator"):
        commands.reset_password(watcher, actor=actor, now=now)
    with pytest.raises(Conflict, match=r"account\.administrator"):
        commands.deactivate_user(watcher, actor=actor, now=now)


def test_wrong_old_password_changes_nothing(people, now):
    actor = people.viewer("wang")
    with pytest.raises(DomainError, match=r"password\.wrong"):
        commands.change_password("no", "river-stone-43", actor=actor, now=now)
    assert User.objects.get().check_password("river-stone-42")


def test_department_set_twice_is_one_event(people, now):
    given = {"name_zh": "城管委", "skills": "路灯", "actor": SYSTEM, "now": now}
    assert commands.set_department("urban", **given) == commands.set_department("urban", **given)
    assert (Department.objects.count(), Event.objects.count()) == (1, 1)


def test_department_with_bad_key_is_refused(people, now):
    with pytest.raises(DomainError, match=r"department\.invalid"):
        commands.set_department("a b", name_zh="城管委", actor=SYSTEM, now=now)


def test_first_run_makes_three_persons_and_only_once(people, capsys):
    call_command("first_run")
    held = RoleHolding.objects.values_list("role", "user_id")
    assert {role for role, _ in held} == {str(r) for r in ADMINISTRATORS}
    assert len({user for _, user in held}) == 3
    shown = capsys.readouterr().out.split()
    for user in User.objects.all():
        assert any(user.check_password(word) for word in shown)
        assert user.must_change_password
    with pytest.raises(CommandError):
        call_command("first_run")


def test_commands_of_the_console_make_a_user_and_grant(people, now, capsys):
    commands.set_department("urban", name_zh="城管委", actor=SYSTEM, now=now)
    call_command("create_user", "zhang", name="张三")
    call_command("grant_role", "zhang", "handler", department="urban")
    assert [(h.user.username, h.role) for h in RoleHolding.objects.all()] == [("zhang", "handler")]
    with pytest.raises(CommandError):
        call_command("grant_role", "zhang", "handler", department="none")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.ACCEPTOR, {"me", "a", "b"}),
        (Role.AUDIT_ADMIN, {"me", "a", "b", "c"}),
        (Role.DEPARTMENT_LEAD, {"me", "a"}),
        (Role.GRID_WORKER, None),
        (Role.HANDLER, None),
        (Role.CITIZEN, None),
    ],
)
def test_users_list_shows_what_the_role_may_see(people, now, role, seen):
    parks = commands.set_department("parks", name_zh="园林", actor=SYSTEM, now=now)
    roads = commands.set_department("roads", name_zh="道路", actor=SYSTEM, now=now)
    people.user("a", Role.HANDLER, department_id=parks)
    people.user("b", Role.HANDLER, department_id=roads)
    people.user("c", Role.CITIZEN)
    viewer = people.viewer("me", role, department_id=parks)
    if seen is None:
        with pytest.raises(NotAllowed):
            queries.users(viewer=viewer)
    else:
        assert {u.username for u in queries.users(viewer=viewer)} == seen


def test_users_page_by_cursor_and_filter(people, now):
    for name in ("a", "b", "c"):
        people.user(name, Role.GRID_WORKER)
    viewer = people.viewer("desk", Role.DISPATCHER)
    first = queries.users(viewer=viewer, limit=2, role=Role.GRID_WORKER)
    second = queries.users(viewer=viewer, limit=2, after=first[-1].id, role=Role.GRID_WORKER)
    assert [u.username for u in first + second] == ["a", "b", "c"]


@pytest.mark.parametrize("count", [1, 3])
def test_users_list_takes_the_same_queries_for_one_and_three(
    people, now, count, django_assert_num_queries
):
    viewer = people.viewer("desk", Role.DISPATCHER)
    for k in range(count):
        people.user(f"u{k}", Role.GRID_WORKER, Role.ANALYST)
    with django_assert_num_queries(2):
        assert len(queries.users(viewer=viewer, role=Role.ANALYST)) == count
