"""A draft reply put together from the replies of solved cases that are most like the new one.

What was true of another case is not true of this one: its dates, its places and all personal data
become gaps that a person fills in. Nothing is written that stands in no source, except the frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cityloop.engines.privacy import Kind, Mode, mask
from cityloop.engines.replies import phrases as p
from cityloop.engines.replies.likeness import Hit, Likeness
from cityloop.engines.replies.sentences import Sentence, sentences_of, substance_of

GAP = "＿＿"
LEAST_LIKE, MOST_SOURCES, MOST_PIECES = 0.15, 3, 4
_SHORTEST, _LONGEST = 8, 160
_MASKS = re.compile(rf"〔(?:{'|'.join(k.zh for k in Kind)})\d*〕")
_GAPS = re.compile(rf"{GAP}(?:[、，,\s年月日至到\-—.]*{GAP})+")

# Whoever stands behind such a word is named, whatever the name looks like.
_NAMED = re.compile(
    r"((?:责任|负责|联系|经办|承办|当事|办理|申请|反映|投诉)人|村民|居民|业主|户主|店主|住户|同志)[:：为是]?"
    r"[\u4e00-\u9fff]{2,3}(?=[，,。；;、（(\s]|$)"
)


@dataclass(frozen=True, slots=True)
class Solved:
    """A closed case.

    Args:
        question: what was reported.
        reply: what the reporter was told.
        places: names of where it was; they do not hold elsewhere.
    """

    number: str
    question: str
    reply: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of the draft and the case it comes from; "" = the frame of every reply."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person may start from. Without pieces where nothing is like enough."""

    pieces: tuple[Piece, ...] = ()
    sources: tuple[tuple[str, float], ...] = ()  # case number, likeness

    @property
    def text(self) -> str:
        """The sentences in one."""
        return "".join(piece.text for piece in self.pieces)


def draft(
    question: str, solved: Sequence[Solved], *, least: float = LEAST_LIKE, most_length: int = 400
) -> Draft:
    """A draft for a question from solved cases.

    Args:
        least: likeness below which nothing is drafted (0 to 1).
        most_length: characters of the whole.
    """
    usable = [s for s in solved if _said(s)]
    asked = Likeness([f"{s.question}\n{s.reply}" for s in usable])
    hits = [h for h in asked.most_like(question, MOST_SOURCES) if h.likeness >= least]
    if not hits:
        return Draft()
    head, tail = _frame(question)
    room = most_length - len(head) - len(tail)
    body = _chosen(question, usable, hits, room)
    if not body:
        return Draft()
    used = {piece.source for piece in body}
    named = tuple(
        (usable[h.index].number, h.likeness) for h in hits if usable[h.index].number in used
    )
    return Draft((Piece(head, ""), *body, Piece(tail, "")), named)


def _frame(question: str) -> tuple[str, str]:
    if re.search(r"[\u3400-\u9fff]", question) or not question:
        return "您好！您反映的情况已收悉，现回复如下：", f"如有疑问，请联系{GAP}，电话{GAP}。"
    return "Hello. About what you reported: ", f" For questions please contact {GAP}, phone {GAP}."


def _said(one: Solved) -> list[Sentence]:
    """Sentences worth taking over: about the matter, neither ceremony nor mere formula."""
    kept = []
    for sentence in sentences_of(one.reply):
        rest = p.FORMULA.sub("", substance_of(sentence.text))
        has_form = p.FOUND.search(rest) or p.DONE.search(rest)
        if has_form and len(rest) >= _SHORTEST and len(sentence.text) <= _LONGEST:
            kept.append(sentence)
    return kept


def _chosen(
    question: str, solved: Sequence[Solved], hits: Sequence[Hit], room: int
) -> tuple[Piece, ...]:
    """Sentences by likeness of their case, then of themselves; finding first, action after."""
    rows = [(hit, solved[hit.index], s) for hit in hits for s in _said(solved[hit.index])]
    own = Likeness([s.text for _, _, s in rows]).scores(question)
    order = sorted(range(len(rows)), key=lambda i: (-(rows[i][0].likeness + own[i]), i))
    taken: list[tuple[bool, int, Piece]] = []
    for i in order:
        _, source, sentence = rows[i]
        text = _plain(substance_of(sentence.text), source, question)
        known = Likeness([piece.text for _, _, piece in taken]).scores(text)
        if len(text) > room or (known.size and known.max() > 0.6):
            continue
        room -= len(text)
        is_action = p.FOUND.search(text) is None
        taken.append((is_action, i, Piece(text, source.number)))
        if len(taken) == MOST_PIECES:
            break
    return tuple(piece for _, _, piece in sorted(taken, key=lambda row: row[:2]))


def _plain(text: str, source: Solved, question: str) -> str:
    """Without what was true of the other case alone. Ends as a sentence does."""
    text = _NAMED.sub(rf"\1{GAP}", _MASKS.sub(GAP, mask(text, Mode.LEAVING).text))
    for place in sorted(source.places, key=len, reverse=True):
        if place and place not in question:
            text = text.replace(place, GAP)
    text = _GAPS.sub(GAP, p.DATE.sub(GAP, text)).strip()
    if text[-1:] in "；;，,":
        text = text[:-1] + "。"
    return text if text[-1:] in "。！？.!?" else f"{text}。"
