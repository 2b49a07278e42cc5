"""Whether a reply says what a citizen needs to know, and says it politely.

Findings, no score: a reply is no better for having fewer of them, and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from cityloop.engines.privacy import Find, Kind, Mode, find
from cityloop.engines.replies import phrases as p
from cityloop.engines.replies.findings import Finding, finding
from cityloop.engines.replies.matters import is_answered, matters_of
from cityloop.engines.replies.sentences import substance_of

SHORT, LONG, OPENS_WITHIN, GAP = 30, 1_500, 40, "＿＿"
MOST_READ = 20_000  # characters; what is longer is too long anyway


class Stage(StrEnum):
    """What kind of answer: while it is being handled, or the last word.

    PROGRESS need not have found out everything nor name a contact; FINAL must.
    """

    PROGRESS = "progress"
    FINAL = "final"


def check(text: str, question: str = "", stage: Stage = Stage.FINAL) -> tuple[Finding, ...]:
    """What is to be mended in a reply.

    Args:
        text: the reply.
        question: what the citizen wrote; "" = its matters cannot be compared.
    Returns: findings, those with a place in the text in its order, then what is missing.
    """
    text = text[:MOST_READ]
    found = [*_present(text), *_missing(text, question, stage)]
    return tuple(sorted(found, key=lambda f: len(text) if f.start is None else f.start))


def _present(text: str) -> Iterator[Finding]:
    for hit in p.BLAME.finditer(text):
        yield finding("blames", hit.span(), zh=hit[0])
    for one in _third_persons(text):
        yield finding("personal_data", (one.start, one.end), zh=one.kind.zh, en=one.kind.en)
    for gap in re.finditer(re.escape(GAP), text):
        yield finding("gap", gap.span())
    if len(text) > LONG:
        yield finding("too_long", (LONG, len(text)))


def _missing(text: str, question: str, stage: Stage) -> Iterator[Finding]:
    body = substance_of(text)
    formula = p.FORMULA.search(text)
    if not p.OPENING.search(text[:OPENS_WITHIN]):
        yield finding("no_greeting")
    if formula and _nothing_else(body):
        yield finding("mere_formula", formula.span(), zh=formula[0].strip(" ，,。"))
        return  # what else is missing follows from it
    if len(text.strip()) < SHORT:
        yield finding("too_short")
    has_found = p.FOUND.search(body) is not None
    is_enquiry = p.ENQUIRY.search(question) is not None
    if not has_found and stage is Stage.FINAL:
        yield finding("no_finding")
    if not p.DONE.search(body) and not (is_enquiry and has_found):
        yield finding("no_action")
    yield from _time(body, text, is_explained=is_enquiry and not p.DONE.search(body))
    if stage is Stage.FINAL and not p.CONTACT.search(text):
        yield finding("no_contact")
    for matter in matters_of(question):
        if not is_answered(matter, text):
            yield finding("matter_unanswered", zh=matter[:40])


def _nothing_else(body: str) -> bool:
    """Whether formulas are all there is: what is left has neither a finding nor length."""
    left = p.FORMULA.sub("", body)
    left = p.SIGNED.sub("", left)
    return len(re.sub(r"\W", "", left)) < SHORT and not p.DONE.search(left)


def _time(body: str, text: str, *, is_explained: bool) -> Iterator[Finding]:
    """An explanation of rules needs no date; everything else does."""
    if is_explained or p.DATE.search(p.SIGNED.sub("", body)):
        return
    vague = p.VAGUE.search(text)
    if vague:
        yield finding("vague_time", vague.span(), zh=vague[0])
    else:
        yield finding("no_time")


def _third_persons(text: str) -> Iterator[Find]:
    """Numbers of persons anywhere; names after a cue or a word for a person.

    A landline is an office's. A mobile is reported too: the person who writes knows whose it is.
    """
    for one in find(text, Mode.LEAVING):
        if one.kind in (Kind.LANDLINE, Kind.DOOR):
            continue
        named = p.PERSON.search(text[max(0, one.start - 6) : one.start])
        if one.kind is not Kind.NAME or named or _is_cued(text, one):
            yield one


def _is_cued(text: str, one: Find) -> bool:
    """Found in PLAIN mode, which takes names after a cue only."""
    return any(f.kind is Kind.NAME and f.start <= one.start < f.end for f in find(text, Mode.PLAIN))
