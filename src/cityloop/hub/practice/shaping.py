"""An exercise as the trainee may see it: never the solution of what is still open."""

from __future__ import annotations

from typing import Any

from cityloop.business.cases.domain import STATE_NAMES, Need, State
from cityloop.city.accounts.queries import departments_by_key
from cityloop.hub.practice.domain import Item, offered
from cityloop.hub.practice.domain.offering import ASKS
from cityloop.hub.practice.domain.stock import Two
from cityloop.hub.practice.models import Run
from cityloop.hub.practice.queries import feedback


def two(pair: Two) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": pair[0], "en": pair[1]}


def run_out(run: Run) -> dict[str, Any]:
    """The exercise with what has been answered so far."""
    units = [d for d in departments_by_key().values() if d.active]
    return {
        "id": run.pk,
        "role": run.role,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "departments": [
            {"value": d.key, "zh": d.name_zh, "en": d.name_en or d.name_zh} for d in units
        ],
        "items": [_item(run, n) for n in range(len(run.items))],
    }


def _item(run: Run, n: int) -> dict[str, Any]:
    item, kept = Item.of(run.items[n]), run.answers[n] or {}
    told = item.told
    said = feedback(run, n) or {"mark": "", "why": ("", ""), "better": ("", "")}
    return {
        "number": told.number,
        "state": two(STATE_NAMES[State(told.state)]),
        **{
            name: two(getattr(told, name))
            for name in ("text", "place", "matter", "site", "back", "unit", "limit")
        },
        "beside": [{"value": v, "zh": zh, "en": en} for v, zh, en in told.beside],
        "conditions": [{"value": v, "zh": zh, "en": en} for v, zh, en in told.conditions],
        "moves": _moves(item),
        "told": two(item.place_after_call if item.called else ("", "")),
        "refused": kept.get("refused", 0),
        "mark": said["mark"],
        "why": two(said["why"]),
        "better": two(said["better"]),
    }


def _moves(item: Item) -> list[dict[str, Any]]:
    return [
        {
            "name": move.name,
            "zh": move.zh,
            "en": move.en,
            "needs": sorted(n.value for n in move.needs if n in ASKS and n is not Need.PLACE),
        }
        for move in offered(item)
    ]
