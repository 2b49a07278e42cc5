"""What exercises are made of: stories of the profile, and the city's own catalogue and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Two = tuple[str, str]  # zh, en


@dataclass(frozen=True, slots=True)
class Story:
    """One [[role]] entry of practice.toml."""

    role: str
    story: str
    text: Two
    class_key: str = ""
    seq: int = 0
    reason: str = ""
    unit: str = ""
    wrong: str = ""
    told: Two = ("", "")
    other: Two = ("", "")
    another: Two = ("", "")
    back: Two = ("", "")
    site: Two = ("", "")


@dataclass(frozen=True, slots=True)
class MatterOf:
    """A class with one condition, as the catalogue in force has it, and where it would go.

    Args:
        conditions: (id, name, limit) of every condition of the class.
        evidence: "none", "photo" or "photo_before_after".
        lead, co: keys of departments, as routing decides now; empty = a person decides.
        decided_by: "rule", "duty", "area", ...
    """

    class_key: str
    name: Two
    condition_id: int
    condition: Two
    limit: Two
    evidence: str
    conditions: tuple[tuple[int, Two, Two], ...] = ()
    lead: str = ""
    co: tuple[str, ...] = ()
    decided_by: str = ""


@dataclass(frozen=True)
class Stock:
    """Everything that exercises of a city are drawn from."""

    stories: Sequence[Story]
    matters: Mapping[tuple[str, int], MatterOf]
    places: Sequence[Two]
    departments: Mapping[str, Two]
    reasons: Mapping[str, Two] = field(default_factory=dict)

    def usable(self, role: str, story: str) -> list[Story]:
        """Stories whose class, condition and departments this city has."""
        return [s for s in self.stories if s.role == role and s.story == story and self._fits(s)]

    def _fits(self, story: Story) -> bool:
        if story.class_key and (story.class_key, story.seq) not in self.matters:
            return False
        if any(unit and unit not in self.departments for unit in (story.unit, story.wrong)):
            return False
        matter = self.matters.get((story.class_key, story.seq))
        if story.role == "dispatcher" and not (matter and matter.lead):
            return False
        return story.story != "together" or bool(matter and matter.co)
