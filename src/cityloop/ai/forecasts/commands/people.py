"""What people enter and decide: reasons of the days ahead, yes or no to a warning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cityloop.ai.forecasts.models import EarlyWarning, ForecastRun, NamedTrigger
from cityloop.ai.forecasts.rules import check_may_decide, no_warning, shown_areas
from cityloop.ai.forecasts.settings import forecast_settings
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.engines.forecast import Trigger
from cityloop.kernel.errors import Conflict, DomainError, NotFound

LONGEST = timedelta(days=92)


def enter_trigger(
    *,
    kind: str,
    first_day: date,
    last_day: date,
    areas: Sequence[int] = (),
    topics: Sequence[str] = (),
    guess: float = 1.0,
    note: str = "",
    actor: Viewer,
    now: datetime,
) -> NamedTrigger:
    """Enter a reason; forecasts take it up when they are next made. Past days may be entered, too:
    forecasts learn from them.

    Raises: NotAllowed, DomainError("forecast.trigger" | "forecast.trigger_kind" |
        "forecast.trigger_long" | "forecast.trigger_area" | "forecast.trigger_topic").
    """
    rules = forecast_settings()
    user = check_may_decide(actor, 0, rules.area_level)
    _check(kind, first_day, last_day, areas, topics, actor)
    Trigger(kind, first_day, last_day, guess=guess)  # refuses what the engine could not use
    with write():
        row = NamedTrigger.objects.create(
            kind=kind, first_day=first_day, last_day=last_day, areas=sorted(set(areas)),
            topics=sorted(set(topics)), guess=guess, note=note, entered_by_id=user, entered_at=now,
        )  # fmt: skip
        data = {
            "kind": kind, "from": first_day.isoformat(), "to": last_day.isoformat(),
            "areas": row.areas, "topics": row.topics, "guess_percent": round(100 * guess),
        }  # fmt: skip
        private = {"note": note} if note else None
        draft = Draft("forecast.trigger_entered", "forecast_trigger", row.pk, data, private)
        record(draft, actor=actor, now=now)
    return row


def withdraw_trigger(trigger_id: int, *, actor: Viewer, now: datetime) -> NamedTrigger:
    """Take a reason back; it stays on record. Raises: NotAllowed, NotFound, Conflict."""
    check_may_decide(actor, 0, forecast_settings().area_level)
    with write():
        row = NamedTrigger.objects.select_for_update().filter(pk=trigger_id).first()
        if row is None:
            raise NotFound(
                "forecast.no_trigger", f"There is no trigger {trigger_id}.", "没有这条触发因素。"
            )
        if row.withdrawn_at is not None:
            raise Conflict(
                "forecast.trigger_withdrawn", "It was withdrawn already.", "该触发因素已撤回。"
            )
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        draft = Draft("forecast.trigger_withdrawn", "forecast_trigger", row.pk, {"kind": row.kind})
        record(draft, actor=actor, now=now)
    return row


def decide_warning(
    warning_id: int, *, accept: bool, reason: str, actor: Viewer, now: datetime
) -> EarlyWarning:
    """Accept or decline what a warning suggests, with a reason, once, before its day is over.

    Raises: NotAllowed, NotFound("forecast.no_warning"), Conflict("forecast.decided" |
        "forecast.judged"), DomainError("forecast.reason") without a reason.
    """
    if not reason.strip():
        raise DomainError(
            "forecast.reason", "Say why, in a few words.", "请简要说明理由。", where="reason"
        )
    with write():
        row = EarlyWarning.objects.select_for_update().filter(pk=warning_id).first()
        user = check_may_decide(actor, row.area_id if row else 0, forecast_settings().area_level)
        if row is None or row.made_at is None:
            raise no_warning()
        if row.decision:
            raise Conflict(
                "forecast.decided", "Somebody has decided already.", "该预警已有人作出决定。"
            )
        if row.outcome:
            raise Conflict(
                "forecast.judged", "Its day is over; it is judged.", "预警日已过，已作评判。"
            )
        row.decision = "accepted" if accept else "declined"
        row.decision_reason, row.decided_by_id, row.decided_at = reason.strip(), user, now
        row.save(update_fields=["decision", "decision_reason", "decided_by", "decided_at"])
        draft = Draft(
            f"forecast.{row.decision}", "forecast_warning", row.pk,
            {"day": row.day.isoformat(), "area": row.area_id, "topic": row.topic},
            {"reason": row.decision_reason},
        )  # fmt: skip
        record(draft, actor=actor, now=now)
    return row


def _check(
    kind: str, first_day: date, last_day: date, areas: Sequence[int], topics: Sequence[str],
    actor: Viewer,
) -> None:  # fmt: skip
    rules = forecast_settings()
    if kind not in rules.triggers:
        known = ", ".join(rules.triggers)
        raise DomainError(
            "forecast.trigger_kind",
            f"'{kind}' is no kind of trigger; there are: {known}.",
            f"没有“{kind}”这种触发因素，可选：{known}。",
            where="kind",
        )
    if last_day - first_day > LONGEST:
        raise DomainError(
            "forecast.trigger_long",
            f"A trigger lasts {LONGEST.days} days at most.",
            f"触发因素最长 {LONGEST.days} 天。",
            where="last_day",
        )
    unknown = set(areas) - set(shown_areas(actor, rules.area_level))
    if unknown:
        raise DomainError(
            "forecast.trigger_area",
            f"Areas {sorted(unknown)} are not among those you see.",
            f"区域 {sorted(unknown)} 不在您可见的范围内。",
            where="areas",
        )
    latest = ForecastRun.objects.order_by("-last_day").first()
    strange = set(topics) - set(latest.topics if latest else ())
    if strange:
        raise DomainError(
            "forecast.trigger_topic",
            f"Topics {sorted(strange)} are not forecast; see the list of topics.",
            f"类别 {sorted(strange)} 不在预测范围内。",
            where="topics",
        )
