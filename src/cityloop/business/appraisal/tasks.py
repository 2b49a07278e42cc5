"""What the worker reckons from the figures: forecasts once a day, how today will end each hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.ai.forecasts.commands import make_forecast, make_nowcast
from cityloop.ai.forecasts.domain import Demand
from cityloop.ai.forecasts.queries import has_nowcast, last_known_day
from cityloop.business.appraisal.demand import demand
from cityloop.city.jobs.registry import every
from cityloop.kernel.errors import NotFound

_tried: date | None = None


@every(seconds=300)
def forecast_demand(now: datetime) -> None:
    """Yesterday is over: forecast from it, once. Then today's end, once an hour."""
    global _tried  # noqa: PLW0603  a city without cases is not counted again all day
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    yesterday = local.date() - timedelta(days=1)
    is_new = last_known_day() != yesterday and _tried != local.date()
    wants_hour = local.hour > 0 and not has_nowcast(local.date(), local.hour)
    if not is_new and not (wants_hour and last_known_day() == yesterday):
        return
    _tried = local.date()
    given = _given(now)
    if given is None:
        return
    if is_new:
        make_forecast(given, now=now)
    if wants_hour:
        make_nowcast(given, now=now)


def _given(now: datetime) -> Demand | None:
    try:
        return demand(now)
    except NotFound:  # no catalogue yet: the city is being set up
        return None
