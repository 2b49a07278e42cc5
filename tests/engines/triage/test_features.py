from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from cityloop.engines.triage import features
from cityloop.engines.triage.features import TAIL, TITLE_WEIGHT, Vectoriser, ngram_text
from cityloop.engines.triage.lookup import KeyTable
from cityloop.engines.triage.text import HAN, normalised, segments_of
from cityloop.kernel.errors import DomainError

from .samples import reports

CHARS = st.text(st.sampled_from("路灯坏了水abc de0，𠀀"), min_size=1, max_size=40)


def grams(text: str, triples: bool) -> list[str]:
    found = [*text, *(text[i : i + 2] for i in range(len(text) - 1))]
    if triples:
        threes = (text[i : i + 3] for i in range(len(text) - 2))
        found += [three for three in threes if max(map(ord, three)) < HAN]
    return found


def dense_pair(titles: list[str], bodies: list[str], triples: bool) -> tuple[np.ndarray, ...]:
    """Our rows and scikit-learn's, columns in the same order."""
    ours = Vectoriser.fit(titles, bodies, min_texts=1, triples=triples)

    def analyse(pair: tuple[str, str]) -> list[str]:
        title, body = map(normalised, pair)
        return grams(title, triples) * TITLE_WEIGHT + grams(body, triples)

    theirs = TfidfVectorizer(analyzer=analyse, sublinear_tf=True)
    rows = theirs.fit_transform(list(zip(titles, bodies, strict=True)))
    columns = [theirs.vocabulary_[ngram_text(int(key))] for key in ours.keys]
    assert len(columns) == rows.shape[1]
    return ours.rows(titles, bodies).toarray(), rows.toarray()[:, columns]


@settings(deadline=None)
@given(st.lists(CHARS, min_size=1, max_size=8))
def test_rows_equal_those_of_sklearn_char_ngrams(texts: list[str]) -> None:
    ours = Vectoriser.fit([""] * len(texts), texts, min_texts=1, triples=False)
    read = [normalised(text) for text in texts]
    if not any(read):
        return
    theirs = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False
    )
    wanted = theirs.fit_transform(read).toarray()
    columns = [theirs.vocabulary_[ngram_text(int(key))] for key in ours.keys]
    rows = ours.rows([""] * len(texts), texts).toarray()
    assert len(columns) == wanted.shape[1]
    np.testing.assert_allclose(rows, wanted[:, columns], atol=2e-6)


@pytest.mark.parametrize("triples", [False, True])
def test_rows_with_titles_equal_those_of_repeated_titles(triples: bool) -> None:
    titles, bodies, _ = reports(40)
    ours, wanted = dense_pair(titles, bodies, triples)
    np.testing.assert_allclose(ours, wanted, atol=2e-6)


def test_english_rows_equal_those_of_sklearn_with_triples() -> None:
    texts = ["Street light out", "Pothole in the street", "Rat sighting 12 times", "noise"]
    ours, wanted = dense_pair(["", "Light", "", ""], texts, True)
    np.testing.assert_allclose(ours, wanted, atol=2e-6)


def test_rows_of_many_rounds_equal_rows_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    titles, bodies, _ = reports(50)
    vectoriser = Vectoriser.fit(titles, bodies)
    whole = vectoriser.rows(titles, bodies)
    monkeypatch.setattr(features, "CHUNK", 7)
    assert (whole != vectoriser.rows(titles, bodies)).nnz == 0


def test_rows_have_length_one_or_zero() -> None:
    titles, bodies, _ = reports(20)
    rows = Vectoriser.fit(titles, bodies).rows(["", "", "x"], ["", "ΩΩΩ", "路灯"])
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert norms == pytest.approx([0, 0, 1], abs=1e-6)


def test_fit_keeps_most_frequent_and_all_of_the_phrases() -> None:
    texts = ["路灯坏了", "路灯不亮", "路灯"]
    kept = Vectoriser.fit([""] * 3, texts, always=["井盖"], max_size=3)
    assert {ngram_text(int(key)) for key in kept.keys} == {"路", "灯", "路灯", "井", "盖", "井盖"}


def test_fit_without_any_text_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        Vectoriser.fit([""], [""])
    assert refused.value.code == "triage.no_text"


@given(st.sets(st.integers(1, 2**62), max_size=300), st.lists(st.integers(1, 2**62), max_size=50))
def test_key_table_finds_each_key_and_no_other(keys: set[int], others: list[int]) -> None:
    ordered = np.array(sorted(keys), dtype=np.int64)
    table = KeyTable(ordered)
    assert table.columns(ordered).tolist() == list(range(len(keys)))
    place = {key: index for index, key in enumerate(ordered.tolist())}
    wanted = [place.get(key, len(keys)) for key in others]
    assert table.columns(np.array(others, dtype=np.int64)).tolist() == wanted


def test_even_rows_give_title_and_body_the_same_weight_and_the_end_some_more() -> None:
    titles, bodies, none = ["路灯", "", "水"], ["污水直排" * 9, "占道经营", ""], [""] * 3
    words = Vectoriser.fit(titles, bodies, min_texts=1)
    even = words.both(titles, bodies).even
    wanted = (words.rows(titles, none) + words.rows(none, bodies) * (1 + TAIL)).toarray()
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    np.testing.assert_allclose(even.toarray(), wanted, atol=1e-6)
    long = "污水直排河道，" * 30
    bodies = [f"井盖{long}", f"{long}井盖"]
    first, last = words.fit(titles[:2], bodies, min_texts=1).both(["", ""], bodies).even.toarray()
    shared = (first > 0) & (last > 0)
    assert (last[shared] / first[shared]).max() > 1.2


def test_pairs_of_han_and_triples_of_letters_tell_something() -> None:
    keys, _ = features.ngrams(segments_of([""], ["水管abc，1"]), triples=True)
    told = [ngram_text(int(key)) for key in keys[features.tells(keys)]]
    assert told == ["水管", "abc", "bc,", "c,0"]
