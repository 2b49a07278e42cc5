"""`cityloop seed city`: a synthetic district of any size, without history."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.city.profile import load_profile
from cityloop.engines.district.wide import SIZES
from cityloop.hub.demo.commands.city import seed_city


class Command(BaseCommand):
    help = (
        "合成城区：区域、网格、人员与要素登记 / A synthetic district with its cells, staff and "
        "registers, in an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--profile", default="chaoyang-scale", help="a folder of profiles/")
        parser.add_argument("--seed", type=int, default=7, help="equal seeds, equal districts")
        parser.add_argument("--size", choices=list(SIZES), help="else the profile's")
        parser.add_argument("--no-parts", action="store_true", help="no street furniture")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seed"] < 0:
            raise CommandError("--seed 不小于 0。--seed >= 0.")
        began = time.monotonic()
        settings.PROFILE = options["profile"]
        table = load_profile().settings.get("district", {})
        size = options["size"] or table.get("size", "chaoyang")
        self._say("检查数据库", "Checking the database")
        call_command("migrate", verbosity=0)
        made = seed_city(
            size, options["seed"], now=timezone.now(), parts=not options["no_parts"],
            tell=self._say,
        )  # fmt: skip
        for name, seconds in made.seconds.items():
            self.stdout.write(f"  {name:<12}{seconds:8.1f} s")
        self._say(
            f"合成城区就绪：{made.cells:,} 个网格（{made.in_window:.2%} 在规模内），"
            f"{sum(made.elements.values()):,} 个要素，{made.people:,} 人，"
            f"{time.monotonic() - began:.0f} 秒",
            f"Ready: {made.cells:,} cells, {sum(made.elements.values()):,} elements, "
            f"{made.people:,} people. All of it is synthetic.",
        )

    def _say(self, zh: str, en: str) -> None:
        self.stdout.write(f"  {zh}  {en}")
        self.stdout.flush()
