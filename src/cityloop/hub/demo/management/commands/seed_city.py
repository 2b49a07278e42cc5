"""`cityloop seed city`: a synthetic district of any size."""

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
from cityloop.hub.demo.commands.seed import PER_DAY, seed

SMALL = tuple(PER_DAY)  # sizes of the demo, which come with a history


class Command(BaseCommand):
    help = (
        "合成城区：区域、网格、人员与要素登记，写入空数据库；全部为虚构。A synthetic district with "
        "its cells, staff and registers, in an empty database. Sizes: community 1 个社区, street "
        "14 个社区 (the demo's), town 36 个社区, chaoyang 43 个街道 1,060 个社区 605 万户."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--profile", help="方案：profiles/ 中的目录 a folder of profiles/ (chaoyang-scale; for "
            "community and street: default)",
        )  # fmt: skip
        parser.add_argument(
            "--seed", type=int, default=7, help="相同种子相同城区 equal seeds, equal districts"
        )
        parser.add_argument(
            "--size", choices=[*SMALL, *SIZES], help="规模 (else the profile's: chaoyang)"
        )
        parser.add_argument(
            "--no-parts",
            action="store_true",
            help="不含街道部件 town, chaoyang: no street furniture",
        )
        parser.add_argument(
            "--days", type=int, default=30, help="community、street 的历史天数 days of history (30)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seed"] < 0 or options["days"] < 1:
            raise CommandError("--seed 不小于 0，--days 至少为 1。--seed >= 0, --days >= 1.")
        began = time.monotonic()
        small = options["size"] in SMALL
        settings.PROFILE = options["profile"] or ("default" if small else "chaoyang-scale")
        table = load_profile().settings.get("district", {})
        size = options["size"] or table.get("size", "chaoyang")
        self._say("检查数据库", "Checking the database")
        call_command("migrate", verbosity=0)
        if size in SMALL:
            done = seed(
                size, options["seed"], now=timezone.now(), days=options["days"], tell=self._say
            )
            self._say(
                f"合成城区就绪：{done.reports} 件诉求，{time.monotonic() - began:.0f} 秒",
                f"Ready: {done.reports} reports in {options['days']} days. All of it is synthetic.",
            )
            return
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
