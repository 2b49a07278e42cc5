"""When a failed job is tried again: a pure decision."""

from __future__ import annotations

BASE_S, CAP_S = 5.0, 3_600.0


def backoff_s(attempts: int, draw: float) -> float:
    """Seconds until the next attempt: 5, 10, 20 ... 3600, each -25 % to +25 %.

    Args:
        attempts: attempts made so far, >= 1.
        draw: a random number in [0, 1); it spreads jobs that failed together.
    Example: >>> backoff_s(3, 0.5)
        20.0
    """
    plain = min(CAP_S, BASE_S * 2.0 ** min(attempts - 1, 20))
    return plain * (0.75 + draw / 2)
