"""Mistakes counted: from a searched name to a registered one, or to its beginning.

Wrong, missing and added characters count one, so do neighbours exchanged (Damerau's four). The
count of all rows of the table is kept in the bits of two numbers and stepped column by column: a
tenth of the time of the table itself, and the search counts some hundred names.
Source: Hyyro 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances".
"""

from __future__ import annotations

from collections.abc import Sequence

BEGINNING = 0.94  # a beginning that fits, before its missing rest is counted
_SAME_SOUND, _NEAR_SOUND = 0.25, 0.4  # of a wrong character that sounds right, or nearly right
_FAR = 5  # a name so many characters longer or shorter is no mistake but another name
Heard = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A name as its characters, their sounds, and these without what is often not heard."""


def edits(asked: Sequence[str], name: Sequence[str]) -> list[float]:
    """Mistakes from the whole of `asked` to each beginning of `name`: len(name) + 1 counts.

    Example: >>> edits("abc", "acbd")
        [3, 2, 2, 1, 2]
    """
    m = len(asked)
    if not m:
        return list(range(len(name) + 1))
    where: dict[str, int] = {}
    for i, character in enumerate(asked):
        where[character] = where.get(character, 0) | 1 << i
    whole, last = (1 << m) - 1, 1 << (m - 1)
    up, down, same, before, count = whole, 0, 0, 0, m
    counts: list[float] = [m]
    for character in name:
        here = where.get(character, 0)
        exchanged = ((~same & here) << 1) & before
        same = (((here & up) + up) ^ up | here | down | exchanged) & whole
        right, left = down | (~(same | up) & whole), same & up
        count += bool(right & last) - bool(left & last)
        counts.append(count)
        right, left = (right << 1 | 1) & whole, (left << 1) & whole
        up, down, before = left | (~(same | right) & whole), right & same, here
    return counts


def heard_edits(asked: Heard, name: Heard) -> list[float]:
    """The same, where a wrong character that sounds right, or nearly so, is a smaller mistake."""
    (hanzi, sound, blurred), (zh, heard, faint) = asked, name
    n = len(zh)
    before: list[float] = []
    row = [float(j) for j in range(n + 1)]
    for i, character in enumerate(hanzi):
        following = [i + 1.0] * (n + 1)
        for j in range(n):
            best = row[j]
            if character != zh[j]:
                near = _NEAR_SOUND if blurred[i] == faint[j] else 1.0
                best += _SAME_SOUND if sound[i] == heard[j] else near
            if row[j + 1] + 1 < best:  # noqa: PLR1730  min() takes three times as long
                best = row[j + 1] + 1
            if following[j] + 1 < best:  # noqa: PLR1730
                best = following[j] + 1
            if i and j and character == zh[j - 1] and hanzi[i - 1] == zh[j]:
                best = min(best, before[j - 1] + 1)
            following[j + 1] = best
        before, row = row, following
    return row


def alike_by_edits(counts: Sequence[float], m: int, n: int) -> float:
    """1 less the share of what had to be changed, in the whole name or in its beginning.

    Args:
        counts: as `edits` gives them, of a searched name of `m` and a name of `n` characters.
    """
    if m < 2 or n < 2 or n > 4 * m + 8:
        return 0.0
    whole = 1 - counts[n] / max(m, n) if abs(n - m) <= _FAR else 0.0
    begun = min(counts[max(m - 1, 1) : m + 2], default=float(m))
    share = min(m / n, 1.0)
    found = max(whole, BEGINNING * (1 - begun / m) * (0.6 + 0.4 * share))
    return max(found, 0.0) * 0.98
