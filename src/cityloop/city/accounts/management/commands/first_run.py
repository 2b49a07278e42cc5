"""`cityloop first_run`: the three administrators of a new city, each with a one-time password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.city.accounts.commands import create_user, grant_role
from cityloop.city.accounts.domain import ADMINISTRATORS, ROLE_NAMES, SYSTEM, Role
from cityloop.city.accounts.models import RoleHolding
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError

PERSONS = {
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditadmin": Role.AUDIT_ADMIN,
}


class Command(BaseCommand):
    help = "建立系统、安全、审计三员。Make the three separate administrators, once."

    def handle(self, *args: Any, **given: Any) -> None:
        held = RoleHolding.objects.filter(role__in=[*ADMINISTRATORS], ended_at__isnull=True)
        if held.exists():
            raise CommandError(
                "三员已设立，无需再次执行。The administrators exist already; use `create user` "
                "and `grant role` to replace one."
            )
        now = timezone.now()
        try:
            with write():
                made = [self._appoint(name, role, now) for name, role in PERSONS.items()]
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self.stdout.write("\n".join(made))
        self.stdout.write(
            "每人一个，首次登录须修改密码；密码不再显示。\n"
            "One a person, to be changed at first login; not shown again."
        )

    @staticmethod
    def _appoint(name: str, role: Role, now: Any) -> str:
        zh, en = ROLE_NAMES[role]
        user = create_user(name, display_name=zh, actor=SYSTEM, now=now)
        grant_role(user.user_id, role, actor=SYSTEM, now=now)
        return f"{zh} {en:22} {name:12} {user.password}"
