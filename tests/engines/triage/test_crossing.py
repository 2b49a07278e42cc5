from __future__ import annotations

import numpy as np
import pytest

from cityloop.engines.triage import cross_validate
from cityloop.kernel.errors import DomainError

from .samples import PHRASES, reports

DUTIES = {"环境": ["油烟 噪音 河水 臭味"], "交通": ["红绿灯 堵车 公交车"]}


def test_figures_of_held_out_texts_are_whole_and_repeatable() -> None:
    one = cross_validate(*reports(80), priors=PHRASES, duties=DUTIES, folds=4, seeds=(0, 1))
    assert one.texts == 160 and one.classes == 4
    assert one.accuracy > 0.7 and set(one.coverage) == {"0.95", "0.97"}
    assert len(one.remarks["accuracy_by_seed"]) == 2
    assert one.accuracy == pytest.approx(np.mean(one.remarks["accuracy_by_seed"]))
    assert (one.pairs.realised or 0) >= one.accuracy
    other = cross_validate(*reports(80), priors=PHRASES, duties=DUTIES, folds=4, seeds=(0, 1))
    assert (one.accuracy, one.confusions) == (other.accuracy, other.confusions)


def test_folds_with_a_planted_copy_are_refused() -> None:
    titles, texts, labels = (column + column[:1] for column in reports(40))
    fold = np.append(np.arange(40) % 4, 3)
    with pytest.raises(DomainError, match=r"triage\.leak"):
        cross_validate(titles, texts, labels, priors=PHRASES, fold=fold)


def test_copies_in_a_file_do_not_raise_its_figures() -> None:
    titles, texts, labels = reports(40)
    shuffled = np.random.default_rng(1).permutation(labels).tolist()
    report = cross_validate(titles * 3, texts * 3, shuffled * 3, priors={})
    assert report.accuracy < 0.5
