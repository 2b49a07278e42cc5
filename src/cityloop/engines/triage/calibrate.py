"""From margins to probabilities that hold, and to the threshold above which no person is needed."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

FLOATS = NDArray[np.floating]
NEVER = 2.0
"""A threshold no probability reaches: everything goes to a person."""
FEWEST_ACCEPTED = 30
PRIOR = 5.0
DOUBTS = (0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3)


def probabilities(scores: FLOATS, sharpness: float, doubt: float = 0.0) -> NDArray[np.float32]:
    """Softmax of scores x sharpness (the inverse temperature), shape (n, classes), of which
    `doubt` is spread evenly over the classes: there are errors however clear a text seems."""
    scaled = np.asarray(scores, dtype=np.float32) * np.float32(sharpness)
    scaled -= scaled.max(axis=1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled *= np.float32(1 - doubt) / scaled.sum(axis=1, keepdims=True)
    if doubt:
        scaled += np.float32(doubt / scaled.shape[1])
    return scaled


def log_loss(scores: FLOATS, truth: NDArray[np.intp], sharpness: float) -> float:
    """Mean negative log probability of the true class, which is taken as true but for 2 / (n + 2).

    The doubt (Platt 1999) keeps texts that are all told apart from claiming certainty.
    """
    doubt = 2.0 / (len(truth) + 2.0)
    scaled = scores * sharpness
    top = scaled.max(axis=1)
    norm = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
    true = scaled[np.arange(len(truth)), truth]
    return float((norm - (1 - doubt) * true - doubt * scaled.mean(axis=1)).mean())


def fitted_sharpness(scores: FLOATS, truth: NDArray[np.intp]) -> float:
    """The sharpness with the least log loss on out-of-fold scores.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks (temperature scaling).
    """
    found = scipy.optimize.minimize_scalar(
        lambda log_sharpness: log_loss(scores, truth, float(np.exp(log_sharpness))),
        bounds=(-2.0, 4.0),
        method="bounded",
        options={"xatol": 1e-3},
    )
    return float(np.exp(found.x))


def fitted_doubt(scores: FLOATS, truth: NDArray[np.intp]) -> tuple[float, float]:
    """The sharpness and the doubt, one of DOUBTS, with the least log loss together.

    Where some texts are labelled otherwise than all their words say, sharpness alone would have
    to dull every answer for their sake.
    """
    own, found = np.arange(len(truth)), []
    least = 1.0 / (len(truth) + 2.0)

    def loss(log_sharpness: float, doubt: float) -> float:
        chance = probabilities(scores, float(np.exp(log_sharpness)), max(doubt, least))
        return float(-np.log(chance[own, truth]).mean())

    for doubt in DOUBTS:
        best = scipy.optimize.minimize_scalar(
            loss, args=(doubt,), bounds=(-2.0, 4.0), method="bounded", options={"xatol": 1e-2}
        )
        found.append((float(best.fun), float(np.exp(best.x)), max(doubt, least)))
    return min(found)[1:]


def with_odds(chance: FLOATS, factor: float, power: float) -> NDArray[np.float32]:
    """The odds of each likeliest class taken to `power` and times `factor`; the other classes
    share what is left as before. The likeliest stays the likeliest, and the order of all is kept.

    Args:
        chance: shape (n, classes), rows adding up to 1.
    """
    found = np.asarray(chance, dtype=np.float32)
    if (factor, power) == (1.0, 1.0) or found.shape[1] < 2:
        return found
    own, top = np.arange(len(found)), found.argmax(axis=1)
    first = _inner(found[own, top].astype(np.float64))
    odds = factor * (first / (1 - first)) ** power
    rest = 1 - first
    others = found.copy()
    others[own, top] = 0
    second = np.minimum(others.max(axis=1) / rest, 1.0)
    sure = np.maximum(odds / (1 + odds), second / (1 + second))
    out: NDArray[np.float32] = found * ((1 - sure) / rest)[:, None].astype(np.float32)
    out[own, top] = sure
    return out


def fitted_odds(chance: FLOATS, truth: NDArray[np.intp]) -> tuple[float, float]:
    """The factor and power for `with_odds` by which the likeliest class is right as often as said.

    Sharpness and doubt are those that make the labels of all classes likeliest; with many classes
    and few texts of each the likeliest class is then claimed too surely in the middle and too
    timidly at both ends. Drawn to no change as by PRIOR texts.
    Source: Platt 1999, Probabilistic outputs for support vector machines (on the top class alone).
    """
    first = _inner(chance.max(axis=1).astype(np.float64))
    right = (chance.argmax(axis=1) == truth).astype(np.float64)
    given = np.stack([np.ones_like(first), np.log(first / (1 - first))], axis=1)
    usual = np.array([0.0, 1.0])

    def loss(both: NDArray[np.float64]) -> float:
        said = given @ both
        errors = np.logaddexp(0.0, said) - right * said
        return float(errors.sum() + PRIOR / 2 * np.square(both - usual).sum())

    found = scipy.optimize.minimize(loss, usual, method="L-BFGS-B", bounds=[(-5, 5), (0.05, 5)])
    return float(np.exp(found.x[0])), float(found.x[1])


def _inner(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(chance, 1e-6, 1 - 1e-6)


def threshold_for(confidence: FLOATS, right: NDArray[np.bool_], accuracy: float) -> float:
    """The lowest confidence above which at least `accuracy` of the answers were right.

    Right by the lower end of Wilson's interval (one standard error), and with FEWEST_ACCEPTED
    above, so that a short lucky streak opens no door and the accuracy is mostly kept on other
    texts too. NEVER when there is no such confidence.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    count = np.arange(1, len(order) + 1)
    share = _lower_end(np.cumsum(right[order]) / count, count)
    good = share >= accuracy
    good[: FEWEST_ACCEPTED - 1] = False
    good[:-1] &= ranked[:-1] > ranked[1:]  # equal confidences are accepted together or not at all
    fits = np.flatnonzero(good)
    return float(ranked[fits[-1]]) if len(fits) else NEVER


def _lower_end(share: FLOATS, count: NDArray[np.integer]) -> FLOATS:
    """Lower end of Wilson's score interval at one standard error."""
    middle = share + 0.5 / count
    reach = np.sqrt(share * (1 - share) / count + 0.25 / count**2)
    return np.asarray((middle - reach) / (1 + 1 / count))


def accepted_across(
    confidence: FLOATS, right: NDArray[np.bool_], fold: NDArray[np.intp], accuracy: float
) -> NDArray[np.bool_]:
    """Which answers would be accepted, each fold by a threshold chosen on the other folds."""
    accepted = np.zeros(len(confidence), dtype=np.bool_)
    for index in np.unique(fold):
        mine = fold == index
        accepted[mine] = confidence[mine] >= threshold_for(
            confidence[~mine], right[~mine], accuracy
        )
    return accepted


def calibration_error(confidence: FLOATS, right: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Expected calibration error: |accuracy - mean confidence| over equal bins, by size."""
    place = np.minimum((confidence * bins).astype(np.intp), bins - 1)
    error = np.bincount(place, weights=right - confidence, minlength=bins)
    return float(np.abs(error).sum() / max(1, len(confidence)))


def pair_from(
    chance: FLOATS, truth: NDArray[np.intp], *, kept: float = 0.97, fewest: int = FEWEST_ACCEPTED
) -> float:
    """The highest probability of the second class from which naming it beside the first keeps
    the true class among those named in `kept` of the texts.

    Where even two classes always named do not reach that, all but half a point of what they
    reach. NEVER with fewer than `fewest` texts or two classes: nothing is known of pairs then.
    """
    if len(truth) < fewest or chance.shape[1] < 2:
        return NEVER
    order = np.argsort(-chance, axis=1, kind="stable")
    second = chance[np.arange(len(truth)), order[:, 1]]
    first_right = order[:, 0] == truth
    goal = min(kept, float((first_right | (order[:, 1] == truth)).mean()) - 0.005)
    by_second = np.sort(second[order[:, 1] == truth])[::-1]
    missing = int(np.ceil(goal * len(truth) - 1e-9)) - int(first_right.sum())
    return float(by_second[missing - 1]) if missing > 0 else NEVER
