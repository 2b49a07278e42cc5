"""cityloop forecast demand: make the forecasts now, from the cases there are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.ai.forecasts.commands import make_forecast, make_nowcast
from cityloop.business.appraisal.demand import demand


class Command(BaseCommand):
    help = "立即生成诉求预测。Make the forecasts of reports now."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        given = demand(now)
        if given is None:
            raise CommandError(
                "此前没有任何案卷，无法预测。\n"
                "There is no case from before today; nothing to forecast from."
            )
        run = make_forecast(given, now=now)
        if run.problem:
            raise CommandError("\n".join(run.problem))
        cells = make_nowcast(given, now=now)
        self.stdout.write(
            f"{run.last_day}: {run.history_days} days known, {run.suppressed} small cells "
            f"together; today reckoned for {cells} cells"
        )
