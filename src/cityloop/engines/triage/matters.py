"""Several matters in one message: where it could be split, and into which classes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cityloop.engines.triage.text import BODY_CHARACTERS

if TYPE_CHECKING:
    from cityloop.engines.triage.model import TriageModel

SHORTEST = 12
"""Characters of a sentence that can say what it is about; shorter ones go with the one before."""
SURE = 0.65
"""Of each part, for a split to be suggested: right in two of three; a person decides."""
_TENS = "一二三四五六七八九十"
_NUMBERED = (
    rf"(?:第?[{_TENS}]{{1,2}}[、，,.是]|[(（][{_TENS}\d]{{1,2}}[)）]|\d{{1,2}}[、.．)）](?!\d))"
)
_CUTS = re.compile(rf"(?<=[。！？!?；;\n])|(?={_NUMBERED})")


@dataclass(frozen=True, slots=True)
class Matter:
    """One part of a message: text[start:end], its class index and calibrated probability."""

    start: int
    end: int
    class_index: int
    probability: float


def matters_of(model: TriageModel, title: str, text: str, *, sure: float = SURE) -> list[Matter]:
    """The parts of a message that are about different classes; [] when it is about one matter.

    Sentences and numbered points are classified by themselves; neighbours of one class are one
    part, and a sentence the model is not sure of belongs to the part before it (at the beginning:
    after it). Splitting is suggested only where two classes are sure, at `sure` or the model's
    own threshold, whichever is higher. The title takes no part: it names the whole.
    Returns: parts in order, together the whole text (as far as it is read).
    """
    pieces = _pieces(text[:BODY_CHARACTERS])
    if len(pieces) < 2:
        return []
    answers = model.predict([""] * len(pieces), [text[start:end] for start, end in pieces])
    first, chance = answers.top[:, 0], answers.probability[:, 0]
    firm = (chance >= max(sure, min(model.threshold, 1.0))) & _says_enough(model, text, pieces)
    if len(set(first[firm].tolist())) < 2:
        return []
    parts: list[Matter] = []
    for (start, end), index, p, is_firm in zip(
        pieces, first.tolist(), chance.tolist(), firm.tolist(), strict=True
    ):
        same = parts and (not is_firm or parts[-1].class_index in (index, -1))
        if same:
            last = parts.pop()
            settled = last.class_index if not is_firm else index
            best = max(last.probability, p if is_firm else 0.0)
            parts.append(Matter(last.start, end, settled, best))
        else:
            parts.append(Matter(start, end, index if is_firm else -1, p if is_firm else 0.0))
    return parts


def _says_enough(
    model: TriageModel, text: str, pieces: list[tuple[int, int]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Pieces with a part of the text's known n-grams that can carry a class."""
    from cityloop.engines.triage.model import FEWEST_NGRAMS

    rows = model.vectoriser.rows([""] * len(pieces), [text[start:end] for start, end in pieces])
    return np.asarray(np.diff(rows.indptr) >= 2 * FEWEST_NGRAMS)


def _pieces(text: str) -> list[tuple[int, int]]:
    """Sentences and numbered points, each of SHORTEST characters at least."""
    cuts = [match.start() for match in _CUTS.finditer(text)]
    edges = [0, *(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    pieces: list[tuple[int, int]] = []
    begin = 0
    for end in edges[1:]:
        if len(text[begin:end].strip()) >= SHORTEST:
            pieces.append((begin, end))
            begin = end
    if begin < len(text) and pieces:
        pieces[-1] = (pieces[-1][0], len(text))
    return pieces
