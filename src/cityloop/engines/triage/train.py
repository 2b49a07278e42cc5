"""Training: labelled texts and the catalogue's words in, a calibrated model and its report out."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.triage import solve
from cityloop.engines.triage.calibrate import (
    fitted_doubt,
    fitted_odds,
    fitted_sharpness,
    log_loss,
    pair_from,
    probabilities,
    threshold_for,
    with_odds,
)
from cityloop.engines.triage.features import Rows, Vectoriser
from cityloop.engines.triage.folds import duplicate_groups, stratified_folds
from cityloop.engines.triage.intake import check_labelled, classes_of
from cityloop.engines.triage.model import TriageModel
from cityloop.engines.triage.priors import PriorIndex, WordShares, phrases_of
from cityloop.engines.triage.report import Report, crossed_coverage, report_on

FOLDS, FOLDS_OF_MANY = 10, 3
RIDGES = (0.5, 1.5, 4.0)
"""Seven departments with a hundred texts each need little, 227 classes with a dozen need much;
the one that makes the left-out labels likeliest is kept."""
BALANCE = 0.75
"""0 = every text counts the same, 1 = every class does."""
STRENGTHS = (0.0, 0.1, 0.2, 0.3, 0.45)
TALLY_STRENGTHS = (0.0, 0.1, 0.2, 0.3)
"""Of the nearest phrase and of the tally of words, in their standard deviations; tried on the
left-out folds."""
WANTED = (0.95, 0.97)

Texts = Sequence[str]
Priors = Mapping[str, Sequence[str]]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Machine:
    """What the solver found: outputs on left-out folds, and the weights of the whole."""

    left_out: NDArray[np.float64]
    strengths: tuple[float, ...]
    ridge: float
    weights: NDArray[np.float32]
    constant: NDArray[np.float32]


def train(
    titles: Texts,
    texts: Texts,
    labels: Texts,
    *,
    priors: Priors,
    duties: Priors | None = None,
    unlabelled: Pairs | None = None,
    accuracy: float = 0.95,
    seed: int = 0,
) -> tuple[TriageModel, Report]:
    """A model from labelled texts; the same input gives the same model.

    Args:
        titles, texts, labels: one each per report; a title may be "".
        priors: phrases (name, conditions, examples) per class; classes named only here can be
            predicted too, from their phrases alone.
        duties: what such classes are about everywhere (a duty list); these words are counted
            together with those of `priors`, but their phrases are not compared one by one.
        unlabelled: (title, text) of further reports; they teach which words are common.
        accuracy: what the answers accepted without a person should reach, 0.5 to 0.999.
        seed: of the folds.
    Returns: the model and the report on left-out folds (near-duplicates in one fold).
    Raises: DomainError("triage.lengths", "triage.not_text", "triage.label", "triage.classes",
        "triage.prior", "triage.accuracy", "triage.no_text").
    """
    check_labelled(titles, texts, labels, accuracy)
    sources = sources_of(priors, duties)
    classes = classes_of(labels, *sources)
    truth = np.array([classes.index(label) for label in labels], dtype=np.intp)
    vectoriser = new_vectoriser(titles, texts, sources, classes, unlabelled or ())
    rows = vectoriser.both(titles, texts)
    indices = tuple(PriorIndex.build(vectoriser, said, classes) for said in sources)
    groups = duplicate_groups(rows.whole, seed=seed)
    many = len(truth) > solve.DIRECT_LIMIT
    fold = stratified_folds(truth, groups, FOLDS_OF_MANY if many else FOLDS, seed=seed)
    tally = WordShares(vectoriser.keys, indices)
    said = [indices[0].similarity(rows.whole), tally.amounts(rows)]
    spreads = [float(each.std()) or 1.0 for each in said]
    scaled = [each / spread for each, spread in zip(said, spreads, strict=True)]
    machine = _machine(rows, truth, scaled, fold, len(classes))
    nearest, tallied = (
        strength / spread for strength, spread in zip(machine.strengths, spreads, strict=True)
    )
    sharpness, doubt = fitted_doubt(machine.left_out, truth)
    softmax = probabilities(machine.left_out, sharpness, doubt)
    factor, power = fitted_odds(softmax, truth)
    chance = with_odds(softmax, factor, power)
    right = chance.argmax(axis=1) == truth
    wanted = sorted({*WANTED, accuracy})
    limits = {f"{each:.2f}": threshold_for(chance.max(axis=1), right, each) for each in wanted}
    model = TriageModel(
        labels=classes,
        vectoriser=vectoriser,
        weights=machine.weights,
        constant=machine.constant,
        priors=indices,
        prior_weights=(nearest, *[0.0] * (len(indices) - 1)),
        tally_weight=tallied,
        sharpness=sharpness,
        doubt=doubt,
        odds_factor=factor,
        odds_power=power,
        threshold=threshold_for(chance.max(axis=1), right, accuracy),
        accuracy=accuracy,
        fingerprint=fingerprint_of(titles, texts, labels, sources, unlabelled),
        trained_on=len(truth),
        thresholds=limits,
        pair=pair_from(chance, truth),
    )
    coverage = crossed_coverage(chance, truth, fold, wanted)
    remarks = _remarks(model, machine, truth, fold, groups)
    return model, report_on(
        chance, truth, classes, coverage=coverage, pair=model.pair, remarks=remarks
    )


def sources_of(priors: Priors, duties: Priors | None) -> tuple[Priors, ...]:
    """The catalogue's words and, where there are any, the duty list's."""
    return (priors, duties) if duties else (priors,)


def new_vectoriser(
    titles: Texts,
    texts: Texts,
    sources: Sequence[Priors],
    classes: Sequence[str],
    unlabelled: Pairs,
) -> Vectoriser:
    phrases = [phrase for said in sources for phrase in phrases_of(said, classes)[0]]
    all_titles = [*titles, *(title for title, _ in unlabelled)]
    all_texts = [*texts, *(text for _, text in unlabelled)]
    fewest = 1 if len(all_texts) < 50 else 2 if len(all_texts) < 2_000 else 3
    return Vectoriser.fit(all_titles, all_texts, always=phrases, min_texts=fewest)


def _machine(
    rows: Rows,
    truth: NDArray[np.intp],
    priors: Sequence[NDArray[np.float32]],
    fold: NDArray[np.intp],
    classes: int,
) -> _Machine:
    """Fits what the priors leave to explain: outputs = sum of strength x prior + linear part.

    The system is linear in its targets, so wanted outputs and priors are fitted once, side by
    side, and every strength is read off. Classes without texts are not learned as "never": they
    keep their prior and the constant of an ordinary class.
    """
    wanted = np.full((len(truth), classes), -1.0)
    wanted[np.arange(len(truth)), truth] = 1.0
    absent = np.bincount(truth, minlength=classes) == 0

    def outputs(fitted: solve.Fit, strengths: tuple[float, ...]) -> NDArray[np.float64]:
        said = sum(each * prior for each, prior in zip(strengths, priors, strict=True))
        left_out = _combined(fitted.left_out, strengths) + said
        constant = _combined(fitted.dual, strengths).sum(axis=0)
        left_out[:, absent] = (np.median(constant[~absent]) + said)[:, absent]
        return left_out

    def loss(fitted: solve.Fit, strengths: tuple[float, ...]) -> float:
        left_out = outputs(fitted, strengths)
        return log_loss(left_out, truth, fitted_sharpness(left_out, truth))

    ridges = [each * _evenness(truth, classes) for each in RIDGES]
    found = solve.fits(rows.even, np.hstack([wanted, *priors]), ridges, fold)
    choices = _strengths(priors, absent)
    usual = choices[len(choices) // 2]
    fitted, ridge = min(zip(found, RIDGES, strict=False), key=lambda each: loss(each[0], usual))
    tried = [(loss(fitted, choice), choice) for choice in choices]
    strengths = _averaged(tried, len(truth))
    weights, constants = solve.weights_of(rows.even, _combined(fitted.dual, strengths))
    weights[:, absent] = 0
    constants[absent] = np.median(constants[~absent])
    return _Machine(outputs(fitted, strengths), strengths, ridge, weights, constants)


def _averaged(tried: Sequence[tuple[float, tuple[float, ...]]], texts: int) -> tuple[float, ...]:
    """The mean of the strengths tried, each by how likely it makes the left-out labels.

    Choosing the best alone follows the chance of the folds: its neighbours are about as likely.
    """
    losses = np.array([loss for loss, _ in tried])
    weights = np.exp((losses.min() - losses) * texts)
    weights /= weights.sum()
    mean = weights @ np.array([strengths for _, strengths in tried])
    return tuple(float(each) for each in mean)


def _combined(all_of: NDArray[np.float64], strengths: tuple[float, ...]) -> NDArray[np.float64]:
    """Of what was fitted to the wanted outputs and to the priors: the fit to their difference."""
    by_label, *by_prior = np.hsplit(all_of, 1 + len(strengths))
    found = by_label.copy()
    for strength, each in zip(strengths, by_prior, strict=True):
        found -= strength * each
    return found


def _strengths(
    priors: Sequence[NDArray[np.float32]], absent: NDArray[np.bool_]
) -> list[tuple[float, ...]]:
    """A class without texts needs its phrases; without phrases there is no choice."""
    choices = []
    for prior, tried in zip(priors, (STRENGTHS, TALLY_STRENGTHS), strict=True):
        needed = tried[1:] if absent.any() else tried
        choices.append(needed if prior.any() else (0.0,))
    return list(itertools.product(*choices))


def _evenness(truth: NDArray[np.intp], classes: int) -> NDArray[np.float64]:
    """Per text, of its ridge; texts of rare classes weigh more, at most twenty times the
    average."""
    counts = np.bincount(truth, minlength=classes)
    fair = len(truth) / (np.count_nonzero(counts) * counts[truth])
    return np.asarray(1 / np.clip(fair**BALANCE, 0.05, 20.0), dtype=np.float64)


def _remarks(
    model: TriageModel,
    machine: _Machine,
    truth: NDArray[np.intp],
    fold: NDArray[np.intp],
    groups: NDArray[np.intp],
) -> dict[str, Any]:
    counts = np.bincount(truth, minlength=len(model.labels))
    return {
        "folds": len(np.unique(fold)),
        "near_duplicates": len(truth) - len(np.unique(groups)),
        "prior_strengths": list(machine.strengths),
        "ridge": machine.ridge,
        "sharpness": model.sharpness,
        "doubt": model.doubt,
        "odds": [model.odds_factor, model.odds_power],
        "threshold": model.threshold,
        "ngrams": model.vectoriser.size,
        "classes_without_texts": [
            label for label, count in zip(model.labels, counts, strict=True) if not count
        ],
        "fingerprint": model.fingerprint,
    }


def fingerprint_of(
    titles: Texts,
    texts: Texts,
    labels: Texts,
    sources: Sequence[Priors],
    unlabelled: Pairs | None,
) -> str:
    digest = hashlib.sha256()
    for row in zip(titles, texts, labels, strict=True):
        digest.update(json.dumps(row).encode())
    for said in sources:
        for label in sorted(said):
            digest.update(json.dumps([label, *said[label]]).encode())
    for pair in unlabelled or ():
        digest.update(json.dumps(pair).encode())
    return digest.hexdigest()
