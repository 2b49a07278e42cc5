"""`cityloop create user NAME`: a user without roles; or a new one-time password."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.commands import create_user, reset_password
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.accounts.models import User
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "新建用户并显示一次性密码。Make a user and show a one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="display name 姓名")
        parser.add_argument("--language", default="zh", choices=["zh", "en"])
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--reset", action="store_true", help="new one-time password for an existing user"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            password = self._reset(given) if given["reset"] else self._create(given)
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self.stdout.write(f"{given['username']}  {password}")
        self.stdout.write("一次性密码，首次登录后须修改。One-time: to be changed at first login.")

    def _create(self, given: dict[str, Any]) -> str | None:
        return create_user(
            given["username"],
            display_name=given["name"],
            language=given["language"],
            email=given["email"],
            actor=SYSTEM,
            now=timezone.now(),
        ).password

    def _reset(self, given: dict[str, Any]) -> str:
        user = User.objects.filter(username__iexact=given["username"]).first()
        if user is None:
            raise CommandError(f"没有用户 There is no user {given['username']}.")
        return reset_password(user.pk, actor=SYSTEM, now=timezone.now())
