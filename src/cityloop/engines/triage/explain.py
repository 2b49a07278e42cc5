"""Why a class: the words of the text that moved the score, as a reader would quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.triage.features import Rows, ngram_places, ngrams
from cityloop.engines.triage.text import HAN, Segments, segments_of, text_of
from cityloop.kernel.errors import DomainError

if TYPE_CHECKING:
    from cityloop.engines.triage.model import TriageModel

LONGEST = 12
"""Characters that merge into one phrase at most; Latin words are completed all the same."""


def reasons(
    model: TriageModel, title: str, text: str, class_index: int, n: int
) -> list[tuple[str, float]]:
    """Up to `n` phrases of the text with what they add to the score of the class, largest first.

    The addition is against the mean of all classes; n-grams that overlap are quoted as one
    phrase, and the additions of its n-grams are summed. Phrases are shown as the classifier
    reads them (small letters, numbers as "0").
    Raises: DomainError("triage.no_class") for a class index the model does not have.
    """
    if not 0 <= class_index < len(model.labels):
        raise DomainError(
            "triage.no_class",
            f"Class {class_index} does not exist: the model has 0 to {len(model.labels) - 1}.",
            f"类别 {class_index} 不存在：模型的类别为 0 至 {len(model.labels) - 1}。",
            where="class_index",
        )
    segments = segments_of([title], [text])
    row = model.vectoriser.both_of(segments)
    column, start, length = _occurrences(model, segments)
    adds = additions(model, row, class_index)[column]
    adds /= np.bincount(column, minlength=row.whole.shape[1])[column]
    phrases = _phrases(segments, start, length, adds, n)
    return sorted(phrases.items(), key=lambda item: (-item[1], item[0]))[:n]


def additions(model: TriageModel, row: Rows, class_index: int) -> NDArray[np.float64]:
    """What each n-gram of the text adds to the class, against the mean class; shape (n-grams,)."""
    indices = row.even.indices
    adds = _lead(model.weights[indices].astype(np.float64), class_index) * row.even.data
    for index, weight in zip(model.priors, model.prior_weights, strict=True):
        if weight:
            adds += weight * _lead(index.nearest_phrases(row.whole), class_index) * row.whole.data
    if model.tally_weight:
        adds += model.tally_weight * _lead(model.tally.parts(row), class_index)
    every = np.zeros(row.even.shape[1])
    every[indices] = adds
    return every


def _lead(weights: NDArray[np.floating], class_index: int) -> NDArray[np.floating]:
    """What a class has more than the mean class, per n-gram."""
    return np.asarray(weights[:, class_index] - weights.mean(axis=1))


def _occurrences(
    model: TriageModel, segments: Segments
) -> tuple[NDArray[np.int32], NDArray[np.intp], NDArray[np.intp]]:
    """Column, first character and length of each known n-gram, in the order of `ngrams`."""
    triples = model.vectoriser.triples
    keys, _ = ngrams(segments, triples=triples)
    start, length = ngram_places(segments, triples=triples)
    column = model.vectoriser.columns(keys)
    known = column < model.vectoriser.size
    return column[known], start[known], length[known]


def _phrases(
    segments: Segments,
    start: NDArray[np.intp],
    length: NDArray[np.intp],
    adds: NDArray[np.float64],
    n: int,
) -> dict[str, float]:
    text = text_of(segments.codes)
    letter = np.array([char.isalnum() for char in text], dtype=np.int64)
    letters = np.concatenate(([0], np.cumsum(letter)))
    quotable = (letters[start + length] - letters[start] == length) & (adds > 0)
    strong = np.flatnonzero(quotable)
    strong = strong[np.argsort(-adds[strong], kind="stable")[: 6 * n]]
    strong = strong[np.lexsort((length[strong], start[strong]))]
    found: dict[str, float] = {}
    for first, end, total in _merged(start[strong], length[strong], adds[strong]):
        word = _whole_word(text, segments, first, end)
        found[word] = found.get(word, 0.0) + total
    return found


def _merged(
    start: NDArray[np.intp], length: NDArray[np.intp], adds: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """Overlapping n-grams, in order of their start, as (first, end, sum), LONGEST at most."""
    merged: list[tuple[int, int, float]] = []
    for begin, size, add in zip(start.tolist(), length.tolist(), adds.tolist(), strict=True):
        end = begin + size
        if merged:
            first, last, total = merged[-1]
            if begin < last and end - first <= LONGEST:
                merged[-1] = (first, max(last, end), total + add)
                continue
        merged.append((begin, end, add))
    return merged


def _whole_word(text: str, segments: Segments, first: int, end: int) -> str:
    """The phrase, grown to whole words at Latin ends."""
    own = segments.segment[first]
    while first > 0 and segments.segment[first - 1] == own and _latin(text[first - 1 : first + 1]):
        first -= 1
    while end < len(text) and segments.segment[end] == own and _latin(text[end - 1 : end + 1]):
        end += 1
    return text[first:end]


def _latin(pair: str) -> bool:
    return pair.isalpha() and max(pair) < chr(HAN)
