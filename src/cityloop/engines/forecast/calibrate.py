"""Probabilities made honest by what came of earlier ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST, PRIOR = 1e-4, 30.0
BANDS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1.0)


def logit(chance: Floats) -> Floats:
    """Log odds, chances kept off 0 and 1."""
    kept = np.clip(chance, LEAST, 1 - LEAST)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


def fitted_scale(chance: Floats, happened: NDArray[np.bool_]) -> tuple[float, float]:
    """(a, b) of sigmoid(a + b·logit(chance)), drawn to (0, 1) where little is known.

    Source: Platt 1999, with a Gaussian prior (precision 30) on both.
    """
    x, y = logit(chance).ravel(), happened.ravel().astype(np.float64)
    theta, prior = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    design = np.stack([np.ones_like(x), x], axis=1)
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(design @ theta, -30, 30)))
        gradient = design.T @ (p - y) + PRIOR * (theta - prior)
        curve = (design * (p * (1 - p))[:, None]).T @ design + PRIOR * np.eye(2)
        step = np.linalg.solve(curve, gradient)
        theta = theta - step
        if np.abs(step).max() < 1e-8:
            break
    return float(theta[0]), float(max(theta[1], 0.05))


def scaled(chance: Floats, scale: tuple[float, float]) -> Floats:
    """Chances after a fitted scale; exact 0 and 1 stay."""
    said = 1 / (1 + np.exp(-np.clip(scale[0] + scale[1] * logit(chance), -30, 30)))
    return np.where((chance <= 0) | (chance >= 1), chance, said)


def scaled_forward(
    chance: Floats, happened: NDArray[np.bool_], *, each: int = 28, first: int = 28
) -> Floats:
    """Each stretch of days scaled by what came of the days before it alone; shape (days, cells).

    Args:
        each: days between two fits. first: days that stay as they are, for want of earlier ones.
    """
    found = chance.copy()
    for row in range(first, len(chance), each):
        scale = fitted_scale(chance[:row], happened[:row])
        found[row : row + each] = scaled(chance[row : row + each], scale)
    return found


def reliability(chance: Floats, happened: NDArray[np.bool_]) -> list[dict[str, float]]:
    """How often what was said with a probability came: one entry a band that was ever said.

    Returns: from, to (of the band), n (how often said), said (mean), came (share).
    """
    said, hit = chance.ravel(), happened.ravel()
    found = []
    for low, high in pairwise(BANDS):
        mine = (said >= low) & ((said < high) | (high == BANDS[-1]))
        if mine.any():
            found.append({
                "from": low, "to": high, "n": int(mine.sum()),
                "said": float(said[mine].mean()), "came": float(hit[mine].mean()),
            })  # fmt: skip
    return found


def average_precision(chance: Floats, happened: NDArray[np.bool_]) -> float:
    """Area under precision over recall; ties share their precision. 0 without an event."""
    score, hit = chance.ravel(), happened.ravel()
    if not hit.any():
        return 0.0
    order = np.argsort(-score, kind="stable")
    score, hit = score[order], hit[order].astype(np.float64)
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    hits = np.cumsum(hit)[last]
    gained = np.diff(np.concatenate([[0.0], hits]))
    return float((gained * hits / (last + 1)).sum() / hit.sum())


def calibration_error(chance: Floats, happened: NDArray[np.bool_], bins: int = 10) -> float:
    """Mean distance of said and realised shares, over bins of equal size."""
    order = np.argsort(chance.ravel(), kind="stable")
    score, hit = chance.ravel()[order], happened.ravel()[order]
    parts = np.array_split(np.arange(len(score)), bins)
    gaps = [abs(score[p].mean() - hit[p].mean()) * len(p) for p in parts if len(p)]
    return float(sum(gaps) / max(1, len(score)))
