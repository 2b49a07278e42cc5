"""Forecasts, warnings and triggers over REST. Mounted at /forecasts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from cityloop.ai.forecasts import commands, queries
from cityloop.ai.forecasts import schemas as s
from cityloop.ai.forecasts.settings import forecast_settings
from cityloop.city.accounts.domain import Viewer

router = Router(tags=["forecasts 诉求预测"])
PathId = Annotated[int, Path(ge=1, le=2**62)]
AreaId = Annotated[int, Query(ge=0, le=2**62)]
TopicKey = Annotated[str, Query(max_length=8)]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


@router.get("", response=s.ForecastState, summary="预测概况 What is forecast, and how well")
def state(request: HttpRequest) -> Any:
    reader, rules = queries.reader_of(_viewer(request)), forecast_settings()
    run = reader.run
    problem = run.problem if run else None
    worth = run.nowcast if run and run.nowcast else None
    return {
        "last_day": run and run.last_day,
        "made_at": run and run.made_at,
        "history_days": run.history_days if run else 0,
        "problem_zh": problem and problem[0],
        "problem_en": problem and problem[1],
        "notes": [{"zh": zh, "en": en} for zh, en in queries.notes(run)],
        "nowcast": worth and {**worth, "least": worth["from"]},
        "suppressed": run.suppressed if run else 0,
        "least": rules.least_in_28_days,
        "figures": run.figures if run else {},
        "areas": [{"id": k, "zh": zh, "en": en} for k, (zh, en) in reader.areas.items()],
        "topics": [{"key": k, "zh": zh, "en": en} for k, (zh, en) in reader.topics.items()],
        "trigger_kinds": [{"key": k, "zh": zh, "en": en} for k, (zh, en) in rules.triggers.items()],
    }


@router.get("/series", response=list[s.ForecastSeries], summary="逐日预测 Days by class or area")
def series(
    request: HttpRequest,
    by: Literal["topic", "area"] = "topic",
    area: AreaId = 0,
    topic: TopicKey = "",
) -> Any:
    return queries.series(_viewer(request), by=by, area_id=area, topic=topic)


@router.get("/today", response=s.TodayOut, summary="今日研判 How today will end")
def today(request: HttpRequest) -> Any:
    day = _today(timezone.now())
    hour, rows = queries.today(_viewer(request), day=day)
    names = ("seen", "usual", "mean", "low", "high", "line", "chance")
    return {
        "day": day,
        "hour": hour,
        "rows": [row | {name: getattr(row["row"], name) for name in names} for row in rows],
    }


@router.get("/warnings", response=list[s.WarningOut], summary="预警 Warnings")
def warnings(request: HttpRequest, past: bool = False) -> Any:
    day = _today(timezone.now())
    return [_warning(row) for row in queries.warnings(_viewer(request), past=past, today_is=day)]


@router.get("/record", response=s.WarningRecord, summary="预警成效 How right warnings were")
def record(request: HttpRequest) -> Any:
    return queries.record(_viewer(request), today_is=_today(timezone.now()))


@router.post("/warnings/{warning_id}/decision", response=s.WarningOut, summary="决定 Decide")
def decide(request: HttpRequest, warning_id: PathId, given: s.WarningDecision) -> Any:
    row = commands.decide_warning(
        warning_id,
        accept=given.decision == "accepted",
        reason=given.reason,
        actor=_viewer(request),
        now=timezone.now(),
    )
    return _warning({**queries.reader_of(_viewer(request)).named(row), "row": row})


@router.get("/triggers", response=list[s.TriggerOut], summary="触发因素 Triggers")
def triggers(request: HttpRequest) -> Any:
    return [_trigger(row) for row in queries.triggers(_viewer(request), now=timezone.now())]


@router.post("/triggers", response=s.TriggerOut, summary="录入触发因素 Enter a trigger")
def enter(request: HttpRequest, given: s.TriggerIn) -> Any:
    row = commands.enter_trigger(**given.model_dump(), actor=_viewer(request), now=timezone.now())
    return _trigger(row)


@router.post("/triggers/{trigger_id}/withdraw", response=s.TriggerOut, summary="撤回 Withdraw")
def withdraw(request: HttpRequest, trigger_id: PathId) -> Any:
    return _trigger(
        commands.withdraw_trigger(trigger_id, actor=_viewer(request), now=timezone.now())
    )


SHOWN = (
    "id", "day", "made_at", "chance", "mean", "low", "high", "line", "decision",
    "decision_reason", "decided_at", "outcome", "actual", "lead_hours",
)  # fmt: skip


def _warning(found: dict[str, Any]) -> dict[str, Any]:
    row = found["row"]
    return {
        **found,
        **{name: getattr(row, name) for name in SHOWN},
        "reasons": [{"zh": zh, "en": en} for zh, en in row.reasons],
        "preparations": [{"zh": zh, "en": en} for zh, en in row.preparations],
        "days_ahead": row.horizon,
        "decided_by": row.decided_by.display_name if row.decided_by else "",
    }


def _trigger(row: Any) -> dict[str, Any]:
    zh, en = forecast_settings().triggers.get(row.kind, (row.kind, row.kind))
    names = (
        "id", "kind", "first_day", "last_day", "areas", "topics", "guess", "note", "entered_at",
        "withdrawn_at",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "kind_zh": zh,
        "kind_en": en,
        "entered_by": row.entered_by.display_name if row.entered_by else "",
    }
