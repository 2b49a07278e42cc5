"""The pipeline: hard rules, duty table, the condition's units, model, area, a person."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.ai.triage.queries import DEPARTMENT, Suggestion, classify
from cityloop.business.catalogue.queries import (
    active_version_id,
    condition_info,
    duty_table,
    version_of_condition,
)
from cityloop.business.dispatch.domain import Matter
from cityloop.business.dispatch.faults import report_fault
from cityloop.business.dispatch.queries.table import LiveRule, RoutingTable, routing_table, table_at
from cityloop.business.dispatch.values import CaseFacts, Decision
from cityloop.city.places.queries import tree

log = logging.getLogger(__name__)


@dataclass
class _Way:
    """One case on its way through the pipeline."""

    facts: CaseFacts
    version_id: int | None
    lead: int | None = None
    co: tuple[str, ...] | None = None
    urgency: str | None = None
    by: str = ""
    confidence: float = 0.0
    model: str = ""
    fault: str = ""
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.lead is None and not self.fault


def route(
    facts: Sequence[CaseFacts], *, now: datetime, table: RoutingTable | None = None
) -> list[Decision]:
    """Who handles each case, with the explanation.

    Args:
        facts: any number; each is decided by itself.
        now: the moment of the decision, for the record of faults; rules look at `facts.at`.
        table: other rules than those in force, for a dry run (faults are then not reported).
    Returns: decisions in the same order. lead_id None: a person decides.
    """
    live = table or routing_table()
    ways = [_Way(f, _version_id(f)) for f in facts]
    for way in ways:
        _by_rules(way, live)
        if way.open:
            _by_duty(way, live)
        if way.open:
            _by_condition(way, live)
    _by_model([way for way in ways if way.open], live)
    for way in ways:
        if way.open and way.facts.class_key:
            _by_area(way, live)
    if table is None:
        for way in ways:
            if way.fault:
                report_fault(way.steps[-1], now=now)
    return [_decision(way, live) for way in ways]


def replay(facts: CaseFacts, *, at: datetime) -> Decision:
    """How a case would have been routed by the rules in force at a moment."""
    return route([facts], now=at, table=table_at(at))[0]


def _version_id(facts: CaseFacts) -> int | None:
    """The catalogue version of the case's condition; of a case without one, the active one."""
    if facts.condition_id is not None:
        return version_of_condition(facts.condition_id)
    return active_version_id() if facts.class_key else None


def _by_rules(way: _Way, live: RoutingTable) -> None:
    candidates = live.candidates(way.facts.class_key)
    matter: Matter | None = None
    for rule in candidates:
        if rule.fault:
            _stop(way, rule, rule.fault)
            return
        if rule.area_id is not None and rule.area_id not in way.facts.path.ids():
            continue
        try:
            matter = matter or _matter(way.facts, live)
            holds = rule.compiled is not None and rule.compiled.holds(matter)
        except Exception as error:
            log.exception("Routing rule %s v%s failed", rule.key, rule.version)
            _stop(way, rule, f"{type(error).__name__}: {error}")
            return
        if holds:
            _take_rule(way, rule, matter, live)
            return
    way.steps.append({"step": "rules", "tried": len(candidates), "held": None})


def _take_rule(way: _Way, rule: LiveRule, matter: Matter, live: RoutingTable) -> None:
    step: dict[str, Any] = {
        "step": "rules",
        "held": rule.key,
        "version": rule.version,
        "zh": rule.zh,
        "en": rule.en,
        "matched": rule.compiled.matched(matter) if rule.compiled else [],
    }
    then = rule.then
    step |= {"lead": then.lead, "co": list(then.co or ()), "priority": then.priority}
    way.steps.append(step)
    way.urgency, way.co = rule.then.priority, rule.then.co
    if rule.then.lead is None:
        return
    lead = live.offices.find(rule.then.lead, way.facts.path)
    if lead is None:
        _stop(way, rule, f"there is no department {rule.then.lead!r} for this place")
        return
    way.lead, way.by, way.confidence = lead, "rule", 1.0


def _stop(way: _Way, rule: LiveRule, fault: str) -> None:
    """A rule that breaks is never passed over: a person decides, and it is on record."""
    way.fault = fault
    way.steps.append(
        {"step": "fault", "rule": rule.key, "version": rule.version, "row": rule.row_id}
        | {"fault": fault[:400]}
    )


def _by_duty(way: _Way, live: RoutingTable) -> None:
    if way.version_id is None or not way.facts.class_key:
        way.steps.append({"step": "duty", "found": False})
        return
    duty = duty_table(way.version_id).find(way.facts.class_key, way.facts.path.ids())
    if duty is None:
        way.steps.append({"step": "duty", "found": False})
        return
    step = {"step": "duty", "pattern": duty.pattern, "lead": duty.lead, "co": list(duty.co)}
    if duty.area_id is not None:
        step["area"] = duty.area_id
    if duty.remark:
        step["remark"] = duty.remark
    _take_table(way, step, duty.lead, duty.co, live)


def _by_condition(way: _Way, live: RoutingTable) -> None:
    found = condition_info(way.facts.condition_id) if way.facts.condition_id else None
    if found is None or not found.departments:
        way.steps.append({"step": "condition", "found": False})
        return
    lead, *co = found.departments
    step = {"step": "condition", "condition": found.id, "lead": lead, "co": co}
    _take_table(way, step, lead, tuple(co), live)


def _take_table(
    way: _Way, step: dict[str, Any], lead: str, co: tuple[str, ...], live: RoutingTable
) -> None:
    way.steps.append(step)
    found = live.offices.find(lead, way.facts.path)
    if found is None:
        step["unknown"] = lead
        log.error("No active department %r, named by the %s of the catalogue", lead, step["step"])
        return
    way.lead, way.by, way.confidence = found, "duty", 1.0
    way.co = way.co if way.co is not None else co


def _by_model(ways: Sequence[_Way], live: RoutingTable) -> None:
    if not ways:
        return
    found = classify([w.facts.title for w in ways], [w.facts.text for w in ways], kind=DEPARTMENT)
    for way, suggestion in zip(ways, found, strict=True):
        _take_suggestion(way, suggestion, live)


def _take_suggestion(way: _Way, said: Suggestion, live: RoutingTable) -> None:
    step: dict[str, Any] = {"step": "model", "model": said.model_version or None}
    way.steps.append(step)
    if said.class_key is None:
        return
    step |= {"lead": said.class_key, "confidence": round(said.confidence, 4)}
    step["accepted"] = said.accepted
    if said.also:
        second = dict(said.top)[said.also]
        step["also"] = {"label": said.also, "probability": round(second, 4)}
    found = live.offices.names.get(said.class_key)
    if found is None:
        step["unknown"] = said.class_key
    elif said.accepted:
        way.lead, way.by = found, "model"
        way.confidence, way.model = said.confidence, said.model_version


def _by_area(way: _Way, live: RoutingTable) -> None:
    found = live.offices.of_area(way.facts.path)
    way.steps.append({"step": "area", "found": found is not None})
    if found is not None:
        way.lead, way.by, way.confidence = found, "area", 1.0


def _matter(facts: CaseFacts, live: RoutingTable) -> Matter:
    codes: frozenset[str] = frozenset()
    if live.uses_areas:
        areas = tree()
        codes = frozenset(areas.get(area).code for area in facts.path.ids())
    return Matter(
        class_key=facts.class_key,
        channel=facts.channel,
        local=facts.at.astimezone(ZoneInfo(settings.TIME_ZONE)),
        areas=codes,
        urgency=facts.urgency,
        words=f"{facts.title} {facts.text}".casefold(),
    )


def _decision(way: _Way, live: RoutingTable) -> Decision:
    co_ids: list[int] = []
    for key in way.co or ():
        found = live.offices.find(key, way.facts.path)
        if found is None:
            way.steps.append({"step": "co", "unknown": key})
        elif found != way.lead and found not in co_ids:
            co_ids.append(found)
    version = f"catalogue-{way.version_id or 0} {live.version}"
    explanation: dict[str, Any] = {"steps": way.steps}
    if way.fault:
        explanation["fault"] = way.fault[:400]
    return Decision(
        lead_id=way.lead,
        co_ids=tuple(co_ids) if way.lead is not None else (),
        urgency=way.urgency,
        by=way.by,
        confidence=way.confidence,
        explanation=explanation,
        version=f"{version} {way.model}".rstrip(),
    )
