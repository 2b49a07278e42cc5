from __future__ import annotations

import json

import numpy as np
import pytest

from cityloop.engines.triage import cold_start, evaluate, train
from cityloop.engines.triage.calibrate import NEVER
from cityloop.engines.triage.train import _averaged
from cityloop.kernel.errors import DomainError

from .samples import PHRASES, reports

NEW = reports(80, seed=9)


def test_trained_model_classifies_new_reports(model) -> None:  # type: ignore[no-untyped-def]
    report = evaluate(model, *NEW)
    assert report.accuracy >= 0.85
    assert report.coverage["model"].share >= 0.8


def test_training_twice_gives_the_same_model_and_report() -> None:
    one, first = train(*reports(60), priors=PHRASES, seed=3)
    other, second = train(*reports(60), priors=PHRASES, seed=3)
    np.testing.assert_array_equal(one.weights, other.weights)
    assert first == second
    assert one.fingerprint == other.fingerprint


def test_fingerprint_changes_with_any_label() -> None:
    titles, texts, labels = reports(40)
    other = ["交通", *labels[1:-1], "交通"]
    one = train(titles, texts, labels, priors=PHRASES)[0]
    assert train(titles, texts, other, priors=PHRASES)[0].fingerprint != one.fingerprint


def test_report_is_json_with_every_class() -> None:
    report = train(*reports(60), priors=PHRASES)[1]
    told = json.loads(json.dumps(report.as_dict(), ensure_ascii=False))
    assert [row["label"] for row in told["per_class"]] == sorted(PHRASES)
    assert set(told["coverage"]) == {"0.95", "0.97"}
    assert sum(row["texts"] for row in told["per_class"]) == told["texts"] == 60


def test_random_labels_are_reported_as_chance_and_nothing_is_accepted() -> None:
    titles, texts, labels = reports(120)
    shuffled = np.random.default_rng(0).permutation(labels).tolist()
    model, report = train(titles, texts, shuffled, priors={})
    assert report.accuracy < 0.45
    assert model.threshold == NEVER
    assert not model.predict(titles, texts).accepted.any()


def test_copies_of_a_text_do_not_raise_the_reported_accuracy() -> None:
    titles, texts, labels = reports(40)
    shuffled = np.random.default_rng(1).permutation(labels).tolist()
    report = train(titles * 3, texts * 3, shuffled * 3, priors={})[1]
    assert report.remarks["near_duplicates"] >= 80
    assert report.accuracy < 0.5


def test_classes_with_two_texts_each_are_learned() -> None:
    names = [f"类{index:03d}" for index in range(120)]
    words = {n: chr(0x5000 + 7 * i) + chr(0x6000 + 5 * i) for i, n in enumerate(names)}
    texts = [f"这里有{words[name]}的问题{end}" for name in names for end in ("请处理", "很久了")]
    labels = [name for name in names for _ in range(2)]
    priors = {name: [words[name]] for name in names}
    model, report = train([""] * 240, texts, labels, priors=priors)
    assert report.accuracy >= 0.9
    answer = model.predict([""], [f"又见{words['类077']}了"])
    assert model.labels[answer.top[0, 0]] == "类077"


def test_class_known_by_phrases_only_can_be_predicted() -> None:
    model, report = train(*reports(80), priors={**PHRASES, "水务": ["供水 停水 水管爆裂 水压低"]})
    answer = model.predict(["停水两天"], ["小区水管爆裂，停水，水压低，供水公司不管"])
    assert model.labels[answer.top[0, 0]] == "水务"
    assert report.remarks["classes_without_texts"] == ["水务"]
    assert not model.weights[:, model.labels.index("水务")].any()


def test_one_text_per_class_goes_to_a_person() -> None:
    model, _ = train(["", ""], ["路灯坏了", "学校收费"], ["灯", "学"], priors={})
    assert not model.predict([""], ["路灯坏了"]).accepted.any()


def test_cold_start_knows_the_classes_and_accepts_little() -> None:
    model = cold_start(PHRASES)
    report = evaluate(model, *NEW)
    assert report.accuracy >= 0.6
    assert model.trained_on == 0
    accepted = model.predict(NEW[0], NEW[1]).accepted
    confident = model.probabilities(NEW[0], NEW[1]).max(axis=1) >= 0.9
    assert (accepted <= confident).all()


def test_unlabelled_reports_change_what_counts_as_common() -> None:
    plain = cold_start(PHRASES)
    pairs = list(zip(*reports(300, seed=5)[:2], strict=True))
    taught = cold_start(PHRASES, unlabelled=pairs)
    assert taught.vectoriser.size > plain.vectoriser.size
    assert evaluate(taught, *NEW).accuracy >= 0.6


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"titles": ["一"]}, "triage.lengths"),
        ({"labels": ["灯", ""]}, "triage.label"),
        ({"labels": ["灯", "灯"]}, "triage.classes"),
        ({"texts": ["路灯", None]}, "triage.not_text"),
        ({"accuracy": 1.5}, "triage.accuracy"),
        ({"accuracy": float("nan")}, "triage.accuracy"),
        ({"priors": {"灯": "路灯"}}, "triage.prior"),
        ({"priors": {str(index): ["甲"] for index in range(251)}}, "triage.classes"),
    ],
)
def test_bad_training_data_is_refused(change: dict[str, object], code: str) -> None:
    good: dict[str, object] = {
        "titles": ["", ""],
        "texts": ["路灯", "学校"],
        "labels": ["灯", "学"],
        "priors": {},
    }
    given = {**good, **change}
    with pytest.raises(DomainError) as refused:
        train(given.pop("titles"), given.pop("texts"), given.pop("labels"), **given)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_evaluating_an_unknown_label_is_refused(model) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DomainError) as refused:
        evaluate(model, [""], ["路灯"], ["外星"])
    assert (refused.value.code, refused.value.where) == ("triage.label", "0")


def test_duty_list_helps_where_labels_are_few_and_none_is_not_needed() -> None:
    duties = {label: [" ".join(said)] for label, said in PHRASES.items()}
    plain = train(*reports(12, seed=2), priors={})[0]
    taught = train(*reports(12, seed=2), priors={}, duties=duties)[0]
    assert evaluate(taught, *NEW).accuracy > evaluate(plain, *NEW).accuracy
    assert len(taught.priors) == 2 and taught.priors[0].phrases.shape[1] == 0
    assert cold_start({}, duties=duties).labels == tuple(sorted(PHRASES))


def test_second_class_is_named_where_it_is_likely(model) -> None:  # type: ignore[no-untyped-def]
    answer = model.predict(NEW[0], NEW[1])
    np.testing.assert_array_equal(answer.paired, answer.probability[:, 1] >= model.pair)
    report = evaluate(model, *NEW)
    assert report.accuracy <= (report.pairs.realised or 0) <= report.top2
    assert report.coverage["0.95"].share >= report.coverage["0.97"].share


def test_strengths_are_drawn_to_the_likely_ones_and_shared_among_equals() -> None:
    equal = _averaged([(0.5, (0.0, 0.2)), (0.5, (0.4, 0.2)), (0.9, (9.0, 9.0))], 1_000)
    assert equal == pytest.approx((0.2, 0.2))
    clear = _averaged([(0.5, (0.1,)), (0.6, (0.3,))], 1_000)
    assert clear == pytest.approx((0.1,))
