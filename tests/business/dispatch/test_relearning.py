"""Corrections make a model learn again, on what it was given and on what people said since."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cityloop.ai.triage.commands import record_correction, train
from cityloop.ai.triage.examples import Examples
from cityloop.ai.triage.models import Correction, ModelVersion, TrainingSet
from cityloop.ai.triage.sets import find_set
from cityloop.business.catalogue.models import Version
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch.commands.learning import class_phrases
from cityloop.business.dispatch.commands.relearning import due_kinds, train_again
from cityloop.business.dispatch.tasks import JOB, train_model, want_training
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.jobs.models import Job

TEXTS = {
    "E0301": ["工地太吵", "夜里打桩", "施工噪声扰民", "半夜施工吵闹", "噪声太大睡不着"],
    "E0302": ["小贩占道卖菜", "摊位占人行道", "流动摊贩堵路", "路边摆摊", "占道经营"],
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


def trained(now: datetime) -> ModelVersion:
    given = Examples()
    for label, texts in TEXTS.items():
        for n in "一二三四五六七":
            for text in texts:
                given.add("", f"{text}，第{n}回，电话13800138000", label)
    phrases = class_phrases(catalogue())
    return train(given, phrases=phrases, name="t", accuracy=0.8, actor=SYSTEM, now=now).version


def corrected(n: int, now: datetime, *, kind: str = "class", chosen: str = "E0302") -> None:
    for case_id in range(1, n + 1):
        record_correction(
            case_id=case_id,
            title="",
            text=f"夜市摊位音响太吵 {case_id}",
            suggested="E0301",
            chosen=chosen,
            kind=kind,
            actor=SYSTEM,
            now=now,
        )


def test_few_fresh_corrections_wait_many_or_old_ones_do_not(small: Version, now: datetime) -> None:
    trained(now)
    corrected(19, now)
    assert due_kinds(now=now) == []
    assert due_kinds(now=now + timedelta(hours=24)) == ["class"]
    corrected(20, now)
    assert due_kinds(now=now) == ["class"]


def test_without_a_model_in_service_nothing_is_trained_again(small: Version, now: datetime) -> None:
    corrected(30, now)
    assert due_kinds(now=now) == []


def test_confirmations_alone_give_no_reason_to_learn(small: Version, now: datetime) -> None:
    trained(now)
    corrected(30, now, chosen="E0301")
    assert due_kinds(now=now) == []


def test_the_next_model_learns_from_its_own_texts_and_the_corrections(
    small: Version, now: datetime
) -> None:
    first = trained(now)
    corrected(20, now)

    done = train_again("class", actor=SYSTEM, now=now)

    assert done.version.number == first.number + 1
    assert done.version.trained_on == first.trained_on + 20
    assert Correction.objects.filter(used_in=done.version).count() == 20
    assert due_kinds(now=now) == []


def test_what_is_kept_of_the_texts_names_no_numbers_and_no_corrections(
    small: Version, now: datetime
) -> None:
    trained(now)
    corrected(20, now)
    done = train_again("class", actor=SYSTEM, now=now)

    kept = find_set(done.version)

    assert kept is not None and len(kept.labels) == 70
    assert not any("13800138000" in text for text in kept.texts)
    assert TrainingSet.objects.count() == 2


def test_the_worker_asks_once_and_trains_once(small: Version, now: datetime) -> None:
    trained(now)
    corrected(20, now)
    want_training(now)
    want_training(now)
    assert Job.objects.filter(kind=JOB).count() == 1

    train_model({"kind": "class"}, now)
    train_model({"kind": "class"}, now)

    assert ModelVersion.objects.filter(kind="class").count() == 2


def test_departments_are_learnt_beside_classes_of_the_same_case(
    small: Version, now: datetime
) -> None:
    corrected(3, now)
    corrected(3, now, kind="department", chosen="urban")
    assert Correction.objects.count() == 6
    assert due_kinds(now=now) == []  # a first department model begins with some hundreds
