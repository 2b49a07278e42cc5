"""cityloop load rules: the profile's hard rules."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.business.dispatch.commands import load_rules
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "载入方案的派遣硬规则。Put the hard rules of the profile into force, all or none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--replace", action="store_true", help="take other rules out of force 停用其余规则"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_rules(actor=SYSTEM, now=timezone.now(), replace=options["replace"])
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self.stdout.write(
            f"{len(done.saved)} rules saved, {len(done.same)} unchanged, "
            f"{len(done.removed)} taken out of force"
        )
