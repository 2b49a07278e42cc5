"""The steps from an empty installation to the first case: values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["done", "partly", "open"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step and how far it is: `have` of `want` (None = there is no number to reach)."""

    key: str
    have: int
    want: int | None = None

    @property
    def state(self) -> State:
        """Done when something is there and, where a number is known, all of it."""
        if not self.have:
            return "open"
        return "done" if self.want is None or self.have >= self.want else "partly"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that stands in the way of daily work. examples: names to begin with."""

    key: str
    count: int
    examples: tuple[str, ...] = ()


def next_step(steps: Sequence[Step]) -> str | None:
    """The first step with nothing done; else the first that is not whole; None at the end."""
    for wanted in ("open", "partly"):
        for step in steps:
            if step.state == wanted:
                return step.key
    return None
