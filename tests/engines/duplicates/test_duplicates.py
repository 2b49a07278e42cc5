"""The same text again, and what to do with a pair."""

from __future__ import annotations

import random

from cityloop.engines.duplicates import Candidate, SameText, advise

WORDS = "永宁小区夜间施工噪音很大居民无法休息请有关部门尽快到现场处理并答复周边住户谢谢"


def text(seed: int, length: int = 120) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(WORDS) for _ in range(length))


def test_a_text_with_a_few_changes_is_the_same_and_others_are_not() -> None:
    kept = SameText()
    kept.add([text(i) for i in range(60)])
    changed = []
    for i in range(60):
        letters = list(text(i))
        letters[10] = letters[60] = "改"
        changed.append("您好，" + "".join(letters))
    found = kept.add(changed)
    right = [f[0][0] == i for i, f in enumerate(found) if f]
    assert sum(right) >= 57 and all(right)


def test_only_the_newest_texts_are_held_whatever_the_batches() -> None:
    kept = SameText(held=40)
    for start in range(0, 200, 10):
        kept.add([text(i) for i in range(start, start + 10)])
    assert kept.add([text(199)])[0][0] == (199, 1.0)
    assert kept.add([text(3)]) == [[]]
    whole, single = SameText(), SameText()
    texts = [text(i % 7) for i in range(30)]
    assert whole.add(texts) == [single.add([t])[0] for t in texts]


def test_a_form_that_thousands_fill_in_leads_to_the_newest() -> None:
    kept = SameText()
    for _ in range(6):
        kept.add([text(1)] * 100)
    found = kept.add([text(1)])[0]
    assert 50 <= len(found) <= 400 and max(n for n, _ in found) == 599


def test_texts_too_short_to_tell_are_never_the_same() -> None:
    kept = SameText()
    assert kept.add(["井盖坏了", "井盖坏了", ""]) == [[], [], []]


def candidate(**more: object) -> Candidate:
    plain = {"left": "永宁小区夜间施工", "right": "永宁小区施工噪音", "similarity": 0.2,
             "same_text": 0.1, "metres": 80.0, "hours": 5.0, "same_class": True}  # fmt: skip
    return Candidate(**{**plain, **more})  # type: ignore[arg-type]


def test_the_rule_attaches_what_is_sure_suggests_what_is_likely_separates_the_rest() -> None:
    assert advise(candidate()).verdict == "suggest"
    assert advise(candidate(similarity=0.4)).verdict == "attach"
    assert advise(candidate(same_text=0.95, metres=None, same_class=None)).verdict == "attach"
    assert advise(candidate(same_text=0.95, metres=None, same_class=False)).verdict == "suggest"
    assert advise(candidate(similarity=0.02)).verdict == "separate"
    assert advise(candidate(same_text=1.0, similarity=0.9, metres=5_000.0)).verdict == "separate"


def test_the_reasons_are_words_that_stand_in_both() -> None:
    said = advise(candidate())
    assert "永宁小区" in said.words
    assert all(w in candidate().left and w in candidate().right for w in said.words)
