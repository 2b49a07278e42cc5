"""`cityloop first_run`: the three administrators of a new city, each with a one-time password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.city.accounts.commands.first_administrators import PERSONS, appoint_administrators
from cityloop.city.accounts.domain import ROLE_NAMES
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "建立系统、安全、审计三员。Make the three separate administrators, once."

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            made = appoint_administrators(now=timezone.now())
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        for user in made:
            zh, en = ROLE_NAMES[PERSONS[user.username]]
            self.stdout.write(f"{zh} {en:22} {user.username:12} {user.password}")
        self.stdout.write(
            "每人一个，首次登录须修改密码；密码不再显示。\n"
            "One a person, to be changed at first login; not shown again."
        )
