"""How well does a searched name fit a registered one? 1 = the same, 0 = nothing in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cityloop.engines.addresses.parts import letters_of
from cityloop.engines.addresses.plain import is_hanzi, plain
from cityloop.engines.addresses.sounds import blurred, sound_of

_SAME_SOUND, _NEAR_SOUND = 0.25, 0.4  # of a wrong character that sounds right, or nearly right
_BEGINNING = 0.94  # a beginning that fits, before its missing rest is counted
_WITHIN = 0.8  # words from the middle of a name
_INITIALS = 0.8
_ENDINGS = (
    "社区居委会", "街道办事处", "居委会", "小区", "片区", "社区", "街道", "大厦", "花园", "苑",
)  # fmt: skip
_SHORTER = 0.97  # 永安里 for 永安里小区
_ROADS = (("大街", "街"), ("大道", "路"), ("胡同", "巷"), ("街", "路"))
_OTHER_ROAD = 0.9
_BAND = 5
Wrong = Callable[[int, int], float]  # what it costs that these two characters differ


@dataclass(frozen=True, slots=True)
class Name:
    """A registered name. `sound`: its syllables by blanks."""

    zh: str
    en: str
    sound: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A searched name, read once: its Chinese characters, their sounds, its letters."""

    hanzi: str
    sound: tuple[str, ...]
    letters: str


def asked_name(name: str) -> Asked:
    """A searched name, ready to be compared."""
    hanzi = "".join(c for c in plain(name) if is_hanzi(c) or (c.isdigit() and _has_hanzi(name)))
    sound = tuple(sound_of(hanzi).split())
    if len(sound) != len(hanzi):  # a digit among them has no sound
        sound = tuple(hanzi)
    return Asked(hanzi, sound, "" if hanzi else letters_of(name))


def likeness(asked: Asked, name: Name) -> float:
    """0 to 1. Shortened names, beginnings, one wrong character and initials are allowed for."""
    if asked.hanzi:
        forms = _written(name.zh, name.sound)
        found = max(sure * _as_part(asked.hanzi, zh) for zh, _, sure in forms)
        if found >= _BEGINNING * 0.6:
            return found
        mistaken = max(sure * _with_mistakes(asked, zh, sound) for zh, sound, sure in forms)
        return max(found, mistaken)
    if not asked.letters:
        return 0.0
    sound = name.sound.replace(" ", "")
    fits = [_of_letters(asked.letters, sound), _of_letters(asked.letters, letters_of(name.en))]
    if not _has_hanzi(name.zh):
        fits.append(_of_letters(asked.letters, letters_of(name.zh)))
    initials = "".join(s[0] for s in name.sound.split())
    if len(asked.letters) > 1 and initials.startswith(asked.letters):
        fits.append(_INITIALS * (0.5 + 0.5 * len(asked.letters) / len(initials)))
    return max(fits)


def _has_hanzi(text: str) -> bool:
    return any(map(is_hanzi, text))


Form = tuple[str, tuple[str, ...], float]


@lru_cache(maxsize=16_384)
def _written(zh: str, sound: str) -> tuple[Form, ...]:
    """The ways a name is written, each with its sounds and how sure it still is: without its
    ending, its road called by another word."""
    full = "".join(c for c in plain(zh) if is_hanzi(c) or c.isdigit())
    heard = tuple(sound.split())
    heard = heard if len(heard) == len(full) else tuple(full)
    found: list[Form] = [(full, heard, 1.0)]
    for ending in _ENDINGS:
        if full.endswith(ending) and len(full) > len(ending) + 1:
            core = len(full) - len(ending)
            found.append((full[:core], heard[:core], _SHORTER))
            break
    for one, other in _ROADS:
        if full.endswith(one) and len(full) > len(one) + 1:
            core = len(full) - len(one)
            found.append((full[:core] + other, heard[:core] + tuple(other), _OTHER_ROAD))
            break
    return tuple(found)


def _as_part(asked: str, zh: str) -> float:
    """The whole, its beginning, or words from its middle; 0 where it is none of these."""
    if not zh:
        return 0.0
    if asked == zh:
        return 1.0
    share = len(asked) / len(zh)
    if zh.startswith(asked):
        return _BEGINNING * (0.6 + 0.4 * share)
    return _WITHIN * (0.6 + 0.4 * share) if len(asked) > 1 and asked in zh else 0.0


def _with_mistakes(asked: Asked, zh: str, sound: tuple[str, ...]) -> float:
    common = sum(c in zh for c in asked.hanzi) + sum(heard in sound for heard in asked.sound)
    if common < len(asked.hanzi) * 0.4:  # not worth the closer look
        return 0.0

    def wrong(i: int, j: int) -> float:
        if asked.hanzi[i] == zh[j]:
            return 0.0
        if asked.sound[i] == sound[j]:
            return _SAME_SOUND
        return _NEAR_SOUND if blurred(asked.sound[i]) == blurred(sound[j]) else 1.0

    return _by_edits(asked.hanzi, zh, wrong)


def has_mistakes(asked: Asked, name: Name) -> bool:
    """Whether a name fits only if something in the search is wrong."""
    if asked.hanzi:
        forms = _written(name.zh, name.sound)
        return not any(_as_part(asked.hanzi, zh) for zh, _, sure in forms if sure > _OTHER_ROAD)
    initials = "".join(s[0] for s in name.sound.split())
    letters = (name.sound.replace(" ", ""), letters_of(name.en), letters_of(name.zh), initials)
    return not any(asked.letters in one for one in letters)


def _of_letters(asked: str, letters: str) -> float:
    if not letters:
        return 0.0
    if asked == letters:
        return 1.0
    share = len(asked) / len(letters)
    if letters.startswith(asked):
        return _BEGINNING * (0.6 + 0.4 * share)
    found = _WITHIN * (0.6 + 0.4 * share) if len(asked) > 3 and asked in letters else 0.0
    return max(found, _by_edits(asked, letters, None))


def _by_edits(asked: str, name: str, wrong: Wrong | None) -> float:
    """1 less the share of what had to be changed, in the whole name or in its beginning."""
    m, n = len(asked), len(name)
    if m < 2 or n < 2 or n > 4 * m + 8:
        return 0.0
    last = _distances(asked, name, wrong)
    whole = 1 - last[n] / max(m, n)
    begun = min(last[max(m - 1, 1) : m + 2], default=float(m))
    share = min(m / n, 1.0)
    found = max(whole, _BEGINNING * (1 - begun / m) * (0.6 + 0.4 * share))
    return max(found, 0.0) * 0.98


def _distances(asked: str, name: str, wrong: Wrong | None) -> Sequence[float]:
    """Edit distance, with neighbours exchanged as one, from `asked` to each beginning of name.

    Only along the diagonal: what is more than five characters off is no mistake but another name.
    """
    far = float(len(asked) + len(name))
    n = len(name)
    before: list[float] = []
    row = [float(j) if j <= _BAND else far for j in range(n + 1)]
    for i, character in enumerate(asked):
        following = [far] * (n + 1)
        if i < _BAND:
            following[0] = i + 1.0
        for j in range(max(0, i - _BAND), min(n, i + _BAND + 1)):
            if character == name[j]:
                best = row[j]
            else:
                best = row[j] + (1.0 if wrong is None else wrong(i, j))
            if row[j + 1] + 1 < best:  # noqa: PLR1730  min() takes three times as long
                best = row[j + 1] + 1
            if following[j] + 1 < best:  # noqa: PLR1730
                best = following[j] + 1
            if i and j and character == name[j - 1] and asked[i - 1] == name[j]:
                best = min(best, before[j - 1] + 1)
            following[j + 1] = best
        before, row = row, following
    return row
