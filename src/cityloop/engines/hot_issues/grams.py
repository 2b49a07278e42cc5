"""Texts → hashed grams: pairs of neighbouring characters, whole words elsewhere.

Chinese needs no word list: two characters that stand together are what a place or a matter is
recognised by. A run of Latin letters is one unit, alone and with its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.hot_issues.values import INTS
from cityloop.engines.triage.text import HAN, Segments, segments_of

SPACE_BITS = 21
SPACE_SIZE = 1 << SPACE_BITS
"""Titles have the ids below, title and body together those from here to twice as many."""
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True, slots=True)
class Grams:
    """Distinct grams of each text: `ids[starts[i]:starts[i + 1]]`, each `counts` times."""

    starts: INTS
    ids: INTS
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1


# What an operator writes before the matter: shared by reports that share nothing else.
_STOCK = re.compile(
    r"(?:来电|来信|来访|市民|群众|网友)人?(?:来电)?(?:反映|反应|咨询|投诉|举报|求助|表示|称)[:：，,]?"
)


def without_stock(text: str) -> str:
    """The text without the turns that operators begin with.

    Example: >>> without_stock("来电人反映路面污水漫溢")
    '路面污水漫溢'
    """
    return _STOCK.sub("", text)


def grams_of(titles: Sequence[str], bodies: Sequence[str], *, body_characters: int) -> Grams:
    """Grams of a batch; in the second space a title counts twice.

    Example: >>> len(grams_of(["井盖缺失"], [""], body_characters=200).ids)
    6
    """
    titles = [without_stock(title) for title in titles]
    cut = [without_stock(" ".join(body.split()))[:body_characters] for body in bodies]
    units, segment, latin = _units(segments_of(titles, cut))
    text, gram = _hashed(units, segment, latin)
    is_title = text % 2 == 0
    key = (text // 2) * (2 * SPACE_SIZE)
    keys = np.concatenate([key[is_title] + gram[is_title], key + SPACE_SIZE + gram])
    weight = np.concatenate([np.ones(int(is_title.sum())), np.where(is_title, 2.0, 1.0)])
    order = np.argsort(keys, kind="stable")
    keys, weight = keys[order], weight[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else order
    counts = np.add.reduceat(weight, first) if len(keys) else weight
    keys = keys[first]
    starts = np.searchsorted(keys // (2 * SPACE_SIZE), np.arange(len(titles) + 1))
    return Grams(starts.astype(np.int64), keys % (2 * SPACE_SIZE), counts.astype(np.float32))


@cache
def _is_word() -> NDArray[np.bool_]:
    return np.fromiter((chr(c).isalnum() for c in range(0x110000)), np.bool_, count=0x110000)


def _units(read: Segments) -> tuple[NDArray[np.uint64], INTS, NDArray[np.bool_]]:
    """Characters, with runs of Latin letters and digits as one unit, and 0 where words break."""
    codes, segment = read.codes, read.segment.astype(np.int64)
    if not len(codes):
        return codes.astype(np.uint64), segment, np.zeros(0, dtype=np.bool_)
    word = _is_word()[codes]
    latin = word & (codes < HAN)
    joins = np.zeros(len(codes), dtype=np.bool_)
    joins[1:] = latin[1:] & latin[:-1] & (segment[1:] == segment[:-1])
    first = np.flatnonzero(~joins)
    run = np.cumsum(~joins) - 1
    place = (np.arange(len(codes)) - first[run]).astype(np.uint64)
    value = (codes.astype(np.uint64) + np.uint64(1)) * (place * np.uint64(_MIX[0]) + np.uint64(1))
    units = np.add.reduceat(np.where(word, value, np.uint64(0)), first)
    return units, segment[first], latin[first]


def _hashed(
    units: NDArray[np.uint64], segment: INTS, latin: NDArray[np.bool_]
) -> tuple[INTS, INTS]:
    """(segment, gram id) of every pair of units, and of every Latin word."""
    a, b, c = (np.uint64(m) for m in _MIX)
    ok = units != 0
    two = ok[1:] & ok[:-1] & (segment[1:] == segment[:-1])
    mixed = np.concatenate([units[latin & ok] * c, (units[1:] * a + units[:-1] * b)[two]])
    mixed = (mixed ^ (mixed >> np.uint64(29))) * a
    where = np.concatenate([segment[latin & ok], segment[1:][two]])
    return where, (mixed >> np.uint64(64 - SPACE_BITS)).astype(np.int64)
