"""Who may grant what to whom."""

from __future__ import annotations

import itertools
import json

import pytest
from django.db import IntegrityError, transaction

from cityloop.city.accounts import commands, queries
from cityloop.city.accounts.domain import ADMINISTRATORS, SYSTEM, Role
from cityloop.city.accounts.models import RoleHolding, User
from cityloop.city.audit.models import Event
from cityloop.city.places.models import Area
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

PAIRS = list(itertools.permutations(sorted(ADMINISTRATORS), 2))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_second_administrator_role_for_one_person_is_refused(people, now, first, second):
    user = people.user("wang", first)
    with pytest.raises(NotAllowed) as refused:
        commands.grant_role(user, second, actor=SYSTEM, now=now)
    assert refused.value.code == "role.three_persons"
    assert [h.role for h in queries.holdings_of(user)] == [first]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_second_administrator_role_is_refused_by_the_database(people, now, first, second):
    user = people.user("wang", first)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleHolding.objects.create(user_id=user, role=second, granted_at=now)


def test_administrator_role_after_the_first_ended_is_granted(people, now):
    user = people.user("wang", Role.AUDIT_ADMIN)
    commands.end_role(RoleHolding.objects.get().pk, actor=SYSTEM, now=now)
    commands.grant_role(user, Role.SYSTEM_ADMIN, actor=SYSTEM, now=now)
    assert [h.role for h in queries.holdings_of(user)] == [Role.SYSTEM_ADMIN]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SECURITY_ADMIN])
def test_grant_by_anybody_but_the_security_administrator_is_refused(people, now, role):
    department = commands.set_department("parks", name_zh="园林", actor=SYSTEM, now=now)
    levels = {"supervisor_community": "community", "supervisor_subdistrict": "subdistrict"}
    area = Area.objects.create(
        level=levels.get(role, "district"), code="1", name_zh="区", valid_from=now
    )
    actor = people.viewer("li", role, department_id=department, area_id=area.pk)
    other = people.user("wang")
    with pytest.raises(NotAllowed) as refused:
        commands.grant_role(other, Role.ANALYST, actor=actor, now=now)
    assert refused.value.code == "role.needed"


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SYSTEM_ADMIN])
def test_grant_to_oneself_is_refused(people, now, role):
    actor = people.viewer("li", Role.SECURITY_ADMIN)
    with pytest.raises(NotAllowed) as refused:
        commands.grant_role(actor.user_id, role, actor=actor, now=now)
    assert refused.value.code == "role.self"


def test_grant_is_on_record_with_actor_and_holding(people, now):
    actor, other = people.viewer("li", Role.SECURITY_ADMIN), people.user("wang")
    held = commands.grant_role(other, Role.ANALYST, actor=actor, now=now)
    event = Event.objects.order_by("-pk").first()
    assert (event.kind, event.actor_id, event.subject_id) == ("role.granted", actor.user_id, other)
    assert json.loads(event.data) == {
        "holding": held.pk, "role": "analyst", "area": None, "department": None,
    }  # fmt: skip


def test_same_role_twice_is_refused(people, now):
    user = people.user("wang", Role.ANALYST)
    with pytest.raises(Conflict, match=r"role\.held"):
        commands.grant_role(user, Role.ANALYST, actor=SYSTEM, now=now)


@pytest.mark.parametrize(
    ("role", "held", "code"),
    [
        (Role.HANDLER, {}, "role.department"),
        (Role.HANDLER, {"department_id": 99}, "department.unknown"),
        (Role.SUPERVISOR_COMMUNITY, {}, "role.level"),
        (Role.ANALYST, {"area_id": 99}, "place.unknown"),
        ("king", {}, "role.unknown"),
    ],
)
def test_role_without_what_it_needs_is_refused(people, now, role, held, code):
    user = people.user("wang")
    with pytest.raises(DomainError) as refused:
        commands.grant_role(user, role, actor=SYSTEM, now=now, **held)
    assert refused.value.code == code


def test_supervisor_in_area_of_another_level_is_refused(people, now):
    district = Area.objects.create(level="district", code="110105", name_zh="区", valid_from=now)
    user = people.user("wang")
    with pytest.raises(DomainError, match=r"role\.level"):
        commands.grant_role(
            user, Role.SUPERVISOR_COMMUNITY, area_id=district.pk, actor=SYSTEM, now=now
        )


def test_last_security_administrator_cannot_end(people, now):
    actor = people.viewer("li", Role.SECURITY_ADMIN)
    with pytest.raises(Conflict, match=r"role\.last_administrator"):
        commands.end_role(RoleHolding.objects.get().pk, actor=actor, now=now)


def test_staff_site_opens_with_a_post_and_closes_with_it(people, now):
    user = people.user("wang", Role.ACCEPTOR)
    opened = User.objects.get(pk=user).is_staff
    commands.end_role(RoleHolding.objects.get().pk, actor=SYSTEM, now=now)
    assert (opened, User.objects.get(pk=user).is_staff) == (True, False)


def test_role_for_closed_account_is_refused(people, now):
    user = people.user("wang")
    commands.deactivate_user(user, actor=SYSTEM, now=now)
    with pytest.raises(NotFound):
        commands.grant_role(user, Role.ANALYST, actor=SYSTEM, now=now)
