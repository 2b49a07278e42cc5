from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.triage import folds
from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.folds import (
    SAME,
    check_folds,
    duplicate_groups,
    seen_before,
    stratified_folds,
)
from cityloop.kernel.errors import DomainError

from .samples import reports


def test_near_duplicates_share_a_group_and_others_do_not() -> None:
    _, texts, _ = reports(60, seed=4)
    texts += [texts[0] + "！", "各位领导：" + texts[1], ""]
    rows = Vectoriser.fit([""] * 63, texts).rows([""] * 63, texts)
    groups = duplicate_groups(rows)
    assert groups[60] == groups[0]
    assert groups[61] == groups[1]
    cosine = (rows @ rows.T).toarray()
    np.fill_diagonal(cosine, 0)
    lonely = np.flatnonzero(cosine.max(axis=1) < SAME)
    assert len(lonely)
    assert len(set(groups[lonely])) == len(lonely)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), min_size=1, max_size=80),
    st.integers(2, 10),
)
def test_folds_keep_groups_whole_and_classes_spread(rows: list[tuple[int, int]], k: int) -> None:
    groups = np.array([group for _, group in rows])
    classes = groups % 5
    fold = stratified_folds(classes, groups, k, seed=1)
    assert all(len(set(fold[groups == group])) == 1 for group in set(groups.tolist()))
    assert len(set(fold.tolist())) == min(k, len(set(groups.tolist())))
    for label in set(classes.tolist()):
        owned = {(f, g) for f, g, c in zip(fold, groups, classes, strict=True) if c == label}
        sizes = np.bincount([f for f, _ in owned], minlength=k)
        assert sizes.max() - sizes[: fold.max() + 1].min() <= 1


def test_planted_duplicate_across_folds_is_caught() -> None:
    titles, texts, _ = reports(40, seed=4)
    rows = Vectoriser.fit(titles, texts).rows([*titles, titles[7]], [*texts, texts[7]])
    fold = np.arange(41) % 4
    fold[40] = (fold[7] + 1) % 4
    with pytest.raises(DomainError) as caught:
        check_folds(rows, fold)
    assert (caught.value.code, caught.value.where) == ("triage.leak", "7")
    fold[40] = fold[7]
    check_folds(rows, fold)


def test_texts_seen_before_are_found_by_their_first_copy() -> None:
    titles, texts, _ = reports(30, seed=4)
    words = Vectoriser.fit(titles, texts)
    known = words.rows(titles, texts)
    new = words.rows([titles[3], "", ""], [texts[3] + "！", "完全是另外一件事情", texts[5]])
    found = seen_before(new, known)
    assert found[0] == 3 and found[1] == -1
    assert seen_before(new, known[:0]).tolist() == [-1, -1, -1]


def test_groups_among_many_texts_are_those_of_every_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    titles, texts, _ = reports(60, seed=4)
    rows = Vectoriser.fit(titles, texts).rows(titles * 2, texts * 2)
    exact = duplicate_groups(rows)
    monkeypatch.setattr(folds, "EXACT_UP_TO", 0)
    by_bands = duplicate_groups(rows)
    assert (by_bands[60:] == by_bands[:60]).all()
    assert len(set(exact.tolist())) <= len(set(by_bands.tolist()))
