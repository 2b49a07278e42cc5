"""`cityloop demo`: a synthetic district at work, ready to be tried."""

from __future__ import annotations

import shutil
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from cityloop.hub.demo.commands.control import set_simulator
from cityloop.hub.demo.commands.seed import seed
from cityloop.hub.demo.queries import find_town, may_be_shown
from cityloop.hub.live.serving import serve
from cityloop.kernel.errors import DomainError

_NOT_A_DEMO = (
    "{database} 中已有数据，但不是演示数据：演示会免密登录并写入虚构案卷，因此未启动。"
    "请用 CITYLOOP_DATA 指定一个空文件夹，或去掉 DATABASE_URL。\n"
    "{database} holds data that no demo made: a demo lets anybody in and writes invented cases, so "
    "it was not started. Give an empty folder as CITYLOOP_DATA, or leave DATABASE_URL out."
)


class Command(BaseCommand):
    help = (
        "演示：生成合成街道并启动全部服务 / A synthetic district at work, served on this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--seed", type=int, default=7, help="equal seeds, equal districts")
        parser.add_argument("--size", choices=["street", "community"], default="street")
        parser.add_argument("--days", type=int, default=30, help="days of history (30)")
        parser.add_argument("--speed", type=float, default=60.0, help="1 to 3600 (60)")
        parser.add_argument("--fresh", action="store_true", help="begin with a new district")
        parser.add_argument("--no-simulator", action="store_true", help="nobody acts by himself")
        parser.add_argument("--only-seed", action="store_true", help="make it, do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("CITYLOOP_DEMO is off. 请以 cityloop demo 启动。")
        began = time.monotonic()
        if not may_be_shown():
            raise CommandError(_NOT_A_DEMO.format(database=settings.DATABASES["default"]["NAME"]))
        if options["fresh"]:
            self._forget()
        self._say("检查数据库", "Checking the database")
        call_command("migrate", verbosity=0)
        if find_town() is None:
            self._make(options)
        try:
            set_simulator(
                runs=not options["no_simulator"], speed=options["speed"], now=timezone.now()
            )
        except DomainError as error:
            raise CommandError(f"{error.zh} {error.en}") from error
        connection.close()
        if not options["only_seed"]:
            self._welcome(options, time.monotonic() - began)
            serve(options["host"], options["port"], with_worker=True)

    def _make(self, options: dict[str, Any]) -> None:
        if options["days"] < 1 or options["seed"] < 0:
            raise CommandError("--days 至少为 1，--seed 不小于 0。--days >= 1, --seed >= 0.")
        done = seed(
            options["size"], options["seed"], now=timezone.now(), days=options["days"],
            tell=self._say,
        )  # fmt: skip
        self._say(
            f"共 {done.reports} 件诉求、{done.moves} 次办理、{done.rings} 次时限提醒",
            f"{done.reports} reports, {done.moves} moves, {done.rings} clocks rung",
        )

    def _say(self, zh: str, en: str) -> None:
        self.stdout.write(f"  {zh}  {en}")
        self.stdout.flush()

    def _forget(self) -> None:
        """Delete the demo's own data; the trained model may stay, it is the same."""
        if connection.vendor != "sqlite":
            raise CommandError(
                "--fresh 仅用于演示自带的 SQLite 数据。--fresh is for the demo's own SQLite data."
            )
        folder = Path(settings.DATA)
        database = Path(str(settings.DATABASES["default"]["NAME"]))
        if database.parent != folder:
            raise CommandError(f"{database} 不在 {folder} 中 is not in the demo's folder.")
        connection.close()
        for path in folder.glob(database.name + "*"):
            path.unlink()
        shutil.rmtree(folder / "media", ignore_errors=True)

    def _welcome(self, options: dict[str, Any], seconds: float) -> None:
        at = f"http://{options['host']}:{options['port']}"
        self.stdout.write(
            f"\n城环演示就绪（{seconds:.0f} 秒），全部数据为合成数据。"
            f"The demo is ready; all its data is synthetic.\n\n"
            f"  {at}/login/    选择一个身份，一键登录  pick a role, one click\n"
            f"  {at}/report/   以市民身份随手拍        report as a citizen\n"
            f"  {at}/api/v1/docs  接口文档             API documentation\n\n"
            "  试一试：上报一件事，看它被受理、派遣、处置、核查、结案，再给个评价。\n"
            "  Try: report something, follow it to its closing, and rate it.\n"
            "  Ctrl-C 结束 to stop\n"
        )
        self.stdout.flush()
