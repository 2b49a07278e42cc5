"""Character n-grams as TF-IDF rows, in arrays from end to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from cityloop.engines.triage.lookup import KEYS, KeyTable
from cityloop.engines.triage.text import HAN, Segments, segments_of
from cityloop.kernel.errors import DomainError

TITLE_WEIGHT = 5
"""A title counts as if written five times (measured: docs/algorithms/triage.md)."""
TAIL, TAIL_CHARACTERS = 0.3, 150
"""What the end of a text counts beside title and text: there stands what is asked for."""
CHUNK = 512
"""Texts per round: the arrays of a round stay in the processor's cache."""
_BITS = 21  # a code point + 1 fits, so three of them make one positive 64-bit key
_ONE = np.int64(1)


@dataclass(frozen=True, slots=True)
class Rows:
    """Two weightings of the same n-grams (same indices), rows of length 1.

    whole: counts of title and body in one, the title TITLE_WEIGHT times; for comparing texts.
    even: title, body and TAIL x the end of the body, each of length 1, then added, so that a long
    body does not drown its title nor a long title a short body; what the linear part learns from.
    length: what the rows of `whole` were divided by, shape (texts,).
    """

    whole: sp.csr_matrix
    even: sp.csr_matrix
    length: NDArray[np.float32]

    def __getitem__(self, part: Any) -> Rows:
        return Rows(self.whole[part], self.even[part], self.length[part])


class Vectoriser:
    """TF-IDF over characters and pairs of characters; outside Han also over triples.

    The rows equal those of scikit-learn's TfidfVectorizer(analyzer="char", ngram_range=(1, 2),
    sublinear_tf=True), with title x TITLE_WEIGHT + body as its text and no pair across the seam.
    """

    def __init__(
        self,
        keys: KEYS,
        idf: NDArray[np.float32],
        *,
        triples: bool = True,
        even: bool = True,
        tail: float = TAIL,
    ) -> None:
        """even=False: a model from before rows were evened out, both weightings are `whole`;
        tail=0: one from before the end of a text counted more."""
        self.keys, self.idf, self.triples, self.even, self.tail = keys, idf, triples, even, tail
        self._table = KeyTable(keys)
        self._idf = np.append(idf, np.float32(0))

    @property
    def size(self) -> int:
        return len(self.keys)

    def columns(self, keys: KEYS) -> NDArray[np.int32]:
        """Column of each n-gram key, `size` where it is unknown."""
        return self._table.columns(keys)

    def rows(self, titles: Sequence[str], bodies: Sequence[str]) -> sp.csr_matrix:
        """L2-normalised rows, float32, shape (texts, size); unknown n-grams are left out."""
        return self.both(titles, bodies).whole

    def both(self, titles: Sequence[str], bodies: Sequence[str]) -> Rows:
        """Both weightings of the texts, shape (texts, size)."""
        parts = [self.both_of(part) for part in chunks_of(titles, bodies)]
        if not parts:
            nothing = sp.csr_matrix((0, self.size), dtype=np.float32)
            return Rows(nothing, nothing, np.empty(0, np.float32))
        if len(parts) == 1:
            return parts[0]
        whole = sp.vstack([part.whole for part in parts], format="csr")
        even = sp.vstack([part.even for part in parts], format="csr")
        return Rows(whole, even, np.concatenate([part.length for part in parts]))

    def both_of(self, segments: Segments) -> Rows:
        """Both weightings of texts already normalised."""
        keys, owner = ngrams(segments, triples=self.triples, owner=_parts(segments))
        width = self.size + 1  # the last column collects what is unknown
        cell = (owner >> 2).astype(np.int64) * width + self._table.columns(keys)
        cell = _smallest((cell << 2) | (owner & 3), segments.texts * width * 4)
        cell.sort()
        place = cell >> 2
        new = np.concatenate(([True], place[1:] != place[:-1]))[: len(place)]
        first = np.flatnonzero(new)
        by_part = (np.cumsum(new) - 1) * 3 + (cell & 3)
        counts = np.bincount(by_part, minlength=3 * len(first)).reshape(-1, 3)
        row = place[first] // width
        column = place[first] - row * width
        known = column < self.size
        return self._weighted(row[known], column[known], counts[known].T, segments.texts)

    def _weighted(
        self,
        row: NDArray[np.integer],
        column: NDArray[np.integer],
        counts: NDArray[np.int64],
        texts: int,
    ) -> Rows:
        """counts: of each n-gram of each text in title, body but for its end, end of the body."""
        idf = self._idf[column]
        title, body, tail = counts[0], counts[1] + counts[2], counts[2]
        data = _dampened(TITLE_WEIGHT * title + body) * idf
        length = _lengths(data, row, texts)
        shape = (texts, self.size)
        indptr = np.searchsorted(row, np.arange(texts + 1))
        whole = _csr(data / length[row], column.astype(np.int32), indptr, shape)
        if not self.even:
            return Rows(whole, whole, length)
        data = _unit(_dampened(title) * idf, row, texts) + _unit(_dampened(body) * idf, row, texts)
        if self.tail:
            data += np.float32(self.tail) * _unit(_dampened(tail) * idf, row, texts)
        even = _csr(_unit(data, row, texts), whole.indices, whole.indptr, shape)
        return Rows(whole, even, length)

    @classmethod
    def fit(
        cls,
        titles: Sequence[str],
        bodies: Sequence[str],
        *,
        always: Sequence[str] = (),
        min_texts: int = 2,
        max_size: int = 60_000,
        triples: bool = True,
    ) -> Vectoriser:
        """The n-grams that occur in `min_texts` texts or more, the most frequent `max_size`.

        The n-grams of the phrases in `always` are kept in any case and each phrase counts as a
        text. idf = ln((1 + texts) / (1 + texts with the n-gram)) + 1, as in scikit-learn.
        Raises: DomainError("triage.no_text") when no n-gram is left.
        """
        keys, frequency = _text_frequency(titles, bodies, triples=triples)
        kept_keys, kept_frequency = _text_frequency([""] * len(always), always, triples=triples)
        frequency = frequency + _values_at(kept_keys, kept_frequency, keys)
        wanted = np.flatnonzero(frequency >= min_texts)
        if len(wanted) > max_size:
            often = np.argsort(-frequency[wanted], kind="stable")[:max_size]
            wanted = np.sort(wanted[often])
        keys, frequency = keys[wanted], frequency[wanted]
        new = ~np.isin(kept_keys, keys)
        order = np.argsort(np.append(keys, kept_keys[new]))
        keys = np.append(keys, kept_keys[new])[order]
        frequency = np.append(frequency, kept_frequency[new])[order]
        if not len(keys):
            raise DomainError(
                "triage.no_text",
                f"No n-gram occurs in {min_texts} texts or more: give more texts, or phrases.",
                f"没有任何字词出现在至少 {min_texts} 条文本中：请提供更多文本或类别说明。",
                where="texts",
            )
        texts = len(bodies) + len(always)
        idf = np.log((1 + texts) / (1 + frequency)) + 1
        return cls(keys, idf.astype(np.float32), triples=triples)


def _dampened(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """1 + ln(count), 0 where there is none; a look-up, as most counts are small."""
    known = np.zeros(int(counts.max(initial=0)) + 1, dtype=np.float32)
    known[1:] = 1 + np.log(np.arange(1, len(known), dtype=np.float32))
    return known[counts]


def _unit(
    data: NDArray[np.float32], owner: NDArray[np.integer], owners: int
) -> NDArray[np.float32]:
    """Values divided by the length of all that their owner has (0 stays 0)."""
    length = np.maximum(_lengths(data, owner, owners), np.float32(1e-12))
    return np.asarray(data / length[owner], dtype=np.float32)


def _lengths(
    data: NDArray[np.float32], owner: NDArray[np.integer], owners: int
) -> NDArray[np.float32]:
    squares = np.bincount(owner, weights=data * data, minlength=owners)
    return np.asarray(np.sqrt(squares), dtype=np.float32)


def _parts(segments: Segments) -> NDArray[np.int32]:
    """Of each character: 4 x its text, + 0 in the title, 1 in the body, 2 at the body's end."""
    segment = segments.segment
    ends = np.cumsum(np.bincount(segment, minlength=2 * segments.texts))
    is_body = segment & 1
    at_end = is_body & (ends[segment] - np.arange(len(segment)) <= TAIL_CHARACTERS)
    return ((segment >> 1) << 2) + is_body + at_end.astype(np.int32)


def ngrams(
    segments: Segments, *, triples: bool, owner: NDArray[np.int32] | None = None
) -> tuple[KEYS, NDArray[np.int32]]:
    """Keys of all n-grams, with the owner of each one's first character: its segment when not
    given; none spans two segments."""
    codes = segments.codes.astype(np.int64) + _ONE
    segment = segments.segment if owner is None else owner
    two, three = _starts(segments, triples=triples)
    pairs = (codes[:-1] << _BITS) | codes[1:]
    keys, owners = [codes, pairs[two]], [segment, segment[:-1][two]]
    if len(three):
        keys.append((pairs[three] << _BITS) | codes[three + 2])
        owners.append(segment[three])
    return np.concatenate(keys), np.concatenate(owners)


def ngram_places(segments: Segments, *, triples: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First character and length of each n-gram, in the order of `ngrams`."""
    two, three = _starts(segments, triples=triples)
    starts = [np.arange(len(segments.codes)), np.flatnonzero(two), three]
    lengths = np.repeat([1, 2, 3], [len(part) for part in starts])
    return np.concatenate(starts), lengths


def _starts(segments: Segments, *, triples: bool) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Where pairs start (as a mask) and where triples outside Han do (as indices)."""
    same = segments.segment[1:] == segments.segment[:-1]
    if not triples or len(same) < 2:
        return same, np.empty(0, np.intp)
    plain = segments.codes < HAN
    within = same[:-1] & same[1:]
    return same, np.flatnonzero(plain[:-2] & plain[1:-1] & plain[2:] & within)


def tells(keys: KEYS) -> NDArray[np.bool_]:
    """Which n-grams can carry a meaning by themselves: pairs of Han, triples of other letters."""
    last, before = keys & ((1 << _BITS) - 1), (keys >> _BITS) & ((1 << _BITS) - 1)
    return np.asarray((keys >> (2 * _BITS) > 0) | ((before > HAN) & (last > HAN)))


def ngram_text(key: int) -> str:
    """The characters behind a key."""
    chars = ""
    while key:
        chars = chr((key & ((1 << _BITS) - 1)) - 1) + chars
        key >>= _BITS
    return chars


def chunks_of(titles: Sequence[str], bodies: Sequence[str]) -> Iterator[Segments]:
    """The texts, normalised, in rounds of at most CHUNK."""
    if len(titles) != len(bodies):
        segments_of(titles, bodies)  # refuses, with its reason
    for start in range(0, len(bodies), CHUNK):
        yield segments_of(titles[start : start + CHUNK], bodies[start : start + CHUNK])


def _text_frequency(
    titles: Sequence[str], bodies: Sequence[str], *, triples: bool
) -> tuple[KEYS, NDArray[np.int64]]:
    """Distinct keys, ascending, and in how many texts each occurs."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    waiting: list[KEYS] = []
    for segments in chunks_of(titles, bodies):
        found, owner = ngrams(segments, triples=triples)
        distinct, place = np.unique(found, return_inverse=True)
        cell = np.unique((owner.astype(np.int64) >> 1) * len(distinct) + place)
        waiting.append(distinct[cell % max(1, len(distinct))])
        if sum(map(len, waiting)) > 4_000_000:
            keys, counts = _merged(keys, counts, waiting)
            waiting = []
    return _merged(keys, counts, waiting)


def _merged(
    keys: KEYS, counts: NDArray[np.int64], more: list[KEYS]
) -> tuple[KEYS, NDArray[np.int64]]:
    distinct, place = np.unique(np.concatenate([keys, *more]), return_inverse=True)
    weights = np.concatenate([counts, *(np.ones(len(part), np.int64) for part in more)])
    total = np.bincount(place, weights=weights, minlength=len(distinct))
    return distinct, total.astype(np.int64)


def _values_at(keys: KEYS, values: NDArray[np.int64], wanted: KEYS) -> NDArray[np.int64]:
    """values of `wanted` keys (0 where absent); keys ascending."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)


def _smallest(cell: NDArray[np.int64], limit: int) -> NDArray[np.int64] | NDArray[np.int32]:
    """32 bits where they do: they sort twice as fast."""
    return cell.astype(np.int32) if limit < 2**31 else cell


def _csr(
    data: NDArray[np.float32],
    indices: NDArray[np.int32],
    indptr: NDArray[np.int64],
    shape: tuple[int, int],
) -> sp.csr_matrix:
    matrix = sp.csr_matrix((data, indices, indptr.astype(np.int32)), shape=shape, copy=False)
    matrix.has_sorted_indices = True
    matrix.has_canonical_format = True
    return matrix
