"""Figures for texts that a model has not seen, where all the labelled texts there are teach it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.triage.evaluate import at_thresholds
from cityloop.engines.triage.folds import check_folds, duplicate_groups, stratified_folds
from cityloop.engines.triage.intake import check_labelled, classes_of
from cityloop.engines.triage.report import Coverage, Report, report_on
from cityloop.engines.triage.train import Pairs, Priors, new_vectoriser, sources_of, train

FOLDS, ACCURACY = 5, 0.95


def cross_validate(
    titles: Sequence[str],
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    priors: Priors,
    duties: Priors | None = None,
    unlabelled: Pairs | None = None,
    folds: int = FOLDS,
    seeds: Sequence[int] = (0,),
    fold: NDArray[np.intp] | None = None,
) -> Report:
    """The report on texts held out in turn: everything (words, strengths, temperature,
    thresholds, pairs) is learned from the other folds alone.

    Args:
        folds, seeds: so many folds of whole groups of near-duplicates, once a seed.
        fold: folds given instead, shape (n,); near-duplicates must stand in one.
    Returns: figures on all held-out answers together; remarks: accuracy_by_seed, batch_ms (a
        text), train_s (median), folds, near_duplicates.
    Raises: DomainError("triage.leak") for given folds that part near-duplicates; as `train`.
    """
    check_labelled(titles, texts, labels, ACCURACY)
    sources = sources_of(priors, duties)
    names = classes_of(labels, *sources)
    truth = np.array([names.index(label) for label in labels], dtype=np.intp)
    words = new_vectoriser(titles, texts, sources, names, ())
    rows = words.rows(titles, texts)
    groups = duplicate_groups(rows)
    runs = [fold] if fold is not None else []
    for seed in seeds if fold is None else ():
        runs.append(stratified_folds(truth, groups, folds, seed=seed))
    held = _Held(names)
    for run, each in enumerate(runs):
        check_folds(rows, each)
        for index in np.unique(each):
            mine, rest = np.flatnonzero(each == index), np.flatnonzero(each != index)
            began = time.perf_counter()
            model, _ = train(
                _some(titles, rest),
                _some(texts, rest),
                _some(labels, rest),
                priors=priors,
                duties=duties,
                unlabelled=unlabelled,
                seed=run,
            )
            held.train_s.append(time.perf_counter() - began)
            began = time.perf_counter()
            chance = model.probabilities(_some(titles, mine), _some(texts, mine))
            held.batch_s += time.perf_counter() - began
            held.add(run, _widened(chance, model.labels, names), truth[mine])
            held.note(at_thresholds(model, chance.max(axis=1), held.right[-1]), len(mine))
            held.pair.append(np.full(len(mine), model.pair))
    more = {"folds": folds, "near_duplicates": len(truth) - len(np.unique(groups))}
    return held.report(more)


def _some(column: Sequence[str], places: NDArray[np.intp]) -> list[str]:
    return [column[place] for place in places.tolist()]


class _Held:
    """Held-out answers of all runs, gathered."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.chance: list[NDArray[np.float32]] = []
        self.truth: list[NDArray[np.intp]] = []
        self.right: list[NDArray[np.bool_]] = []
        self.pair: list[NDArray[np.float64]] = []
        self.run: list[int] = []
        self.train_s: list[float] = []
        self.batch_s = 0.0
        self.accepted: dict[str, list[tuple[float, float]]] = {}

    def add(self, run: int, chance: NDArray[np.float32], truth: NDArray[np.intp]) -> None:
        self.chance.append(chance)
        self.truth.append(truth)
        self.right.append(chance.argmax(axis=1) == truth)
        self.run.append(run)

    def note(self, coverage: Mapping[str, Coverage], texts: int) -> None:
        for wanted, each in coverage.items():
            count = each.share * texts
            self.accepted.setdefault(wanted, []).append((count, count * (each.realised or 0.0)))

    def report(self, more: Mapping[str, object]) -> Report:
        chance, truth = np.concatenate(self.chance), np.concatenate(self.truth)
        coverage = {}
        for wanted, counts in sorted(self.accepted.items()):
            taken, good = sum(n for n, _ in counts), sum(n for _, n in counts)
            coverage[wanted] = Coverage(taken / len(truth), good / taken if taken else None)
        by_run = np.repeat(self.run, [len(each) for each in self.truth])
        right = np.concatenate(self.right)
        remarks = {
            **more,
            "accuracy_by_seed": [float(right[by_run == run].mean()) for run in sorted({*by_run})],
            "train_s": float(np.median(self.train_s)),
            "batch_ms": self.batch_s / len(truth) * 1e3,
        }
        pair = np.concatenate(self.pair)
        return report_on(chance, truth, self.names, coverage=coverage, pair=pair, remarks=remarks)


def _widened(
    chance: NDArray[np.float32], labels: Sequence[str], names: Sequence[str]
) -> NDArray[np.float32]:
    """Columns for all classes; 0 for one that a fold's training texts did not have."""
    wide = np.zeros((len(chance), len(names)), dtype=np.float32)
    wide[:, [names.index(label) for label in labels]] = chance
    return wide
