"""Folds for honest figures: near-duplicate texts never stand on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.kernel.errors import DomainError

SAME = 0.8
"""Cosine similarity from which two texts count as one matter reported twice."""
EXACT_UP_TO = 5_000
"""Up to so many texts every pair is compared; among more, pairs that MinHash bands propose."""
_BANDS, _PER_BAND = 24, 3


def duplicate_groups(rows: sp.csr_matrix, *, seed: int = 0) -> NDArray[np.intp]:
    """Group number of each text; texts with cosine >= SAME share one (shape (n,)).

    Above EXACT_UP_TO texts candidates come from MinHash bands, then the cosine decides; cost
    grows linearly with the texts. Texts without any known n-gram stay alone.
    """
    parent = np.arange(rows.shape[0])
    if rows.shape[0] <= EXACT_UP_TO:
        for pairs in _near_pairs(rows):
            _join(parent, pairs)
    else:
        for signature in _band_signatures(rows, seed):
            order = np.argsort(signature, kind="stable")
            same = np.flatnonzero(signature[order][1:] == signature[order][:-1])
            pairs = np.stack([order[same], order[same + 1]], axis=1)
            if len(pairs):
                _join(parent, pairs[_cosines(rows, pairs) >= SAME])
    return np.array([_root(parent, index) for index in range(len(parent))], dtype=np.intp)


def _near_pairs(rows: sp.csr_matrix) -> Iterator[NDArray[np.intp]]:
    turned = rows.T.tocsr()
    for start in range(0, rows.shape[0], 256):
        near = (rows[start : start + 256] @ turned).toarray() >= SAME
        one, other = np.nonzero(near)
        later = other > one + start
        yield np.stack([one[later] + start, other[later]], axis=1)


def stratified_folds(
    classes: NDArray[np.intp], groups: NDArray[np.intp], count: int, *, seed: int = 0
) -> NDArray[np.intp]:
    """Fold of each text: whole groups, every class spread evenly, the same for the same seed.

    There are never more folds than groups.
    """
    distinct, first, place = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = np.random.default_rng(seed).permutation(len(distinct))
    order = shuffled[np.argsort(classes[first][shuffled], kind="stable")]
    fold = np.empty(len(distinct), dtype=np.intp)
    fold[order] = np.arange(len(distinct)) % max(1, min(count, len(distinct)))
    return np.asarray(fold[place], dtype=np.intp)


def check_folds(rows: sp.csr_matrix, fold: NDArray[np.intp]) -> None:
    """Raises: DomainError("triage.leak") when near-duplicates stand in different folds.

    Figures on such folds would be read off the training texts.
    """
    groups = duplicate_groups(rows)
    order = np.lexsort((fold, groups))
    together = groups[order][1:] == groups[order][:-1]
    apart = np.flatnonzero(together & (fold[order][1:] != fold[order][:-1]))
    if len(apart):
        one, other = sorted(int(order[apart[0] + step]) for step in (0, 1))
        raise DomainError(
            "triage.leak",
            f"Texts {one} and {other} say the same but stand in folds {fold[one]} and "
            f"{fold[other]} ({len(apart)} such pairs): make folds of whole groups.",
            f"第 {one} 条与第 {other} 条内容相同，却分在第 {fold[one]}、{fold[other]} 折"
            f"（共 {len(apart)} 处）：请按重复组整体分折。",
            where=str(one),
        )


def seen_before(rows: sp.csr_matrix, known: sp.csr_matrix) -> NDArray[np.intp]:
    """Of each text the first known one with cosine >= SAME, -1 = none; rows of one vectoriser."""
    found = np.full(rows.shape[0], -1, dtype=np.intp)
    if not known.shape[0]:
        return found
    turned = known.T.tocsr()
    for start in range(0, rows.shape[0], 256):
        near = (rows[start : start + 256] @ turned).toarray() >= SAME
        hit = near.any(axis=1)
        found[start : start + 256][hit] = near.argmax(axis=1)[hit]
    return found


def _band_signatures(rows: sp.csr_matrix, seed: int) -> NDArray[Any]:
    """One signature per band and text, shape (bands, n); empty texts get distinct ones."""
    rng = np.random.default_rng(seed)
    count = rows.shape[0]
    empty = np.diff(rows.indptr) == 0
    alone = -1 - np.arange(count)
    signatures = np.empty((_BANDS, count), dtype=np.int64)
    starts = rows.indptr[:-1][~empty]
    for band in range(_BANDS):
        mixed = np.zeros(count, dtype=np.uint64)
        for _ in range(_PER_BAND):
            rank = rng.permutation(rows.shape[1]).astype(np.uint64)
            if len(starts):
                least = np.minimum.reduceat(rank[rows.indices], starts)
                mixed[~empty] = mixed[~empty] * np.uint64(0x100000001B3) + least
        signatures[band] = np.where(empty, alone, (mixed >> np.uint64(1)).astype(np.int64))
    return signatures


def _cosines(rows: sp.csr_matrix, pairs: NDArray[np.intp]) -> NDArray[np.float64]:
    product = rows[pairs[:, 0]].multiply(rows[pairs[:, 1]])
    return np.asarray(product.sum(axis=1)).ravel()


def _join(parent: NDArray[np.intp], pairs: NDArray[np.intp]) -> None:
    for one, other in pairs:
        first, second = _root(parent, one), _root(parent, other)
        parent[max(first, second)] = min(first, second)


def _root(parent: NDArray[np.intp], index: int) -> int:
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = int(parent[index])
    return int(index)
