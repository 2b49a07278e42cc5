"""What a rule would have done to the cases of the past, before it is put into force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from cityloop.business.dispatch.history import PastCase, past_cases
from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.queries.routing import route
from cityloop.business.dispatch.queries.table import (
    RoutingTable,
    live_rule,
    routing_table,
    table_with,
)
from cityloop.business.dispatch.rules import need_reader
from cityloop.business.dispatch.values import Decision
from cityloop.city.accounts.domain import Viewer
from cityloop.kernel.errors import DomainError

BATCH = 1000
SHOWN = 50
LONGEST = timedelta(days=366)


@dataclass
class Trial:
    """examined: cases of the span; held: the rule held; otherwise: it would have sent them to
    another lead than they ended with; moves: (from, to) department ids → cases; examples: up to
    SHOWN of those; faults: cases in which it failed."""

    examined: int = 0
    held: int = 0
    otherwise: int = 0
    moves: Counter[tuple[int | None, int | None]] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    faults: int = 0


def dry_run(rule: Rule, *, since: datetime, until: datetime, viewer: Viewer) -> Trial:
    """Try an unsaved, checked rule on the cases received in [since, until), changing nothing.

    Raises: NotAllowed, DomainError("rule.span" | "rule.no_history").
    """
    need_reader(viewer)
    if not timedelta(0) < until - since <= LONGEST:
        raise DomainError(
            "rule.span",
            f"The span {since} to {until} is not possible: up to {LONGEST.days} days.",
            f"时间段无效：最长 {LONGEST.days} 天。",
            where="since",
        )
    table = _table_of(rule)
    trial = Trial()
    for batch in _batches(past_cases(since, until)):
        found = route([past.facts for past in batch], now=until, table=table)
        for past, decision in zip(batch, found, strict=True):
            _count(trial, rule.key, past, decision)
    return trial


def _table_of(rule: Rule) -> RoutingTable:
    """The rules in force, with this one in its place."""
    offices = routing_table().offices
    rows = [r for r in Rule.objects.filter(ended_at=None) if r.key != rule.key]
    rows = sorted([*rows, rule], key=lambda r: (r.position, r.key))
    return table_with(live_rule(row, offices) for row in rows)


def _count(trial: Trial, key: str, past: PastCase, decision: Decision) -> None:
    trial.examined += 1
    steps = decision.explanation["steps"]
    if any(step["step"] == "fault" and step.get("rule") == key for step in steps):
        trial.faults += 1
    if not any(step.get("held") == key for step in steps):
        return
    trial.held += 1
    if decision.lead_id == past.lead_id:
        return
    trial.otherwise += 1
    trial.moves[past.lead_id, decision.lead_id] += 1
    if len(trial.examples) < SHOWN:
        trial.examples.append(
            {
                "case_id": past.case_id,
                "number": past.number,
                "class_key": past.facts.class_key,
                "was": past.lead_id,
                "would_be": decision.lead_id,
            }
        )


def _batches(cases: Iterator[PastCase]) -> Iterator[list[PastCase]]:
    while batch := list(islice(cases, BATCH)):
        yield batch
