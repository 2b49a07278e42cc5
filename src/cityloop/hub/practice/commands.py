"""Practising: start, answer, forget; who may look."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.hub.practice.domain import (
    CALL_BACK,
    Answer,
    Item,
    Verdict,
    judge,
    make_items,
    missing,
    offered,
)
from cityloop.hub.practice.domain.stock import Two
from cityloop.hub.practice.models import Consent, Run
from cityloop.hub.practice.queries import own_run, stock
from cityloop.hub.practice.rules import check_may_practise
from cityloop.kernel.errors import Conflict, DomainError

MOST_RUNS = 200
MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an answer: a verdict, a refusal of the rules, or what the reporter said."""

    verdict: Verdict | None = None
    refused: Two | None = None
    told: Two | None = None


def start_run(role: str, *, actor: Viewer, now: datetime, seed: int | None = None) -> Run:
    """A new exercise; of more than MOST_RUNS the oldest goes.

    Raises: NotAllowed("practice.staff_only"), DomainError("practice.no_role",
        "practice.no_material").
    """
    user_id = check_may_practise(actor)
    seed = secrets.randbelow(2**31) if seed is None else seed
    items = make_items(role, stock(now=now), seed=seed)
    with write():
        kept = Run.objects.filter(user_id=user_id).order_by("-id").values_list("id", flat=True)
        Run.objects.filter(pk__in=list(kept[MOST_RUNS - 1 :])).delete()
        return Run.objects.create(
            user_id=user_id,
            role=role,
            seed=seed,
            items=[i.as_dict() for i in items],
            answers=[None] * len(items),
            started_at=now,
        )


def answer(run_id: int, n: int, given: Answer, *, actor: Viewer, now: datetime) -> Step:
    """Decide the n-th matter (from 0) of one's own exercise.

    Raises: NotFound("practice.unknown"), DomainError("practice.no_matter", "practice.no_move",
        "practice.too_long"), Conflict("practice.answered").
    """
    with write():
        own_run(actor, run_id)
        run = Run.objects.select_for_update().get(pk=run_id)
        item = _open_item(run, n)
        _check(item, given)
        step = _stepped(run, n, item, given)
        if all(a and a.get("mark") for a in run.answers):
            run.ended_at = now
        run.version += 1
        run.save()
    return step


def _stepped(run: Run, n: int, item: Item, given: Answer) -> Step:
    kept = run.answers[n] or {"refused": 0}
    if given.move == CALL_BACK:
        if item.place_after_call[0]:
            item = replace(item, called=True)
            run.items[n] = item.as_dict()
            return Step(told=item.place_after_call)
        return Step(told=NOTHING_NEW)
    lacks = missing(item, given)
    if lacks is not None:
        kept["refused"] += 1
        run.answers[n] = kept
        return Step(refused=lacks)
    verdict = judge(item, given)
    run.answers[n] = {**kept, "answer": asdict(given), "mark": verdict.mark}
    return Step(verdict=verdict)


NOTHING_NEW: Two = (
    "反映人确认了所说的情况，没有新的内容。",
    "The reporter confirms what was said; there is nothing new.",
)


def _open_item(run: Run, n: int) -> Item:
    if not 0 <= n < len(run.items):
        raise DomainError(
            "practice.no_matter",
            f"This exercise has matters 0 to {len(run.items) - 1}, not {n}.",
            f"本次练习的事项编号为 0 至 {len(run.items) - 1}，没有 {n}。",
            where="n",
        )
    if run.answers[n] and run.answers[n].get("mark"):
        raise Conflict(
            "practice.answered",
            "This matter has been answered. Start another exercise to try again.",
            "这一事项已经作答；想再试请重新开始一次练习。",
            where="n",
        )
    return Item.of(run.items[n])


def _check(item: Item, given: Answer) -> None:
    if max(len(given.reason), len(given.text)) > MOST_TEXT:
        raise DomainError(
            "practice.too_long",
            f"Reason and text take up to {MOST_TEXT} characters each.",
            f"理由和说明各不超过 {MOST_TEXT} 字。",
            where="reason",
        )
    allowed = [m.name for m in offered(item)]
    if item.role == "acceptor":
        allowed.append(CALL_BACK)
    if given.move not in allowed:
        raise DomainError(
            "practice.no_move",
            f"'{given.move[:40]}' is not possible here. Possible: {', '.join(allowed)}.",
            f"此处不能“{given.move[:40]}”，可选：{'、'.join(allowed)}。",
            where="move",
        )


def forget_run(run_id: int, *, actor: Viewer) -> None:
    """Delete one's own exercise. Raises: NotFound("practice.unknown")."""
    with write():
        own_run(actor, run_id).delete()


def set_consent(given: bool, *, actor: Viewer, now: datetime) -> bool:
    """Agree that superiors see the record, or take it back; at once."""
    user_id = check_may_practise(actor)
    with write():
        if given:
            Consent.objects.get_or_create(user_id=user_id, defaults={"given_at": now})
        else:
            Consent.objects.filter(user_id=user_id).delete()
    return given
