"""A reply cut into its sentences, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cityloop.engines.replies import phrases as p

_SENTENCE = re.compile(r"[^。！？!?；;\n]+(?:[。！？!?；;]+|(?=\n)|$)")
_CLAUSE = re.compile(r"[^，,：:。！？!?；;\n]+[，,：:。！？!?；;\n]*")
_ENGLISH_STOP = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters start to end of a text."""

    text: str
    start: int
    end: int


def sentences_of(text: str) -> list[Sentence]:
    """The sentences, without blanks around them; none is empty."""
    found = []
    for match in _SENTENCE.finditer(text):
        at = match.start()
        for part in _ENGLISH_STOP.split(match[0]):
            start = text.index(part, at)
            at = start + len(part)
            plain = part.strip()
            if plain:
                begin = start + part.index(plain)
                found.append(Sentence(plain, begin, begin + len(plain)))
    return found


def substance_of(text: str) -> str:
    """The text without the clauses that only greet, thank or announce."""
    kept = [c for c in _CLAUSE.findall(text) if not p.CEREMONY.search(c.strip())]
    return "".join(kept)
