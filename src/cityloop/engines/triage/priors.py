"""What the catalogue says of each class (names, conditions, examples): the priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.triage.features import CHUNK, Rows, Vectoriser, tells
from cityloop.engines.triage.lookup import KEYS

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
        total = np.sqrt(_by_class(self).toarray())
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


class WordShares:
    """How much of a text is in words of each class, every further word counting less.

    The nearest phrase tells what the text is about when it says it in one place; this adds up
    what is scattered over a long text, as a reader does who keeps a tally by department.
    shares: what part of each n-gram's weight goes to each class, shape (n-grams, classes): equal
    parts for the classes whose phrases hold it.
    """

    def __init__(self, keys: KEYS, indices: Sequence[PriorIndex]) -> None:
        said = sum(np.sign(_by_class(index).toarray()) for index in indices)
        said = np.sign(np.asarray(said, dtype=np.float32)) * tells(keys)[:, None]
        self.shares: NDArray[np.float32] = said / np.maximum(said.sum(axis=1, keepdims=True), 1)

    def amounts(self, rows: Rows) -> NDArray[np.float32]:
        """ln(1 + weight of the words of a class) minus the mean over the classes, shape (texts,
        classes)."""
        found = np.log1p((rows.whole @ self.shares) * rows.length[:, None])
        found -= found.mean(axis=1, keepdims=True)
        return np.asarray(found, dtype=np.float32)

    def parts(self, row: Rows) -> NDArray[np.float32]:
        """Of one text: what each of its n-grams adds to ln(1 + weight), shape (n-grams, classes);
        they share the logarithm by their weights."""
        weight = self.shares[row.whole.indices] * (row.whole.data * row.length[0])[:, None]
        total = weight.sum(axis=0)
        return np.asarray(weight * (np.log1p(total) / np.maximum(total, 1e-9)), dtype=np.float32)


def _by_class(index: PriorIndex) -> sp.csr_matrix:
    """Sums of the phrases of each class, shape (n-grams, classes)."""
    count = len(index.owner)
    member = sp.csr_matrix(
        (np.ones(count, np.float32), (np.arange(count), index.owner)), shape=(count, index.classes)
    )
    return index.phrases @ member
