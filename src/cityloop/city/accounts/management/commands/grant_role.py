"""`cityloop grant role NAME ROLE`: done on the console, on record as the system's."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.commands import grant_role
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.models import Department, RoleHolding, User
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "授予角色。Grant a role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=[r.value for r in Role])
        parser.add_argument("--area", help="area code 区域编码 (none = whole city)")
        parser.add_argument("--department", help="department key 部门标识")

    def handle(self, *args: Any, **given: Any) -> None:
        user = User.objects.filter(username__iexact=given["username"]).first()
        if user is None:
            raise CommandError(f"没有用户 There is no user {given['username']}.")
        try:
            held = grant_role(
                user.pk,
                given["role"],
                area_id=_area_id(given["area"]),
                department_id=_department_id(given["department"]),
                actor=SYSTEM,
                now=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self.stdout.write(f"{user.username}: {held.role} (#{held.pk})")


def _area_id(code: str | None) -> int | None:
    if code is None:
        return None
    areas = RoleHolding._meta.get_field("area").related_model._default_manager
    found = areas.filter(code=code, valid_until__isnull=True).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"没有区域 There is no area {code} now.")
    return int(found)


def _department_id(key: str | None) -> int | None:
    if key is None:
        return None
    found = Department.objects.filter(key=key).first()
    if found is None:
        raise CommandError(f"没有部门 There is no department {key}.")
    return found.pk
