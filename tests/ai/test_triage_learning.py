"""Training, activation, corrections, and what the active model answers."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cityloop.ai.triage import files
from cityloop.ai.triage.commands import (
    activate_model,
    erase_corrections,
    record_correction,
    retire_model,
    train,
    train_from_file,
    train_from_profile,
)
from cityloop.ai.triage.domain import compare
from cityloop.ai.triage.evaluation import evaluate_file
from cityloop.ai.triage.examples import Examples, corrections_so_far
from cityloop.ai.triage.models import Correction, ModelFile, ModelVersion
from cityloop.ai.triage.queries import NOTHING, Suggestion, classify, explain, forget
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

PHRASES = {"C0101": ["井盖", "manhole"], "E0301": ["施工噪声", "noise"], "E0401": ["占道经营"]}
WORDS = {
    "C0101": ["井盖丢了很危险", "路口井盖坏了", "水井盖破损响", "井盖不见了", "井盖塌陷"],
    "E0301": ["半夜工地很吵", "施工噪声扰民", "工地打桩太响", "夜里施工睡不着", "噪声太大"],
    "E0401": ["小贩占道卖菜", "摊位占了人行道", "占道经营堵路", "流动摊贩太多", "路边摆摊"],
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


def some(times: int = 4) -> Examples:
    found = Examples()
    for label, texts in WORDS.items():
        for number in range(times):
            for text in texts:
                found.add("", f"{text}，第{'一二三四五六'[number]}次反映", label)
    return found


def learn(now: datetime, given: Examples | None = None, **more: Any) -> ModelVersion:
    said = {"phrases": PHRASES, "name": "t", "accuracy": 0.8, "actor": SYSTEM, "now": now}
    return train(given or some(), **(said | more)).version


@pytest.mark.django_db
def test_without_a_model_every_answer_is_empty() -> None:
    assert classify(["", ""], ["井盖", "噪声"]) == [Suggestion(None, 0.0, False, (), "")] * 2
    assert explain("", "井盖", "C0101") == []


@pytest.mark.django_db
def test_trained_model_answers_with_its_name_and_its_reasons(now: datetime) -> None:
    learn(now)
    found = classify([""], ["我家门口的井盖丢了"])[0]
    assert (found.class_key, found.model_version) == ("C0101", "class-1")
    assert found.top[0] == ("C0101", found.confidence) and len(found.top) == 3
    assert any("井盖" in words for words, _ in explain("", "我家门口的井盖丢了", "C0101"))
    with pytest.raises(NotFound):
        explain("", "井盖", "E9999")


@pytest.mark.django_db
def test_same_input_is_neither_trained_nor_written_twice(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = learn(now)
    ModelVersion.objects.all().delete()
    monkeypatch.setattr("cityloop.ai.triage.commands.training.engine.train", None)
    again = learn(now)
    assert again.fingerprint == first.fingerprint and again.active
    assert learn(now).pk == again.pk


@pytest.mark.django_db
def test_model_is_taken_from_the_database_where_the_disk_copy_is_gone_or_damaged(
    now: datetime,
) -> None:
    row = learn(now)
    path = files.model_path(row.fingerprint)
    for damage in (path.unlink, lambda: path.write_bytes(b"PK\x03\x04 no")):
        damage()
        forget()
        assert classify([""], ["井盖丢了"])[0].class_key == "C0101"
    ModelFile.objects.all().delete()
    path.unlink()
    forget()
    assert classify([""], ["井盖丢了"]) == [NOTHING]  # a report is taken in all the same


@pytest.mark.django_db
def test_worse_model_is_kept_out_of_service_unless_forced(now: datetime) -> None:
    good = learn(now)
    mixed = some()
    mixed.labels = mixed.labels[7:] + mixed.labels[:7]
    worse = learn(now, mixed)
    assert ModelVersion.objects.get(active=True) == good and not worse.active
    assert learn(now, mixed, force=True).active
    assert classify([""], ["井盖丢了"])[0].model_version == "class-2"


@pytest.mark.django_db
def test_activation_and_retirement_are_for_those_who_may(now: datetime) -> None:
    row = learn(now)
    actor = Viewer("person", None, "dispatcher", (Holding(Role.DISPATCHER),))
    for command in (activate_model, retire_model):
        with pytest.raises(NotAllowed):
            command(row.pk, actor=actor, now=now)
    retire_model(row.pk, actor=SYSTEM, now=now)
    assert classify([""], ["井盖"])[0].class_key is None
    activate_model(row.pk, actor=SYSTEM, now=now)
    assert classify([""], ["井盖丢了"])[0].class_key == "C0101"
    with pytest.raises(NotFound):
        activate_model(row.pk + 99, actor=SYSTEM, now=now)


def correct(case_id: int, chosen: str, now: datetime, text: str = "井盖旁电话13800138000") -> None:
    record_correction(
        case_id=case_id, title="", text=text, suggested="E0301", chosen=chosen,
        actor=SYSTEM, now=now,
    )  # fmt: skip


@pytest.mark.django_db
def test_correction_keeps_the_last_word_and_no_number(now: datetime) -> None:
    correct(7, "C0101", now)
    correct(7, "E0401", now)
    row = Correction.objects.get()
    assert row.chosen == "E0401" and "138" not in row.text


@pytest.mark.django_db
def test_corrections_are_learned_from_and_marked_with_the_model(now: datetime) -> None:
    correct(7, "C0101", now)
    correct(8, "E9999", now)
    given = some()
    given.extend(corrections_so_far(known=set(PHRASES)))
    version = learn(now, given)
    assert version.trained_on == 61
    used = dict(Correction.objects.values_list("case_id", "used_in"))
    assert used == {7: version.pk, 8: None}


@pytest.mark.django_db
def test_erased_correction_keeps_its_label_and_teaches_no_more(now: datetime) -> None:
    correct(7, "C0101", now)
    assert erase_corrections([7, 8]) == 1
    assert Correction.objects.get().text == "" and corrections_so_far().labels == []


def labelled_file(folder: Path, *extra: tuple[str, str]) -> Path:
    path = folder / "labelled.csv"
    given = some()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["body", "class"])
        writer.writerows(zip(given.texts, given.labels, strict=True))
        writer.writerows(extra)
    return path


@pytest.mark.django_db
def test_rows_of_a_file_that_cannot_teach_are_named(tmp_path: Path, now: datetime) -> None:
    path = labelled_file(tmp_path, ("井盖", "城乡建设"), ("", "C0101"), ("井盖", ""))
    done = train_from_file(
        path, text_column="body", label_column="class", phrases=PHRASES, accuracy=0.8,
        actor=SYSTEM, now=now,
    )  # fmt: skip
    assert done.version.trained_on == 60
    assert [(row, value) for row, value, _ in done.refused] == [
        (62, "城乡建设"), (63, "C0101"), (64, ""),
    ]  # fmt: skip


@pytest.mark.django_db
def test_file_without_the_column_is_refused_with_those_there_are(
    tmp_path: Path, now: datetime
) -> None:
    with pytest.raises(DomainError, match="body, class"):
        train_from_file(
            labelled_file(tmp_path), text_column="text", label_column="class",
            actor=SYSTEM, now=now,
        )  # fmt: skip


@pytest.mark.django_db
def test_department_model_stands_beside_the_class_model(tmp_path: Path, now: datetime) -> None:
    learn(now)
    path = labelled_file(tmp_path)
    done = train_from_file(
        path, text_column="body", label_column="class", kind="department", accuracy=0.8,
        actor=SYSTEM, now=now,
    )  # fmt: skip
    assert (done.version.label, ModelVersion.objects.filter(active=True).count()) == (
        "department-1", 2,
    )  # fmt: skip
    assert classify([""], ["井盖丢了"], kind="department")[0].model_version == "department-1"


@pytest.mark.django_db
def test_evaluation_reports_on_the_rows_it_could_use(tmp_path: Path, now: datetime) -> None:
    learn(now)
    path = labelled_file(tmp_path, ("井盖", "城乡建设"))
    report = evaluate_file(path, text_column="body", label_column="class")
    assert (report["model"], report["texts"], report["rows_left_out"]) == ("class-1", 60, 1)
    assert report["accuracy"] > 0.9


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ((0.5, 10, 3), None, True),
        ((0.8, 10, 3), (0.7, 99, 3), True),
        ((0.695, 99, 3), (0.7, 50, 3), True),
        ((0.695, 40, 3), (0.7, 50, 3), False),
        ((0.6, 99, 9), (0.7, 50, 3), False),
    ],
)
def test_model_replaces_another_when_better_or_near_on_no_less(
    new: tuple[float, int, int], old: tuple[float, int, int] | None, expected: bool
) -> None:
    names = ("accuracy", "texts", "classes")
    given = [dict(zip(names, said, strict=True)) if said else None for said in (new, old)]
    assert compare(given[0] or {}, given[1]).may_replace is expected


def test_a_model_that_lacks_most_labels_of_the_active_one_stays_beside_however_accurate() -> None:
    def report(accuracy: float, labels: str) -> dict[str, object]:
        figures = [{"label": label} for label in labels]
        return {"accuracy": accuracy, "texts": 9, "classes": len(labels), "per_class": figures}

    verdict = compare(report(0.99, "ax"), report(0.5, "abcd"))
    assert not verdict.may_replace and "3 of the 4 labels" in verdict.en and "4 个" in verdict.zh
    assert compare(report(0.99, "abxy"), report(0.5, "abcd")).may_replace


def test_a_model_of_nearly_one_class_does_not_replace_one_that_knows_them_all() -> None:
    old = {"accuracy": 0.867, "macro_f1": 0.86, "texts": 600, "classes": 7}
    skewed = {"accuracy": 0.908, "macro_f1": 0.304, "texts": 120, "classes": 7}
    verdict = compare(skewed, old)
    assert not verdict.may_replace and "0.860 → 0.304" in verdict.en
    assert compare({**skewed, "macro_f1": 0.82}, old).may_replace


@pytest.mark.django_db
def test_model_of_the_profile_knows_every_class_and_is_fast_the_second_time(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = train_from_profile(actor=SYSTEM, now=now)
    assert first.version.active and first.version.report["classes"] > 200
    monkeypatch.setattr("cityloop.ai.triage.commands.training.engine.train", None)
    assert train_from_profile(actor=SYSTEM, now=now).version == first.version
