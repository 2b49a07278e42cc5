"""What the catalogue says of each class (names, conditions, examples): the prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.triage.features import CHUNK, Vectoriser

PHRASES_PER_CLASS = 100
PHRASE_CHARACTERS = 300


def phrases_of(
    priors: Mapping[str, Sequence[str]], labels: Sequence[str]
) -> tuple[list[str], NDArray[np.int32]]:
    """All phrases, class by class, and the class index of each.

    Of a class with more than PHRASES_PER_CLASS phrases the first ones stand alone and the others
    are joined into the last, so that nothing said of a class is lost.
    """
    phrases: list[str] = []
    owners: list[int] = []
    for index, label in enumerate(labels):
        said = list(dict.fromkeys(p.strip() for p in priors.get(label, ()) if p.strip()))
        alone, rest = said[: PHRASES_PER_CLASS - 1], said[PHRASES_PER_CLASS - 1 :]
        for phrase in [*alone, *([" ".join(rest)] if rest else [])]:
            phrases.append(phrase[:PHRASE_CHARACTERS])
            owners.append(index)
    return phrases, np.array(owners, dtype=np.int32)


class PriorIndex:
    """Cosine similarity of texts to the nearest phrase of each class.

    phrases: csr, shape (n-grams, phrases), columns ordered by class; owner: class of each phrase.
    """

    def __init__(self, phrases: sp.csr_matrix, owner: NDArray[np.int32], classes: int) -> None:
        self.phrases, self.owner, self.classes = phrases, owner, classes
        self._starts = np.flatnonzero(np.diff(owner, prepend=-1))

    @classmethod
    def build(
        cls, vectoriser: Vectoriser, priors: Mapping[str, Sequence[str]], labels: Sequence[str]
    ) -> PriorIndex:
        phrases, owner = phrases_of(priors, labels)
        rows = vectoriser.rows([""] * len(phrases), phrases)
        return cls(rows.T.tocsr(), owner, len(labels))

    def similarity(self, rows: sp.csr_matrix) -> NDArray[np.float32]:
        """Nearest phrase per class minus the mean over the classes, shape (texts, classes)."""
        nearest = np.zeros((rows.shape[0], self.classes), dtype=np.float32)
        if not len(self.owner):
            return nearest
        present = self.owner[self._starts]
        for start in range(0, rows.shape[0], CHUNK):
            each = (rows[start : start + CHUNK] @ self.phrases).toarray()
            nearest[start : start + CHUNK, present] = np.maximum.reduceat(each, self._starts, 1)
        nearest -= nearest.mean(axis=1, keepdims=True)
        return nearest

    def profiles(self) -> NDArray[np.float32]:
        """All that is said of each class in one vector of length 1, shape (n-grams, classes).

        Roots of the sums, so that a word in many phrases does not drown the others.
        """
        member = sp.csr_matrix(
            (np.ones(len(self.owner)), (np.arange(len(self.owner)), self.owner)),
            shape=(len(self.owner), self.classes),
        )
        total = np.sqrt((self.phrases @ member).toarray())
        length = np.maximum(np.sqrt((total**2).sum(axis=0)), 1e-12)
        return np.asarray(total / length, dtype=np.float32)

    def nearest_phrases(self, row: sp.csr_matrix) -> NDArray[np.float32]:
        """Of one text: each of its n-grams in the nearest phrase of each class.

        Shape (n-grams of the text, classes); 0 for classes without phrases.
        """
        values = np.zeros((row.nnz, self.classes), dtype=np.float32)
        if not len(self.owner):
            return values
        each = (row @ self.phrases).toarray()[0]
        order = np.lexsort((-each, self.owner))  # stable: the first of equally near ones
        columns = order[self._starts]
        values[:, self.owner[self._starts]] = self.phrases[row.indices][:, columns].toarray()
        return values
