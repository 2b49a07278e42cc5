"""How well does a searched name fit a registered one? 1 = the same, 0 = nothing in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cityloop.engines.addresses.edits import BEGINNING, alike_by_edits, edits, heard_edits
from cityloop.engines.addresses.parts import letters_of
from cityloop.engines.addresses.plain import is_hanzi, plain
from cityloop.engines.addresses.sounds import blurred, sound_of

_WITHIN = 0.8  # words from the middle of a name
_INITIALS = 0.8
_ENDINGS = (
    "社区居委会", "街道办事处", "居委会", "小区", "片区", "社区", "街道", "大厦", "花园", "苑",
)  # fmt: skip
_SHORTER = 0.97  # 永安里 for 永安里小区
_ROADS = (("大街", "街"), ("大道", "路"), ("胡同", "巷"), ("街", "路"))
_OTHER_ROAD = 0.9
_HOPELESS = 0.3  # so little is never an answer: no need to know exactly how little


@dataclass(frozen=True, slots=True)
class Name:
    """A registered name. `sound`: its syllables by blanks."""

    zh: str
    en: str
    sound: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A searched name, read once: its Chinese characters, their sounds, its letters.

    `blurred`: the sounds without the differences that are often not heard.
    """

    hanzi: str
    sound: tuple[str, ...]
    letters: str
    blurred: tuple[str, ...]


def asked_name(name: str) -> Asked:
    """A searched name, ready to be compared."""
    hanzi = "".join(c for c in plain(name) if is_hanzi(c) or (c.isdigit() and _has_hanzi(name)))
    sound = tuple(sound_of(hanzi).split())
    if len(sound) != len(hanzi):  # a digit among them has no sound
        sound = tuple(hanzi)
    letters = "" if hanzi else letters_of(name)
    return Asked(hanzi, sound, letters, tuple(map(blurred, sound)))


def likeness(asked: Asked, name: Name) -> float:
    """0 to 1. Shortened names, beginnings, one wrong character and initials are allowed for."""
    if asked.hanzi:
        forms = _written(name.zh, name.sound)
        found = max(form.sure * _as_part(asked.hanzi, form.zh) for form in forms)
        if found >= BEGINNING * 0.6:
            return found
        mistaken = max(form.sure * _with_mistakes(asked, form) for form in forms)
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


@dataclass(frozen=True, slots=True)
class Form:
    """A way a name is written, its sounds, and how sure it still is."""

    zh: str
    sound: tuple[str, ...]
    blurred: tuple[str, ...]
    sure: float


def _form(zh: str, sound: tuple[str, ...], sure: float) -> Form:
    return Form(zh, sound, tuple(map(blurred, sound)), sure)


@lru_cache(maxsize=16_384)
def _written(zh: str, sound: str) -> tuple[Form, ...]:
    """The ways a name is written: without its ending, its road called by another word."""
    full = "".join(c for c in plain(zh) if is_hanzi(c) or c.isdigit())
    heard = tuple(sound.split())
    heard = heard if len(heard) == len(full) else tuple(full)
    found = [_form(full, heard, 1.0)]
    for ending in _ENDINGS:
        if full.endswith(ending) and len(full) > len(ending) + 1:
            core = len(full) - len(ending)
            found.append(_form(full[:core], heard[:core], _SHORTER))
            break
    for one, other in _ROADS:
        if full.endswith(one) and len(full) > len(one) + 1:
            core = len(full) - len(one)
            found.append(_form(full[:core] + other, heard[:core] + tuple(other), _OTHER_ROAD))
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
        return BEGINNING * (0.6 + 0.4 * share)
    return _WITHIN * (0.6 + 0.4 * share) if len(asked) > 1 and asked in zh else 0.0


def _with_mistakes(asked: Asked, form: Form) -> float:
    common = sum(c in form.zh for c in asked.hanzi) + sum(s in form.sound for s in asked.sound)
    if common < len(asked.hanzi) * 0.4:  # not worth the closer look
        return 0.0
    m, n = len(asked.hanzi), len(form.zh)
    # All that sounds alike taken as equal, or nothing: where both agree nothing is left to weigh.
    fewest, most = edits(asked.blurred, form.blurred), edits(asked.hanzi, form.zh)
    fits = alike_by_edits(fewest, m, n)
    if fits <= _HOPELESS or fits == alike_by_edits(most, m, n):
        return fits
    one = (asked.hanzi, asked.sound, asked.blurred)
    return alike_by_edits(heard_edits(one, (form.zh, form.sound, form.blurred)), m, n)


def has_mistakes(asked: Asked, name: Name) -> bool:
    """Whether a name fits only if something in the search is wrong."""
    if asked.hanzi:
        forms = _written(name.zh, name.sound)
        return not any(_as_part(asked.hanzi, f.zh) for f in forms if f.sure > _OTHER_ROAD)
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
        return BEGINNING * (0.6 + 0.4 * share)
    found = _WITHIN * (0.6 + 0.4 * share) if len(asked) > 3 and asked in letters else 0.0
    return max(found, alike_by_edits(edits(asked, letters), len(asked), len(letters)))
