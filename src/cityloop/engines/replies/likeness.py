"""Which of many texts are most like one: TF-IDF over characters and pairs of them.

No word list and no model: in Chinese, pairs of characters do what words do elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+")
MOST_READ = 4_000


@dataclass(frozen=True, slots=True)
class Hit:
    """The place of a text in the list and its likeness, 0 to 1."""

    index: int
    likeness: float


def pairs_of(text: str) -> list[str]:
    """Pairs of neighbouring hanzi, and Latin words and numbers whole."""
    return [term for term in _terms(text) if len(term) > 1]


def _terms(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text[:MOST_READ]).casefold()):
        if run[0] < "\u3400":
            found.append(run if len(run) > 1 else f"{run}_")
        else:
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


class Likeness:
    """Texts that can be asked for those most like a query.

    Args:
        texts: n texts; an empty one is like nothing.
    Cosine of (1 + ln tf) × idf, idf = ln((1 + n) / (1 + df)) + 1, over single characters and pairs.
    Building is linear in the characters; a query costs the sum of its terms' postings.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._n = len(texts)
        counts = [Counter(_terms(text)) for text in texts]
        spread = Counter(term for one in counts for term in one)
        self._idf = {t: log((1 + self._n) / (1 + df)) + 1 for t, df in spread.items()}
        gathered: dict[str, tuple[list[int], list[float]]] = {}
        for index, one in enumerate(counts):
            for term, weight in self._weights(one).items():
                places, weights = gathered.setdefault(term, ([], []))
                places.append(index)
                weights.append(weight)
        self._postings: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {
            term: (np.array(places), np.array(weights))
            for term, (places, weights) in gathered.items()
        }

    def __len__(self) -> int:
        return self._n

    def scores(self, query: str) -> NDArray[np.float64]:
        """The likeness of each text to the query, shape (n,), 0 to 1."""
        found = np.zeros(self._n)
        for term, weight in self._weights(Counter(_terms(query))).items():
            posting = self._postings.get(term)
            if posting is not None:
                found[posting[0]] += weight * posting[1]
        return np.minimum(found, 1.0)

    def most_like(self, query: str, most: int = 5) -> list[Hit]:
        """The most like texts, best first; of equals the earlier one. None with likeness 0."""
        scores = self.scores(query)
        order = np.argsort(-scores, kind="stable")[:most]
        return [Hit(int(i), float(scores[i])) for i in order if scores[i] > 0]

    def _weights(self, counts: Counter[str]) -> dict[str, float]:
        unseen = log(1 + self._n) + 1
        raw = {t: (1 + log(n)) * self._idf.get(t, unseen) for t, n in counts.items()}
        norm = sum(w * w for w in raw.values()) ** 0.5
        return {t: w / norm for t, w in raw.items()} if norm else {}
