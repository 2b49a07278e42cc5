"""One matter of an exercise, an answer to it, and what is said about the answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from cityloop.hub.practice.domain.stock import Two

Choice = tuple[str, str, str]  # value, zh, en


@dataclass(frozen=True, slots=True)
class Told:
    """What the trainee sees. Nothing in it gives the answer away.

    Args:
        number: of the practice case; unlike any real number.
        beside: cases nearby, as (number, zh, en).
        conditions: to file under, as (id, zh, en).
    """

    number: str
    state: str
    text: Two
    place: Two
    matter: Two = ("", "")
    site: Two = ("", "")
    back: Two = ("", "")
    unit: Two = ("", "")
    limit: Two = ("", "")
    beside: tuple[Choice, ...] = ()
    conditions: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A matter with its answer. `called`: the reporter was called back, the place is known."""

    role: str
    story: str
    told: Told
    place_after_call: Two = ("", "")
    condition_id: int | None = None
    condition: Two = ("", "")
    limit: Two = ("", "")
    target: str = ""
    reason: str = ""
    reason_text: Two = ("", "")
    lead: str = ""
    co: tuple[str, ...] = ()
    lead_names: Two = ("", "")
    decided_by: str = ""
    evidence: str = "none"
    called: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For keeping as JSON."""
        return asdict(self)

    @staticmethod
    def of(row: dict[str, Any]) -> Item:
        """From what was kept."""
        told = {k: _tuples(v) for k, v in row["told"].items()}
        rest = {k: _tuples(v) for k, v in row.items() if k != "told"}
        return Item(told=Told(**told), **rest)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Answer:
    """What the trainee decides; the same fields as a real move.

    Args:
        reason: words; reason_key: the template they came from, where they came from one.
        photo: whether a photo of the result is attached (practice sends none).
    """

    move: str
    reason: str = ""
    reason_key: str = ""
    text: str = ""
    condition_id: int | None = None
    target: str = ""
    lead: str = ""
    co: tuple[str, ...] = ()
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """good: as an experienced colleague would; fair: the right move with a flaw; wrong.

    Args:
        why: the rule behind it. better: what a good answer would have been.
    """

    mark: str
    why: Two
    better: Two
    facts: dict[str, Any] = field(default_factory=dict)
