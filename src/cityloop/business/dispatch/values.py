"""What routing is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cityloop.city.places.domain import AreaPath


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What routing may know of a case. class_key "" and condition_id None: not known yet."""

    class_key: str
    condition_id: int | None
    path: AreaPath
    channel: str
    at: datetime
    urgency: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Who handles it, and why.

    lead_id: department, None = a person decides; co_ids: co-handling ones; urgency: what a rule
    sets it to, None = as it was; by: "rule", "duty", "model", "area" or ""; confidence: 1 for
    rules and tables, the model's own otherwise; explanation: every step tried (JSON-able);
    version: of catalogue, rules and model that decided.
    """

    lead_id: int | None
    co_ids: tuple[int, ...]
    urgency: str | None
    by: str
    confidence: float
    explanation: dict[str, Any]
    version: str
