from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityloop.engines.triage import TriageModel, cold_start, train
from cityloop.engines.triage.explain import additions
from cityloop.engines.triage.priors import PriorIndex, WordShares
from cityloop.kernel.errors import DomainError

from .samples import PHRASES, reports

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)
ODD = ["", " ", "\x00\x00\x00", "😀😀😀😀", "𠀀𪚥𠮷", "\ud800", "\u202e\ufeff", "Ω" * 50]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), min_size=1, max_size=5))
def test_any_text_gets_ordered_probabilities(
    model: TriageModel, texts: list[tuple[str, str]]
) -> None:
    titles, bodies = [title for title, _ in texts], [body for _, body in texts]
    answer = model.predict(titles, bodies)
    assert answer.top.shape == answer.probability.shape == (len(texts), 3)
    assert np.isfinite(answer.probability).all()
    assert (np.diff(answer.probability, axis=1) <= 0).all()
    assert all(len(set(row)) == 3 for row in answer.top.tolist())
    assert (answer.probability.sum(axis=1) <= 1 + 1e-5).all()


@pytest.mark.parametrize("text", ODD)
def test_text_that_says_nothing_goes_to_a_person(model: TriageModel, text: str) -> None:
    eager = dataclasses.replace(model, threshold=0.0)
    assert not eager.predict([""], [text]).accepted[0]


def test_ten_million_characters_are_read_to_the_limit(model: TriageModel) -> None:
    long = "楼下饭店油烟很大，" * 1_200_000
    answer = model.predict([""], [long])
    assert model.labels[answer.top[0, 0]] == "环境"
    np.testing.assert_array_equal(
        answer.probability, model.predict([""], [long[:3_000]]).probability
    )


def test_answer_does_not_depend_on_the_batch(model: TriageModel) -> None:
    titles, texts, _ = reports(600, seed=8)
    whole = model.predict(titles, texts)
    for index in (0, 511, 512, 599):
        alone = model.predict([titles[index]], [texts[index]])
        assert alone.top[0].tolist() == whole.top[index].tolist()
        np.testing.assert_array_equal(alone.probability[0], whole.probability[index])


def test_accepted_is_probability_at_or_above_threshold(model: TriageModel) -> None:
    titles, texts, _ = reports(200, seed=8)
    middle = float(np.median(model.predict(titles, texts).probability[:, 0]))
    answer = dataclasses.replace(model, threshold=middle).predict(titles, texts)
    np.testing.assert_array_equal(answer.accepted, answer.probability[:, 0] >= middle)
    assert 0 < answer.accepted.sum() < 200


def test_no_text_gives_no_answer(model: TriageModel) -> None:
    answer = model.predict([], [])
    assert answer.top.shape == (0, 3)
    assert model.probabilities([], []).shape == (0, 4)


def test_two_classes_leave_the_third_place_empty() -> None:
    titles, texts, labels = reports(40)
    model, _ = train(titles, texts, ["交通" if x == "交通" else "其他" for x in labels], priors={})
    answer = model.predict(["红绿灯坏了"], ["路口经常堵车"])
    assert answer.top[0, 2] == -1
    assert answer.probability[0, 2] == 0


def test_many_classes_are_ranked_as_few_are() -> None:
    names = [f"{index:02d}" for index in range(40)]
    texts = [chr(0x5000 + 9 * int(name)) * 4 + "问题" for name in names for _ in range(2)]
    model, _ = train([""] * 80, texts, [n for n in names for _ in range(2)], priors={})
    answer = model.predict([""] * 80, texts)
    chance = model.probabilities([""] * 80, texts)
    np.testing.assert_array_equal(answer.top, np.argsort(-chance, axis=1, kind="stable")[:, :3])


def test_reasons_quote_the_words_that_decided(model: TriageModel) -> None:
    index = model.labels.index("环境")
    found = model.explain("楼下饭店油烟很大，请尽快处理", index, title="油烟扰民")
    assert any("油烟" in phrase for phrase, _ in found[:2])
    assert all(weight > 0 for _, weight in found)
    assert [w for _, w in found] == sorted((w for _, w in found), reverse=True)


def test_reasons_in_english_are_whole_words() -> None:
    texts = ["street light out", "lamp is dark", "loud music at night", "noise from a bar"] * 10
    model, _ = train([""] * 40, texts, ["lamp", "lamp", "noise", "noise"] * 10, priors={})
    found = model.explain("Loud music again", model.labels.index("noise"))
    assert {word for phrase, _ in found for word in phrase.split()} <= {"loud", "music", "again"}
    assert found[0][0] in ("loud", "music")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT, title=ANY_TEXT)
def test_reasons_of_any_text_stand_in_it(model: TriageModel, text: str, title: str) -> None:
    assert len(model.explain(text, 0, 4, title=title)) <= 4


def test_additions_sum_up_to_the_lead_of_the_class(model: TriageModel) -> None:
    assert model.prior_weights[0] > 0 and model.tally_weight > 0
    row = model.vectoriser.both(["路口堵车"], ["楼下饭店油烟很大，道路交通，车辆违停"])
    scores = model.scores_of(row)[0] - model.constant
    for index in range(4):
        lead = scores[index] - scores.mean()
        assert additions(model, row, index).sum() == pytest.approx(lead, abs=1e-4)


def test_reasons_count_a_repeated_word_once(model: TriageModel) -> None:
    text, index = "油烟，" * 40, model.labels.index("环境")
    total = additions(model, model.vectoriser.both([""], [text]), index)
    assert sum(w for _, w in model.explain(text, index)) <= total[total > 0].sum() + 1e-6


def test_reasons_of_an_unknown_class_are_refused(model: TriageModel) -> None:
    with pytest.raises(DomainError) as refused:
        model.explain("路灯", 4)
    assert refused.value.code == "triage.no_class"


def test_prior_weight_moves_the_answer_of_phrases(model: TriageModel) -> None:
    plain = dataclasses.replace(model, prior_weights=(0.0,))
    phrase, index = PHRASES["教育"][0], model.labels.index("教育")
    with_prior = model.probabilities([""], [phrase])[0, index]
    assert with_prior != plain.probabilities([""], [phrase])[0, index]


def test_tally_weighs_scattered_words_of_a_class_with_diminishing_returns() -> None:
    said = {"环境": ["油烟 噪音 污水"], "交通": ["公交 堵车"]}
    words = cold_start(said).vectoriser
    index = PriorIndex.build(words, said, ("交通", "环境"))
    tally = WordShares(words.keys, [index])
    one, three = tally.amounts(words.both(["", ""], ["有油烟", "有油烟也有噪音还有污水"]))[:, 1]
    assert 0 < one < three < 3 * one
    row = words.both([""], ["公交旁有油烟"])
    parts = tally.parts(row).sum(axis=0)
    np.testing.assert_allclose(tally.amounts(row)[0], parts - parts.mean(), atol=1e-6)
