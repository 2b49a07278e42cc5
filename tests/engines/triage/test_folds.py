from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.folds import SAME, duplicate_groups, stratified_folds

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
