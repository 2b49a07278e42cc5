"""A short line for a report that came without a title."""

from __future__ import annotations

import re

MOST, LEAST = 40, 8
LOOKED_AT = 1_000  # characters: a text may be long, and be nothing but greetings
# Greetings, which many letters begin with and which say nothing of the matter.
_GREETING = re.compile(
    r"(?:尊敬的[^，,。！!:：\n]{1,14}[，,：:！!]|(?:各位|市|区)?领导(?:您|你|们)?好?[，,：:！!。]"
    r"|[您你]们?好[，,！!。:：]*|打扰[您你]?了?[，,！!。]+|请问[，,：:]?"
    r"|(?:dear|hello|hi|good (?:morning|afternoon|evening))\b[^,.!:\n]{0,30}[,.!:])\s*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_CLAUSE_END = re.compile(r"[，,：:、]|(?<=[a-z]) (?=[a-z])", re.IGNORECASE)


def headline(text: str) -> str:
    """The first sentence without greetings, at most 40 characters, cut where a clause ends.

    Example: >>> headline("尊敬的领导：您好！万和路井盖缺失。已有老人摔倒。")
        '万和路井盖缺失'
    """
    start = rest = text.strip()[:LOOKED_AT]
    while found := _GREETING.match(rest):
        rest = rest[found.end() :]
    rest = rest or start
    end = _SENTENCE_END.search(rest, LEAST)
    whole = " ".join((rest[: end.start()] if end else rest).split())
    if len(whole) <= MOST:
        return whole
    cuts = [m.start() for m in _CLAUSE_END.finditer(whole, LEAST, MOST - 1)]
    return whole[: cuts[-1] if cuts else MOST - 1] + "…"
