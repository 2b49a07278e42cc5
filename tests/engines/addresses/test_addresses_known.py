"""Known names in texts, and how sure an answer is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.addresses import Evidence, KnownNames, apart, confidence, name_hash
from cityloop.engines.locating.words import tokens_of

word = st.text(alphabet="永安里清和花园", min_size=1, max_size=6)


@given(st.lists(word, max_size=5), st.text(alphabet="永安里清和花园x", max_size=20))
def test_spans_are_exactly_the_known_names_in_the_text(names: list[str], text: str) -> None:
    known = KnownNames([name_hash(tokens_of(n)) for n in names])
    tokens = tokens_of(text)
    wanted = {tokens_of(n) for n in names}
    expected = {
        (a, b)
        for a in range(len(tokens))
        for b in range(a + 1, len(tokens) + 1)
        if tokens[a:b] in wanted
    }
    assert {(a, b) for a, b, _ in known.spans(tokens)} == expected


def test_of_overlapping_names_the_longer_one_is_meant() -> None:
    known = KnownNames([name_hash(tokens_of(n)) for n in ("和平路", "和平路小学", "小学")])
    tokens = tokens_of("在和平路小学门口")
    assert [tokens[a:b] for a, b, _ in apart(known.spans(tokens))] == [tokens_of("和平路小学")]


def test_confidence_grows_with_what_speaks_for_an_answer() -> None:
    sure = Evidence(1.0, 0.5, 0, True, 1, 0, mistaken=False, length=5)
    weaker = [
        replace(sure, like=0.8),
        replace(sure, ahead=0.0, rivals=1),
        replace(sure, number=False),
        replace(sure, mistaken=True),
    ]
    assert confidence(sure) > 0.9
    assert all(confidence(one) < confidence(sure) for one in weaker)
    assert confidence(Evidence(0.5, 0.0, 3, False, 0, 1, mistaken=True, length=2)) < 0.1
