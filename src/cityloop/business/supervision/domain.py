"""Levels of supervision and what counts as an answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityloop.city.accounts.domain import Role

# Highest first: each sees its own level and what lies below.
LEVEL_OF: dict[Role, str] = {
    Role.SUPERVISOR_DISTRICT: "district",
    Role.SUPERVISOR_SUBDISTRICT: "subdistrict",
    Role.SUPERVISOR_COMMUNITY: "community",
}
BELOW: dict[str, str] = {
    "city": "district",
    "district": "subdistrict",
    "subdistrict": "community",
    "community": "cell",
}
# Whoever does one of these, or writes a word on the case, has answered the urge.
ANSWERS = frozenset(
    f"case.{name}"
    for name in (
        "ask_check",
        "confirm",
        "refute",
        "file",
        "reject",
        "settle",
        "dispatch",
        "reroute",
        "split",
        "accept",
        "return",
        "feed_back",
        "finish",
        "pass",
        "fail",
        "send_back",
        "close",
        "comment",
        "ask_extension",
        "ask_suspension",
        "resume",
        "merge",
    )
)


def is_answer(kind: str, actor_kind: str) -> bool:
    """Whether an event answers an urge: a person did something about the case."""
    return kind in ANSWERS and actor_kind in {"person", "token"}


def is_end(data: Mapping[str, Any], finals: frozenset[str]) -> bool:
    """Whether the case ended by it, however that came: nobody owes an answer any more."""
    return data.get("to") in finals


# Parts of a score and their weight: what was solved and pleased counts, never how much there was.
OUTCOME: dict[str, float] = {
    "handling_on_time": 0.3,
    "solving_rate": 0.3,
    "satisfaction_rate": 0.2,
    "not_reworked": 0.2,
}
LEAST = 5


def outcome(rates: Mapping[str, float | None], handled: int) -> float | None:
    """0 to 1 of the rates that are known; None below LEAST handled cases: too few to rank.

    Example: >>> outcome({"handling_on_time": 1.0, "not_reworked": 0.5}, 10)
        0.8
    """
    known = {name: rates[name] for name in OUTCOME if rates.get(name) is not None}
    if handled < LEAST or "handling_on_time" not in known:
        return None
    weight = sum(OUTCOME[name] for name in known)
    total = sum(OUTCOME[name] * float(value or 0.0) for name, value in known.items())
    return round(total / weight, 4)


# So many standard deviations of chance, and so many cases, a count must stand apart to be worth
# explaining: of the smallest counts even one more would be beyond chance.
BEYOND_CHANCE, LEAST_APART = 2.0, 3


def is_notable(now: int, before: int, spans: int) -> bool:
    """Whether a count differs from `spans` equal spans before by more than chance.

    Args:
        before: cases of all these spans together.
    Counts of independent reports are taken as Poisson with one rate for all spans; a small city
    with two reports instead of one is not a surge.

    Example: >>> is_notable(9, 7, 7), is_notable(3, 7, 7)
        (True, False)
    """
    rate = (now + before) / (spans + 1)
    spread = (rate * (1 + 1 / spans)) ** 0.5
    apart = abs(now - before / spans)
    return apart >= LEAST_APART and apart > BEYOND_CHANCE * spread
