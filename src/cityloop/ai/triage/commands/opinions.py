"""A second opinion from outside, within the limits of the day."""

from __future__ import annotations

from datetime import date, datetime

import httpx
from django.db.models import F
from django.utils import timezone

from cityloop.ai.triage.endpoint import Answer, Endpoint, ask, endpoint, masked, most_tokens
from cityloop.ai.triage.models import OpinionDay
from cityloop.ai.triage.queries import CLASS, classify
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError, NotFound

MAY_ASK = (Role.ACCEPTOR, Role.DISPATCHER, Role.ANALYST, Role.SYSTEM_ADMIN)
SHORT_LIST = 3
"""The endpoint chooses among the model's likeliest classes, so that few names leave."""


def second_opinion(
    title: str,
    text: str,
    *,
    kind: str = CLASS,
    actor: Viewer,
    now: datetime,
    where: Endpoint | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Answer:
    """What the site's endpoint makes of a report, chosen among the model's first three classes.

    The text leaves masked (engines.privacy, LEAVING). Tokens are booked before the question, at
    their most, and set right by the answer, so that the day's limit holds whatever happens.
    Raises: NotAllowed; NotFound("triage.no_opinion") when no endpoint is set or no model answers;
        DomainError("triage.opinion_limit", "triage.opinion_failed", "triage.opinion_setting").
    """
    need_role(actor, *MAY_ASK)
    where = where or endpoint()
    said = classify([title], [text], kind=kind)[0]
    if where is None or not said.top:
        raise NotFound(
            "triage.no_opinion",
            "No second opinion is set up (CITYLOOP_OPINION_URL), or no model is active.",
            "未设置第二意见接口（CITYLOOP_OPINION_URL），或没有启用的模型。",
        )
    labels = [label for label, _ in said.top[:SHORT_LIST]]
    hidden = masked(title, text)
    on, most = timezone.localdate(now), most_tokens(*hidden, labels)
    _book(where, on, most)
    answer = ask(where, *hidden, labels, transport=transport)
    _settle(where, on, most, answer)
    return answer


def _book(where: Endpoint, on: date, most: int) -> None:
    """Raises: DomainError("triage.opinion_limit") when the day has no room for it."""
    cost = where.cost_of(most, most)
    with write():
        OpinionDay.objects.get_or_create(on=on)
        day = OpinionDay.objects.select_for_update().get(on=on)
        if day.tokens + most > where.day_tokens or day.cost + cost > where.day_cost:
            raise DomainError(
                "triage.opinion_limit",
                f"Second opinions have taken {day.tokens} tokens and {day.cost:.4f} today; the "
                f"limits are {where.day_tokens} and {where.day_cost}. Ask again tomorrow, or "
                "raise CITYLOOP_OPINION_DAY_TOKENS or CITYLOOP_OPINION_DAY_COST.",
                f"今日第二意见已用 {day.tokens} 词元、费用 {day.cost:.4f}，上限为 "
                f"{where.day_tokens} 与 {where.day_cost}；请明日再试，或提高上限。",
                where="CITYLOOP_OPINION_DAY_TOKENS",
                status=429,
            )
        OpinionDay.objects.filter(on=on).update(
            calls=F("calls") + 1, tokens=F("tokens") + most, cost=F("cost") + cost
        )


def _settle(where: Endpoint, on: date, most: int, answer: Answer) -> None:
    taken = answer.tokens_in + answer.tokens_out
    cost = where.cost_of(answer.tokens_in, answer.tokens_out) - where.cost_of(most, most)
    with write():
        day = OpinionDay.objects.select_for_update().get(on=on)
        day.tokens, day.cost = max(0, day.tokens + taken - most), max(day.cost + cost, 0 * cost)
        day.save(update_fields=["tokens", "cost"])
