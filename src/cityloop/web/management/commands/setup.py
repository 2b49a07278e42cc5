"""cityloop setup: from an empty database to one that can take reports in."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from cityloop.ai.triage.queries import active_model
from cityloop.engines.deadlines import china_years
from cityloop.hub.setup.queries import has_catalogue


class Command(BaseCommand):
    help = "初始化：建库、载入方案与日历、训练分类模型。Prepare an empty database; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self._say("建立或升级数据库", "Creating or upgrading the database")
        call_command("migrate", verbosity=0)
        if not has_catalogue():
            self._say("载入方案：部门与案卷目录", "Loading departments and catalogue")
            call_command("load_profile", stdout=self.stdout)
        self._say("载入派遣规则", "Loading the routing rules")
        call_command("load_rules", stdout=self.stdout)
        year = timezone.localdate().year
        years = [y for y in (year - 1, year, year + 1) if y in china_years()]
        if years:
            self._say("载入节假日与调休", "Entering holidays and swapped workdays")
            call_command("import_calendar", country="CN", years=years, stdout=self.stdout)
        if active_model() is None:
            self._say("训练分类模型", "Training the classifier")
            call_command("train_triage", stdout=self.stdout)
        self._say(
            "完成。接下来：cityloop import areas 区域.geojson；cityloop first run 创建三位管理员。",
            "Done. Next: cityloop import areas FILE; cityloop first run makes the three "
            "administrators.",
        )

    def _say(self, zh: str, en: str) -> None:
        self.stdout.write(f"{zh}  {en}")
