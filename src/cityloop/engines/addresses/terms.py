"""From names to terms of an index, and from searches to the terms that must be there.

A name is entered by every two characters at most one apart, so that one wrong, missing or added
character still leaves pairs that agree; the same for its syllables; by every three letters of its
sound and of its English name; by the beginnings of its initials. A term is a 32-bit number, one
form for both databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from zlib import crc32

from cityloop.engines.addresses.parts import letters_of
from cityloop.engines.addresses.plain import is_hanzi, plain
from cityloop.engines.addresses.sounds import blurred

LONGEST = 16  # characters, syllables: of a longer name or search the rest is not needed to find it
_LETTERS = 28
_TELLING = 6  # threes of letters that few names share
Terms = tuple[int, ...]


def name_terms(name_zh: str, sound: str, name_en: str) -> list[int]:
    """All terms of a name, sorted.

    Args:
        sound: its syllables by blanks, as `sounds.sound_of` gives them.
    """
    found: set[str] = set()
    hanzi = _hanzi(name_zh)
    found.update(f"^{hanzi[:n]}" for n in (1, 2) if len(hanzi) >= n)
    found.update(_near_pairs(hanzi))
    syllables = [blurred(s) for s in sound.split()][:LONGEST]
    found.update(_near_pairs(syllables))
    initials = "".join(s[0] for s in sound.split())
    found.update(f"i{initials[:n]}" for n in range(2, min(len(initials), 8) + 1))
    for letters in (sound.replace(" ", ""), letters_of(name_en), letters_of(name_zh)):
        found.update(_three(letters))
        if letters:
            found.add(f"^{letters[:2]}")
    return sorted(number(term) for term in found)


def asked_terms(name: str, sound: str = "") -> list[list[Terms]]:
    """Ways to find a searched name, the surest first: of each step any one group must be there.

    Args:
        sound: syllables of `name`; with them names that sound alike are found.
    """
    hanzi, letters = _hanzi(name), letters_of(name)[:_LETTERS]
    steps = _hanzi_steps(hanzi, sound) if hanzi else []
    if letters and not hanzi:
        steps = _letter_steps(letters)
    return [[tuple(map(number, group)) for group in step if group] for step in steps if any(step)]


def number(term: str) -> int:
    """A term as a signed 32-bit number."""
    value = crc32(term.encode("utf-8", "replace"))
    return value - (1 << 32) if value >= 1 << 31 else value


def _hanzi_steps(hanzi: str, sound: str) -> list[list[list[str]]]:
    if len(hanzi) == 1:
        return [[[f"^{hanzi}"]]]
    exact = list(_pairs(hanzi))
    syllables = [blurred(s) for s in sound.split()][:LONGEST]
    steps = [[[f"^{hanzi[:2]}", *exact]], [exact, list(_pairs(syllables))]]
    if len(hanzi) > 2:
        heard = [group for group in _with_one_wrong(syllables) if len(group) > 1]
        steps.append([*_with_one_wrong(hanzi), *heard])
    return steps


def _with_one_wrong(units: Sequence[str]) -> list[list[str]]:
    """Pairs that are left when one unit is wrong, whichever; of a long name a third is let go."""
    n = len(units)
    if n <= 6:
        return [list(_pairs([*units[:k], *units[k + 1 :]])) for k in range(n)]
    third = -(-n // 3)
    cuts = range(0, n, third)
    return [[*_pairs(units[:k]), *_pairs(units[k + third :])] for k in cuts]


def _letter_steps(letters: str) -> list[list[list[str]]]:
    if len(letters) < 3:
        return [[[f"^{letters}"], [f"i{letters}"]]] if len(letters) == 2 else []
    three = list(_three(letters))
    steps = [[[f"^{letters[:2]}", *three], [f"i{letters[:8]}"]]]
    return [*steps, _with_one_slip(letters) if len(letters) >= 7 else [three]]


def _with_one_slip(letters: str) -> list[list[str]]:
    """What is left whole of a word when the finger slips, wherever, or exchanges two letters."""
    part = max(3, -(-len(letters) // 5))
    found = []
    for k in range(0, len(letters) - 1, part - 1):
        whole = [*_three(letters[:k]), *_three(letters[k + part :])]
        if len(whole) > _TELLING:  # every second one tells as much, in half the time
            whole = whole[::2]
        elif whole and k >= 2:
            whole.append(f"^{letters[:2]}")
        found.append(whole)
    return found


def _hanzi(name: str) -> str:
    return "".join(c for c in plain(name) if is_hanzi(c))[:LONGEST]


def _pairs(units: Sequence[str]) -> Iterable[str]:
    return (f"{a}.{b}" for a, b in pairwise(units))


def _near_pairs(units: Sequence[str]) -> Iterable[str]:
    yield from _pairs(units)
    yield from (f"{a}.{b}" for a, b in zip(units, units[2:], strict=False))


def _three(letters: str) -> Iterable[str]:
    cut = letters[:_LETTERS]
    return (f"3{cut[i : i + 3]}" for i in range(len(cut) - 2))
