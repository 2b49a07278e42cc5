"""Who does what next, and when: an office that mostly keeps its time, and sometimes does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cityloop.hub.demo.domain.dice import Dice
from cityloop.hub.demo.domain.facts import Act, Facts, TaskFacts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CITIZENS = frozenset({"citizen", "hotline"})
# Shares of cases, of a middling good office.
REJECTED, CHECKED, REFUTED, SPLIT, WITHDRAWN = 0.10, 0.16, 0.25, 0.03, 0.01
RETURNED, RETURNED_IF_WRONG, FAILED, SENT_BACK = 0.02, 0.85, 0.07, 0.012
LATE_DESK, LATE_UNIT, LATE_RESULT, NEAR_RESULT = 0.03, 0.05, 0.07, 0.06
EXTENDED, SUSPENDED, APPEALED, URGED = 0.04, 0.02, 0.2, 0.6
TELLS_BETWEEN = 0.4
RATED, SOLVED, SATISFIED = {"citizen": 0.5, "hotline": 0.38}, 0.94, 0.88


def next_act(facts: Facts, *, seed: int, zone: ZoneInfo) -> Act | None:
    """The next thing anybody does about a case; None when it only waits (or has ended).

    Requests that came to nothing because the work was done are not decided any more.
    """
    dice = Dice(seed, f"{facts.key}/{facts.rounds}/{facts.returns}")
    decide = _BY_STATE.get(facts.state, _nothing)
    found = [*decide(facts, dice, zone), *_any_time(facts, dice)]
    return min(found, key=lambda act: (act.at, act.name), default=None)


def _nothing(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    return iter(())


# --- the desks ----------------------------------------------------------------------------------
def _reported(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    at = _desk(facts, dice, "accept", 2, 11, 15)
    if facts.channel in CITIZENS and facts.reporter_id and dice.chance("withdraw", WITHDRAWN):
        yield _act("withdraw", facts.since + dice.between("w", 2, 6) * MINUTE, "citizen")
    if facts.repeats:
        yield _act("merge", *at, "acceptor")
    elif _was_checked(facts):
        refuted = dice.chance("refute", REFUTED)
        yield _act("reject" if refuted else "file", *at, "acceptor", refuted=refuted)
    elif facts.channel == "grid" and facts.placed:
        yield _act("settle", *at, "worker")
    elif facts.channel in CITIZENS and dice.chance("reject", REJECTED):
        yield _act("reject", *at, "acceptor")
    elif facts.placed and dice.chance("check", CHECKED):
        yield _act("ask_check", *at, "acceptor")
    else:
        yield _act("file", *at, "acceptor")


def _was_checked(facts: Facts) -> bool:
    return facts.version >= 3


def _checking(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    name = "refute" if dice.chance("refute", REFUTED) else "confirm"
    yield _act(name, *_desk(facts, dice, "on site", 8, 26, 30), "worker")


def _filed(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    at = _desk(facts, dice, "dispatch", 2, 11, 15)
    if facts.repeats:
        yield _act("merge", *at, "dispatcher")
    elif not facts.is_child and not facts.returns and dice.chance("split", SPLIT):
        yield _act("split", *at, "dispatcher")
    else:
        yield _act("dispatch", *at, "dispatcher")


def _desk(
    facts: Facts, dice: Dice, what: str, low: float, high: float, limit: float
) -> tuple[datetime, datetime | None]:
    """When a desk or a worker acts: in time, or some minutes after the limit."""
    if dice.chance(f"late {what}", LATE_DESK):
        late = facts.since + (limit + dice.between(f"{what} by", 3, 55)) * MINUTE
        return late, facts.due_at
    return facts.since + dice.between(what, low, high) * MINUTE, None


# --- the departments ----------------------------------------------------------------------------
def _with_departments(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    if facts.repeats:
        yield _act("merge", facts.since + dice.between("merge", 8, 40) * MINUTE, "dispatcher")
        return
    wrong = not facts.returns and bool(facts.truth) and facts.class_key != facts.truth
    share = RETURNED_IF_WRONG if wrong else RETURNED * (not facts.returns)
    sends_back = not facts.rounds and dice.chance("return", share)
    for task in facts.tasks:
        if task.responded_at is None:
            at, late = _response(task, dice)
            if sends_back and task.part == "lead":
                yield Act("return", at, "unit", task=task, given={"wrong": wrong})
                return
            yield Act("accept", at, "unit", waits_until=late, task=task)
        else:
            yield from _work(facts, task, dice, zone)


def _response(task: TaskFacts, dice: Dice) -> tuple[datetime, datetime | None]:
    name = f"respond {task.part}"
    if dice.chance(f"late {name}", LATE_UNIT):
        return task.respond_due_at + dice.between(name, 0.2, 5) * HOUR, task.respond_due_at
    span = task.respond_due_at - task.sent_at
    return task.sent_at + dice.between(name, 0.06, 0.8) * span, None


def _work(facts: Facts, task: TaskFacts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    began = task.responded_at or task.sent_at
    span = max(task.handle_due_at - began, 20 * MINUTE)
    late = dice.chance(f"late {task.part}", LATE_RESULT)
    near = not late and dice.chance(f"near {task.part}", NEAR_RESULT)
    if late:
        part = 1 + dice.between("over", 0.05, 0.5)
    else:
        part = dice.between("work", 0.84, 0.97) if near else dice.between("work", 0.08, 0.78)
    done_at = began + part * span
    if not late:
        done_at = min(_by_day(done_at, zone), task.handle_due_at - span * 0.02)
    tells = span > 20 * HOUR and dice.chance(f"tells {task.part}", TELLS_BETWEEN)
    if tells and task.fed_back_at is None:
        told = began + min(dice.between("feed back", 2, 26) * HOUR, part * span * 0.8)
        yield Act("feed_back", told, "unit", task=task)
    yield from _requests(facts, task, dice, began, span)
    yield Act("finish", max(done_at, began + 6 * MINUTE), "unit", task=task,
              waits_until=task.handle_due_at if late else None)  # fmt: skip


def _requests(
    facts: Facts, task: TaskFacts, dice: Dice, began: datetime, span: timedelta
) -> Iterator[Act]:
    if task.part != "lead" or facts.state != "handling" or span < 8 * HOUR:
        return
    if dice.chance("extend", EXTENDED) and facts.asked("extension") is None:
        yield Act("ask_extension", began + 0.05 * span, "unit", task=task)
    elif dice.chance("suspend", SUSPENDED) and facts.asked("suspension") is None:
        days = round(dice.between("suspend for", 4, 50))
        yield Act("ask_suspension", began + 0.06 * span, "unit", task=task, given={"days": days})


def _by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """People work outside between 07:30 and 20:30; what falls into the night is done before."""
    local = at.astimezone(zone)
    minutes = local.hour * 60 + local.minute
    if minutes < 7 * 60 + 30:
        return at - timedelta(minutes=minutes + 4 * 60 + local.day % 50)
    if minutes > 20 * 60 + 30:
        return at - timedelta(minutes=minutes - 19 * 60 + local.day % 50)
    return at


# --- verification, closing, the citizen -----------------------------------------------------------
def _verifying(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    name = "fail" if not facts.rounds and dice.chance("fail", FAILED) else "pass"
    yield _act(name, *_desk(facts, dice, "verify", 7, 26, 30), "worker")


def _verified(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    back = not facts.rounds and facts.lead_id and dice.chance("send back", SENT_BACK)
    at = _desk(facts, dice, "close", 4, 45, 60)
    yield _act("send_back" if back else "close", *at, "acceptor")


def _closed(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    yield from _appeal(facts, dice)
    if not dice.chance("rate", RATED.get(facts.channel, 0.0)):
        return
    solved = dice.chance("solved", SOLVED) or facts.rounds >= 2
    satisfied = solved and dice.chance("satisfied", SATISFIED)
    who = "citizen" if facts.reporter_id and facts.channel == "citizen" else "operator"
    at = facts.since + dice.between("rate after", 1, 50) * HOUR
    yield _act("rate", at, None, who, solved=solved, satisfied=satisfied)


def _appeal(facts: Facts, dice: Dice) -> Iterator[Act]:
    contested = facts.asked("appeal") is not None
    may = facts.late_ever and not facts.exempt and facts.lead_id is not None
    if may and not contested and dice.chance("appeal", APPEALED):
        yield _act("ask_appeal", facts.since + dice.between("appeal", 1, 20) * HOUR, None, "lead")


def _any_time(facts: Facts, dice: Dice) -> Iterator[Act]:
    for request in facts.approvals:
        if request.state in {"asked", "first"} and facts.state in _STILL[request.kind]:
            since = request.first_at or request.asked_at
            at = since + dice.between(f"decide {request.kind}{request.state}", 0.3, 5) * HOUR
            grant = dice.chance(f"grant {request.kind}{request.state}", 0.85)
            yield Act(f"decide_{request.state}", at, "decider", approval=request,
                      given={"grant": grant})  # fmt: skip
    overdue = facts.alert == "late" and facts.due_at is not None and facts.state in URGEABLE
    if overdue and not facts.urged and dice.chance("urge", URGED):
        due_at = facts.due_at or facts.since
        yield Act("urge", due_at + dice.between("urge", 10, 90) * MINUTE, "supervisor",
                  waits_until=due_at)  # fmt: skip


_STILL = {
    "extension": frozenset({"handling"}),
    "suspension": frozenset({"handling"}),
    "appeal": frozenset({"closed", "evaluated"}),
}
URGEABLE = frozenset({"dispatched", "handling", "reported", "filed", "verifying"})


def _act(
    name: str, at: datetime, late: datetime | str | None = None, who: str = "", **given: Any
) -> Act:
    if isinstance(late, str):  # the third is who acts, where nobody is late on purpose
        return Act(name, at, late, given=given)
    return Act(name, at, who, waits_until=late, given=given)


def _evaluated(facts: Facts, dice: Dice, zone: ZoneInfo) -> Iterator[Act]:
    yield from _appeal(facts, dice)


Decide = Callable[[Facts, Dice, ZoneInfo], Iterator[Act]]
_BY_STATE: dict[str, Decide] = {
    "reported": _reported,
    "checking": _checking,
    "filed": _filed,
    "dispatched": _with_departments,
    "handling": _with_departments,
    "verifying": _verifying,
    "verified": _verified,
    "closed": _closed,
    "evaluated": _evaluated,
}
