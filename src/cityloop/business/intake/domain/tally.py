"""Counting an import so that the sum is always the rows that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cityloop.business.cases.domain.values import NewReport, Receipt

MOST_KINDS = 1_000  # distinct unmapped values that are kept apart
OTHERS = "…"
_COUNTERS = (
    "refused", "skipped", "located", "classified", "remarks", "unmapped",
)  # fmt: skip
_NUMBERS = ("read", "accepted", "repeated", "dispatched")


@dataclass
class Tally:
    """What became of the rows. located, classified, dispatched count accepted ones only."""

    read: int = 0
    accepted: int = 0
    repeated: int = 0
    dispatched: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    located: Counter[str] = field(default_factory=Counter)
    classified: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)

    def take_receipt(self, report: NewReport, receipt: Receipt) -> None:
        """Count a report that is in, now or before."""
        self.read += 1
        if not receipt.created:
            self.repeated += 1
            return
        self.accepted += 1
        self.located[receipt.located_by] += 1
        by = "given" if report.class_key else "model" if receipt.class_key else "person"
        self.classified[by] += 1
        self.dispatched += receipt.lead_department_id is not None

    def take_notes(self, remarks: Iterable[str], unmapped: str) -> None:
        """Count what was remarked about a row that is in."""
        self.remarks.update(remarks)
        if unmapped:
            known = unmapped in self.unmapped or len(self.unmapped) < MOST_KINDS
            self.unmapped[unmapped if known else OTHERS] += 1

    def take_refused(self, code: str) -> None:
        """Count a row that was refused."""
        self.read += 1
        self.refused[code] += 1

    def take_skipped(self, name: str) -> None:
        """Count a row that a rule of the mapping left out."""
        self.read += 1
        self.skipped[name] += 1

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read is in exactly one place."""
        ends = self.accepted + self.repeated + self.refused.total() + self.skipped.total()
        return ends == self.read

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        both = Tally()
        for name in (*_NUMBERS, *_COUNTERS):
            setattr(both, name, getattr(self, name) + getattr(other, name))
        return both

    def as_json(self) -> dict[str, Any]:
        """For storing; counters by falling count."""
        numbers = {n: getattr(self, n) for n in _NUMBERS}
        return numbers | {n: dict(getattr(self, n).most_common()) for n in _COUNTERS}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Tally:
        """The other way."""
        tally = cls()
        for name in _NUMBERS:
            setattr(tally, name, int(stored.get(name, 0)))
        for name in _COUNTERS:
            setattr(tally, name, Counter(stored.get(name, {})))
        return tally
