from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.ai.forecasts.given import demand, local, next_day
from tests.world import SUBDISTRICT, World

from cityloop.ai.forecasts import queries
from cityloop.ai.forecasts.commands import (
    decide_warning,
    enter_trigger,
    make_forecast,
    make_nowcast,
    withdraw_trigger,
)
from cityloop.ai.forecasts.models import EarlyWarning, ForecastCell, ForecastRun, TodayCell
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_forecast_covers_a_week_at_every_level_and_the_past_as_hindsight(world: World) -> None:
    given = demand(world, days=260)
    run = make_forecast(given, now=world.now)
    today = local(world.now).date()
    ahead = ForecastCell.objects.filter(day__gte=today)
    assert set(ahead.values_list("day", flat=True)) == {today + n * DAY for n in range(7)}
    assert not ahead.filter(hindsight=True).exists()
    past = ForecastCell.objects.filter(day__lt=today)
    assert past.count() == 56 * 12  # city, 3 topics, 2 areas, 6 cells
    assert not past.filter(hindsight=False).exists()
    assert (run.last_day, run.history_days, run.problem) == (today - DAY, 260, None)
    assert run.figures["cell"]["mae_ratio"] < 0.9
    assert run.figures["cell"]["mae_without_trees"] > 0
    assert "水平×周内规律" in queries.notes(run)[-1][0]
    shown = queries.series(world.viewer("dispatcher"), by="topic")
    assert shown[0]["topic"] == ""
    assert len(shown[0]["points"]) == 28 + 7
    whole = shown[0]["points"][0]
    assert whole.actual == int(given.counts.counts[-28].sum())


def test_making_it_again_doubles_nothing(world: World) -> None:
    given = demand(world)
    make_forecast(given, now=world.now)
    before = ForecastCell.objects.count(), EarlyWarning.objects.count()
    make_forecast(given, now=world.now)
    assert (ForecastCell.objects.count(), EarlyWarning.objects.count()) == before
    assert ForecastRun.objects.count() == 1


def test_too_short_a_history_says_how_many_days_are_needed(world: World) -> None:
    given = demand(world, days=100)
    short = replace(given, counts=given.counts.until(12))
    run = make_forecast(short, now=world.now)
    assert run.problem is not None
    assert "15" in run.problem[1]
    assert not ForecastCell.objects.exists()
    assert queries.notes(run) == []


def test_a_month_of_cases_is_forecast_and_called_a_short_history(world: World) -> None:
    given = demand(world, days=30)
    assert given.recent is not None
    recent = replace(given.recent, first_day=given.counts.first_day,
                     counts=given.recent.counts[-30:], hourly=given.recent.hourly[-30:])  # type: ignore[index]  # fmt: skip
    given = replace(given, recent=recent, today=np.full((24, 6), 1))
    run = make_forecast(given, now=world.now)
    today = local(world.now).date()
    whole = ForecastCell.objects.filter(area_id=0, topic="", day__gte=today)
    assert whole.count() == 7
    assert all(row.low < row.median < row.high for row in whole)
    assert all(row.line is not None for row in whole), "of the 30 days known"
    said = [zh for zh, _ in queries.notes(run)]
    assert "历史较短：仅有 30 天" in said[0]
    assert "超载线暂按已有 30 天" in said[1]
    assert make_nowcast(given, now=world.now) == 6
    run.refresh_from_db()
    assert run.nowcast == {}, "nothing is said of what such probabilities were worth"


def test_small_cells_are_not_shown_by_themselves(world: World) -> None:
    given = demand(world)
    thin = given.counts.counts.copy()
    thin[-28:, 0] = 0
    thin[-1, 0] = 4
    run = make_forecast(replace(given, counts=replace(given.counts, counts=thin)), now=world.now)
    assert run.suppressed == 1
    area = world.area(SUBDISTRICT)
    assert not ForecastCell.objects.filter(area_id=area, topic="C01").exists()
    assert ForecastCell.objects.filter(area_id=area, topic="*").exists()


def warned(world: World, **more: object) -> EarlyWarning:
    today = local(world.now).date()
    said = {"day": today, "horizon": 2, "made_at": world.now - DAY, "chance": 0.6, "line": 20.0,
            "mean": 22.0, "topic": "C01"}  # fmt: skip
    return EarlyWarning.objects.create(**(said | more))


def test_a_warning_is_judged_when_its_day_is_over_with_its_lead(world: World) -> None:
    hit = warned(world, topic="C01")
    alarm = warned(world, topic="E03", line=500.0)
    given = next_day(demand(world), [30, 2, 2, 5, 2, 2])
    make_forecast(given, now=world.now + DAY)
    hit.refresh_from_db()
    alarm.refresh_from_db()
    assert (hit.outcome, hit.actual) == ("hit", 35)
    # all came between 9 and 10 local: 10:00 today, a day and no hour after 10:00 yesterday
    assert hit.lead_hours == 24.0
    assert (alarm.outcome, alarm.actual, alarm.lead_hours) == ("false_alarm", 4, None)
    record = queries.record(world.viewer("analyst"), today_is=local(world.now).date() + DAY)
    assert record["ahead"]["hits"] == 1
    assert record["ahead"]["hit_rate"] == 0.5


def test_an_overload_nobody_was_warned_of_is_a_miss_on_record(world: World) -> None:
    given = demand(world)
    make_forecast(given, now=world.now - DAY)
    # forecast two days ahead before the day, as yesterday's run would have left it
    today = local(world.now).date()
    ForecastCell.objects.create(day=today, horizon=2, area_id=0, topic="C01", mean=9, median=9,
                                low=5, high=14, line=14.0, chance=0.1)  # fmt: skip
    make_forecast(next_day(given, [60, 2, 2, 5, 2, 2]), now=world.now + DAY)
    missed = EarlyWarning.objects.get(outcome="miss", topic="C01", area_id=0)
    assert (missed.actual, missed.made_at) == (65, None)


def test_a_trigger_raises_the_day_and_stands_first_among_the_reasons(world: World) -> None:
    given, today = demand(world), local(world.now).date()
    make_forecast(given, now=world.now)
    tomorrow = ForecastCell.objects.get(day=today + DAY, horizon=2, area_id=0, topic="C01")
    enter_trigger(kind="rain", first_day=today + DAY, last_day=today + DAY, topics=["C01"],
                  guess=4.0, actor=world.viewer("dispatcher"), now=world.now)  # fmt: skip
    make_forecast(given, now=world.now)
    raised = ForecastCell.objects.get(day=today + DAY, horizon=2, area_id=0, topic="C01")
    assert raised.mean == pytest.approx(4 * tomorrow.mean, rel=0.01)
    other = ForecastCell.objects.get(day=today + DAY, horizon=2, area_id=0, topic="E03")
    assert other.mean < raised.mean
    warning = EarlyWarning.objects.get(day=today + DAY, area_id=0, topic="C01")
    assert "暴雨" in warning.reasons[0][0]
    assert "雨水口" in warning.preparations[0][0], "what fits the reason comes first"
    whole = ForecastCell.objects.get(day=today + DAY, horizon=2, area_id=0, topic="")
    assert whole.mean < 4 * raised.mean / 2, "the city as a whole is not multiplied by four"


def test_triggers_out_of_order_unknown_or_elsewhere_are_refused(world: World) -> None:
    make_forecast(demand(world), now=world.now)
    today, actor = local(world.now).date(), world.viewer("dispatcher")
    wrong = [
        ({"kind": "moon"}, "forecast.trigger_kind"),
        ({"last_day": today - DAY}, "forecast.trigger"),
        ({"last_day": today + 100 * DAY}, "forecast.trigger_long"),
        ({"areas": [999_999]}, "forecast.trigger_area"),
        ({"topics": ["Z99"]}, "forecast.trigger_topic"),
    ]
    for given, code in wrong:
        said = {"kind": "rain", "first_day": today, "last_day": today} | given
        with pytest.raises(DomainError) as caught:
            enter_trigger(**said, actor=actor, now=world.now)  # type: ignore[arg-type]
        assert caught.value.code == code
    with pytest.raises(NotAllowed):
        enter_trigger(kind="rain", first_day=today, last_day=today,
                      actor=world.viewer("acceptor"), now=world.now)  # fmt: skip
    with pytest.raises(NotFound):
        withdraw_trigger(77, actor=actor, now=world.now)
    row = enter_trigger(kind="rain", first_day=today, last_day=today, actor=actor, now=world.now)
    withdraw_trigger(row.pk, actor=actor, now=world.now)
    with pytest.raises(Conflict):
        withdraw_trigger(row.pk, actor=actor, now=world.now)


def test_a_person_decides_once_with_a_reason(world: World) -> None:
    row, lead = warned(world), world.viewer("lead")
    with pytest.raises(DomainError, match=r"forecast\.reason"):
        decide_warning(row.pk, accept=True, reason="  ", actor=lead, now=world.now)
    with pytest.raises(NotAllowed):
        decide_warning(row.pk, accept=True, reason="x", actor=world.viewer("worker"), now=world.now)
    done = decide_warning(row.pk, accept=False, reason="已有安排", actor=lead, now=world.now)
    assert (done.decision, done.decision_reason) == ("declined", "已有安排")
    with pytest.raises(Conflict, match="decided"):
        decide_warning(row.pk, accept=True, reason="x", actor=lead, now=world.now)
    over = warned(world, topic="E03", outcome="hit")
    with pytest.raises(Conflict, match="judged"):
        decide_warning(over.pk, accept=True, reason="x", actor=lead, now=world.now)


def test_today_is_reckoned_from_its_hours_and_warned_of(world: World) -> None:
    given = demand(world)
    began = np.zeros((24, 6), dtype=np.int64)
    began[8:10, 0] = 40  # 10:00 local: far more than a day brings
    make_forecast(given, now=world.now)
    cells = make_nowcast(replace(given, today=began), now=world.now)
    assert cells == TodayCell.objects.count() == 6  # city, 3 topics, 2 areas
    row = TodayCell.objects.get(area_id=0, topic="C01")
    assert (row.hour, row.seen) == (10, 80)
    assert row.chance == 1.0
    assert row.low >= 80
    warning = EarlyWarning.objects.get(area_id=0, topic="C01")
    assert warning.horizon == 0
    assert "80" in warning.reasons[0][0]
    quiet = TodayCell.objects.get(area_id=0, topic="E03")
    assert quiet.chance is not None
    assert quiet.chance < 0.3
    assert "过去 58 天同一时刻" in warning.reasons[-1][0]
    told = ForecastRun.objects.get().nowcast
    assert (told["hour"], told["days"], told["from"]) == (10, 58, 0.7)
    assert 0 < told["came"] <= told["given"] <= told["events"] + 20
    assert sum(band["n"] for band in told["bands"]) == 58 * 6
    hour, shown = queries.today(world.viewer("district"), day=row.day)
    assert hour == 10
    assert {one["topic"] for one in shown[:3]} == {"", "C01"}, "the likeliest first"


def test_yesterdays_counts_do_not_make_a_nowcast_of_today(world: World) -> None:
    stale = demand(world, last=local(world.now).date() - 2 * DAY)
    assert make_nowcast(replace(stale, today=np.zeros((24, 6), np.int64)), now=world.now) == 0
