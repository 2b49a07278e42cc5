"""`cityloop setup code`: what /manage/setup asks for while there is no administrator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cityloop.hub.setup.code import setup_code
from cityloop.hub.setup.queries import has_administrators


class Command(BaseCommand):
    help = "显示首次启用码。Print the code for the first administrators."

    def handle(self, *args: Any, **given: Any) -> None:
        if has_administrators():
            raise CommandError(
                "三员已设立，启用码已失效。The administrators exist; the code has served."
            )
        self.stdout.write(setup_code())
