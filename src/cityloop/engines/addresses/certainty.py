"""How sure is an answer? A probability, fitted on searches whose answer is known.

The weights come from `./run bench places_address --fit`: addresses of an invented city, made worse
in ways listed there, one search of ten for what is not registered. How well they hold in another
city and for other kinds of mistakes is measured by the same benchmark and told in
docs/algorithms/addresses.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

FEATURES = (
    "one", "like", "ahead", "alone", "number", "no_number", "agrees", "against",
    "mistaken", "mistaken_long", "short",
)  # fmt: skip
WEIGHTS = (-4.46, 3.26, 4.36, 2.87, 0.11, -4.08, 3.05, -1.75, -2.29, 1.85, -0.6)
SURE_ENOUGH = 0.93
"""From here on an answer is taken without a person; below it is offered. Chosen so that of names
that are not registered nearly none is taken for another."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one answer.

    Args:
        like: of its name, 0 to 1.
        ahead: by how much its score leads the next place, 0 to 1 (1 = no other).
        rivals: other places that fit as well.
        number: None = none was asked; True = that very number; False = it is not registered.
        agrees, against: other names in the search that lie in the same area, or elsewhere.
        mistaken: it fits only if something in the search is wrong.
        length: characters of the searched name, a Latin word counted by two letters.
    """

    like: float
    ahead: float
    rivals: int
    number: bool | None
    agrees: int
    against: int
    mistaken: bool
    length: int

    def features(self) -> tuple[float, ...]:
        """In the order of FEATURES."""
        return (
            1.0,
            self.like,
            min(self.ahead, 0.5),
            1.0 / (1 + self.rivals),
            float(self.number is True),
            float(self.number is False),
            float(min(self.agrees, 2)),
            float(min(self.against, 2)),
            float(self.mistaken),
            self.mistaken * min(self.length, 8) / 8,
            float(self.length < 3),
        )


def confidence(evidence: Evidence, weights: tuple[float, ...] = WEIGHTS) -> float:
    """Probability that this is the place meant, 0 to 1."""
    total = sum(w * f for w, f in zip(weights, evidence.features(), strict=True))
    found = 1.0 / (1.0 + exp(-max(min(total, 30.0), -30.0)))
    return min(found, 1.0 / (1 + evidence.rivals))  # of equal answers only one can be right
