"""Departments and staff from files: dry run, idempotence, roles asked for, not granted."""

from __future__ import annotations

import pytest

from cityloop.city.accounts import commands, queries
from cityloop.city.accounts.domain import Role
from cityloop.city.accounts.models import Department, RoleHolding, RoleRequest, User
from cityloop.kernel.errors import DomainError

HEAD = "用户名,姓名,角色,区域编码,部门编码\n"


@pytest.fixture
def system(people):
    return people.viewer("boss", Role.SYSTEM_ADMIN)


@pytest.fixture
def security(people):
    return people.viewer("sec", Role.SECURITY_ADMIN)


def file(tmp_path, text, name="staff.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_a_dry_run_tells_everything_and_writes_nothing(tmp_path, system, now):
    before = User.objects.count()
    path = file(tmp_path, HEAD + "w1,王一,网格员,,\nw1,王一,受理员,,\nw2,王二,队长,,\n")
    done = commands.import_staff(path, dry_run=True, actor=system, now=now)
    assert (done.added, done.unchanged, done.requests, done.written) == (1, 1, 2, False)
    assert [(r.number, r.error.code) for r in done.refused] == [(4, "role.unknown")]
    assert (User.objects.count(), RoleRequest.objects.count(), done.passwords) == (before, 0, [])


def test_accounts_are_made_and_roles_wait_for_the_security_administrator(
    tmp_path, system, security, now
):
    path = file(tmp_path, HEAD + "w1,王一,grid_worker,,\n")
    done = commands.import_staff(path, actor=system, now=now)
    assert [made.username for made in done.passwords] == ["w1"]
    user = User.objects.get(username="w1")
    assert user.check_password(done.passwords[0].password)
    assert not RoleHolding.objects.filter(user=user).exists()
    [asked] = queries.role_requests(viewer=security)
    commands.decide_roles([asked["id"]], grant=True, actor=security, now=now)
    assert queries.holds_now(user.pk, Role.GRID_WORKER)


def test_the_same_file_twice_makes_nothing_new(tmp_path, system, now):
    path = file(tmp_path, HEAD + "w1,王一,网格员,,\n")
    commands.import_staff(path, actor=system, now=now)
    again = commands.import_staff(path, actor=system, now=now)
    assert (again.added, again.unchanged, again.requests) == (0, 1, 0)


def test_a_department_role_needs_its_department(tmp_path, system, now):
    commands.set_department("parks", name_zh="园林", actor=system, now=now)
    path = file(tmp_path, HEAD + "w1,王一,处置人,,parks\nw2,王二,处置人,,\nw3,王三,处置人,,no\n")
    done = commands.import_staff(path, actor=system, now=now)
    assert [(r.number, r.column) for r in done.refused] == [(3, "department"), (4, "department")]


def test_departments_keep_what_the_file_does_not_say(tmp_path, system, now):
    commands.set_department("parks", name_zh="园林", skills="树木", actor=system, now=now)
    path = file(tmp_path, "部门编码,名称\nparks,园林绿化\nroads,道路\n,无编码\n", "d.csv")
    done = commands.import_departments(path, actor=system, now=now)
    assert (done.added, done.changed, len(done.refused)) == (1, 1, 1)
    row = Department.objects.get(key="parks")
    assert (row.name_zh, row.skills) == ("园林绿化", "树木")


def test_missing_columns_are_named(tmp_path, system, now):
    path = file(tmp_path, "a,b\n1,2\n")
    with pytest.raises(DomainError) as refused:
        commands.import_staff(path, actor=system, now=now)
    assert refused.value.code == "table.columns"
    assert "用户名" in refused.value.zh


def test_a_role_that_cannot_be_granted_says_why_and_waits_on(people, system, security, now):
    other = people.user("aud", Role.AUDIT_ADMIN)
    pk = commands.ask_for_role(other, Role.SYSTEM_ADMIN, actor=system, now=now)
    done = commands.decide_roles([pk], grant=True, actor=security, now=now)
    assert (done.granted, done.problems) == (0, [pk])
    row = RoleRequest.objects.get(pk=pk)
    assert row.state == "asked"
    assert "三人" in row.problem


def test_nobody_asks_or_grants_outside_the_own_part(people, system, security, now):
    from cityloop.kernel.errors import NotAllowed

    user = people.user("wang")
    with pytest.raises(NotAllowed):
        commands.ask_for_role(user, Role.ANALYST, actor=security, now=now)
    pk = commands.ask_for_role(user, Role.ANALYST, actor=system, now=now)
    with pytest.raises(NotAllowed):
        commands.decide_roles([pk], grant=True, actor=system, now=now)
