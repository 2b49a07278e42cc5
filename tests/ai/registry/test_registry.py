"""Promises are kept or a model stops; shadows are watched, shares stable; one call leads back."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ai.test_triage_learning import PHRASES, learn, some

from cityloop.ai.registry.commands import forget_answers, keep_promises, let_in, note_answers
from cityloop.ai.registry.domain import Answer, Mode, Tally, drift, in_share, verdict, wilson
from cityloop.ai.registry.models import DayRecord, Rollout
from cityloop.ai.registry.queries import in_force, standings
from cityloop.ai.triage.cards import card_of
from cityloop.ai.triage.commands import activate_model, roll_back, roll_out
from cityloop.ai.triage.models import ModelVersion
from cityloop.ai.triage.queries import classify, forget
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import DomainError, NotAllowed


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_hold_the_share_and_narrow_with_more(counts: tuple[int, int]) -> None:
    right, judged = counts
    low, high = wilson(right, judged)
    assert 0 <= low <= right / judged <= high <= 1
    wide = high - low
    low, high = wilson(10 * right, 10 * judged)
    assert high - low < wide


def test_model_stops_only_when_even_the_favourable_bound_is_under_the_promise() -> None:
    assert not verdict(Tally(judged=29, right=0), 0.95).stop
    assert not verdict(Tally(judged=100, right=93), 0.95).stop
    assert verdict(Tally(judged=100, right=80), 0.95).stop
    assert "0.95" in verdict(Tally(judged=100, right=80), 0.95).zh


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 200), min_size=1))
def test_same_mix_does_not_drift_and_another_does(mix: dict[str, int]) -> None:
    assert drift(mix, mix) == pytest.approx(0)
    assert drift({"a": 300, "b": 10}, {"a": 10, "b": 300}) > 0.25


def test_share_is_stable_and_about_as_large_as_asked() -> None:
    keys = [f"report {n}" for n in range(4000)]
    chosen = {key for key in keys if in_share(key, 0.2)}
    assert chosen == {key for key in keys if in_share(key, 0.2)}
    assert len(chosen) / len(keys) == pytest.approx(0.2, abs=0.03)
    assert chosen <= {key for key in keys if in_share(key, 0.5)}


@pytest.fixture
def two(db: Any, now: datetime, tmp_path: Path, settings: Any) -> tuple[ModelVersion, ModelVersion]:
    settings.DATA = tmp_path
    first = learn(now)
    second = learn(now, some(5), name="second", phrases=PHRASES)
    activate_model(first.pk, actor=SYSTEM, now=now)
    forget()
    return first, second


def test_shadow_answers_beside_and_nobody_acts_on_it(two: Any, now: datetime) -> None:
    first, second = two
    roll_out(second.pk, mode=Mode.SHADOW, actor=SYSTEM, now=now)
    (said,) = classify([""], ["井盖丢了很危险"])
    assert said.model_version == first.label
    assert said.shadow is not None
    assert said.shadow.model_version == second.label


def test_share_of_the_texts_goes_to_the_candidate_and_back_in_one_call(
    two: Any, now: datetime
) -> None:
    first, second = two
    texts = [f"第{n}个路口井盖坏了" for n in range(60)]
    roll_out(second.pk, mode=Mode.SHARE, share=0.5, actor=SYSTEM, now=now)
    labels = [one.model_version for one in classify([""] * 60, texts)]
    assert 15 < labels.count(second.label) < 45
    assert labels == [one.model_version for one in classify([""] * 60, texts)]
    activate_model(second.pk, actor=SYSTEM, now=now)
    assert {one.model_version for one in classify([""] * 60, texts)} == {second.label}
    assert roll_back("class", actor=SYSTEM, now=now).pk == first.pk
    assert {one.model_version for one in classify([""] * 60, texts)} == {first.label}
    assert [way.mode for way in in_force()] == [Mode.LIVE]


def test_model_under_its_promise_goes_on_suggesting_and_decides_nothing(
    two: Any, now: datetime
) -> None:
    first, _ = two
    texts = ["井盖丢了很危险", "半夜工地很吵", "占道经营堵路"]
    assert any(one.accepted for one in classify([""] * 3, texts))
    tally = Tally(answered=120, accepted=100, judged=100, right=50, classes={"C0101": 120})
    note_day(first.label, now.date(), tally)
    (stopped,) = keep_promises(actor=SYSTEM, now=now, today=now.date())
    forget()
    assert stopped[0] == first.label
    said = classify([""] * 3, texts)
    assert [one.accepted for one in said] == [False] * 3
    assert said[0].class_key == "C0101"
    assert Event.objects.filter(kind="model.stopped").count() == 1
    assert keep_promises(actor=SYSTEM, now=now, today=now.date()) == []
    card = card_of(first, today=now.date())
    assert card["in_use"]["accuracy"] == 0.5
    assert card["way"][0]["mode"] == "stopped"
    assert "0.80" in card["way"][0]["why_zh"]


@pytest.mark.django_db
def test_models_at_a_glance_say_mode_and_accuracy_against_promise(now: datetime) -> None:
    for model, mode in (("class-1", Mode.LIVE), ("class-2", Mode.SHADOW)):
        let_in(kind="class", model=model, fingerprint="f", mode=mode, promise=0.9, actor=SYSTEM,
               now=now)  # fmt: skip
    note_day("class-1", now.date(), Tally(answered=200, accepted=100, judged=100, right=70))
    note_day("class-2", now.date(), Tally(answered=9))  # before it was watched only
    asked = {"class-1": 0.9, "class-2": 0.9, "class-3": 0.9}
    found = standings(asked, today=now.date())
    seen = found["class-1"]
    assert (seen.mode, seen.judged, seen.accuracy, seen.keeps) == (Mode.LIVE, 100, 0.7, False)
    assert seen.low is not None and seen.high is not None and seen.low < 0.7 < seen.high < 0.9
    assert (found["class-2"].mode, found["class-2"].keeps) == (Mode.SHADOW, None)
    assert (found["class-3"].mode, found["class-3"].accuracy) == (Mode.ENDED, None)


@pytest.mark.django_db
def test_the_list_tells_drift_without_the_cards(now: datetime) -> None:
    for days, classes in ((14, {"C01": 80, "E03": 20}), (2, {"C01": 20, "E03": 80})):
        note_day("class-1", now.date() - timedelta(days), Tally(answered=100, classes=classes))
    note_day("class-2", now.date(), Tally(answered=9, classes={"C01": 9}))
    for days, first in ((14, 0), (2, 5)):  # few answers, each of another class: chance
        few = {f"C{n:02d}": 1 for n in range(first, first + 10)}
        note_day("class-3", now.date() - timedelta(days), Tally(answered=10, classes=few))
    found = standings(dict.fromkeys(("class-1", "class-2", "class-3"), 0.9), today=now.date())
    assert found["class-3"].drift_level == "none"
    assert found["class-1"].drift_level == "much"
    assert (found["class-2"].drift, found["class-2"].drift_level) == (None, None)


def note_day(model: str, day: date, tally: Tally) -> None:
    counts = {name: count or 0 for name, count in asdict(tally).items()}
    DayRecord.objects.create(
        kind="class", model=model, day=day, **{**counts, "classes": tally.classes or {}}
    )


def test_new_mix_of_classes_shows_as_drift_on_the_card(two: Any, now: datetime) -> None:
    first, _ = two
    for ago, classes in ((1, {"C0101": 5, "E0301": 95}), (15, {"C0101": 95, "E0301": 5})):
        tally = Tally(answered=100, classes=classes)
        note_day(first.label, now.date() - timedelta(ago), tally)
    assert card_of(first, today=now.date())["drift_level"] == "much"


@pytest.mark.django_db
def test_an_answer_told_again_is_counted_once_and_as_it_stands_last(now: datetime) -> None:
    first = Answer(7, False, "class-1", now.date(), "C0101", True, False, False)
    note_answers("class", [first, replace(first, case_id=8, class_key="E0301")])
    note_answers("class", [first])
    note_answers("class", [replace(first, judged=True, right=True)])
    (row,) = DayRecord.objects.all()
    assert (row.answered, row.accepted, row.judged, row.right) == (2, 2, 1, 1)
    assert row.classes == {"C0101": 1, "E0301": 1}
    note_answers("class", [replace(first, model="class-2", judged=True)])  # classed anew
    assert [(r.model, r.answered, r.right) for r in DayRecord.objects.order_by("model")] == [
        ("class-1", 1, 0), ("class-2", 1, 0)]  # fmt: skip
    assert forget_answers(before=now.date() + timedelta(days=1)) == 2
    assert DayRecord.objects.count() == 2


def test_wrong_steps_are_refused(two: Any, now: datetime) -> None:
    first, second = two
    for call, code in (
        (lambda: roll_out(first.pk, mode=Mode.SHADOW, actor=SYSTEM, now=now), "triage.is_active"),
        (lambda: roll_out(second.pk, mode=Mode.SHARE, actor=SYSTEM, now=now), "registry.share"),
        (lambda: roll_out(second.pk, mode=Mode.LIVE, actor=SYSTEM, now=now), "triage.mode"),
        (lambda: roll_back("class", actor=SYSTEM, now=now), "triage.nothing_before"),
        (lambda: roll_back("department", actor=SYSTEM, now=now), "triage.nothing_before"),
    ):
        if code == "triage.nothing_before":
            Rollout.objects.exclude(model=first.label).delete()
        with pytest.raises(DomainError) as refused:
            call()
        assert refused.value.code == code
    worker = Viewer("person", None, "worker", (Holding(Role.GRID_WORKER),))
    with pytest.raises(NotAllowed):
        roll_out(second.pk, mode=Mode.SHADOW, actor=worker, now=now)
