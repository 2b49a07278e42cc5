"""All finds of a text, without overlaps, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cityloop.engines.privacy.doors import doors_in
from cityloop.engines.privacy.folding import folded
from cityloop.engines.privacy.kinds import Kind, Mode
from cityloop.engines.privacy.names import cued_names, names_by_form
from cityloop.engines.privacy.numbers import numbers_in


@dataclass(frozen=True, slots=True)
class Find:
    """Personal data in a text: characters start to end, as it was written."""

    start: int
    end: int
    kind: Kind

    def of(self, text: str) -> str:
        """The value itself."""
        return text[self.start : self.end]


def find(text: str, mode: Mode = Mode.PLAIN) -> tuple[Find, ...]:
    """What is personal in a text, ordered, without overlaps. Linear in the length of the text."""
    plain = folded(text)
    found = [Find(start, end, kind) for start, end, kind in numbers_in(plain)]
    found += [Find(start, end, Kind.NAME) for start, end in cued_names(plain)]
    if mode is Mode.LEAVING:
        found += [Find(start, end, Kind.DOOR) for start, end in doors_in(plain)]
        found += [Find(start, end, Kind.NAME) for start, end in names_by_form(plain)]
    return tuple(sorted(_apart(found, len(text)), key=lambda one: one.start))


def _apart(found: Iterable[Find], length: int) -> list[Find]:
    """The first claims its characters; what overlaps it keeps what is left before or after."""
    taken = bytearray(length)
    kept = []
    for one in found:
        start, end = one.start, one.end
        while start < end and taken[start]:
            start += 1
        while end > start and taken[end - 1]:
            end -= 1
        if start < end and not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append(Find(start, end, one.kind))
    return kept
