"""From a labelled file to a model and back: columns, label trees, what was seen before."""

from __future__ import annotations

import csv
import gzip
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.engines.triage.samples import PHRASES, reports

from cityloop.ai.triage.commands import train, train_from_file
from cityloop.ai.triage.evaluation import CROSSED, UNKNOWN, UNSEEN, evaluate_file
from cityloop.ai.triage.examples import Examples, columns_of, file_examples, plain_texts
from cityloop.ai.triage.models import ModelFile, ModelVersion
from cityloop.ai.triage.queries import NOTHING, classify, forget
from cityloop.ai.triage.sets import set_of
from cityloop.ai.triage.words import duty_words, tree_beside, tree_phrases
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path / "data"


def written(path: Path, head: list[str], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path


HEAD = ["subject", "body", "label"]


def told(count: int, seed: int) -> list[tuple[str, ...]]:
    """Rows of made-up reports, each with words of its own so that no two are near-duplicates."""
    chance = random.Random(seed)
    titles, texts, labels = reports(count, seed)
    own = ["".join(chr(chance.randrange(0x5000, 0x8000)) for _ in range(40)) for _ in texts]
    return [(t, x + o, label) for t, x, o, label in zip(titles, texts, own, labels, strict=True)]


def labelled(path: Path, count: int, seed: int) -> Path:
    return written(path, HEAD, told(count, seed))


def learn(path: Path, now: datetime) -> None:
    train_from_file(
        path, text_column="body", label_column="label", title_column="subject",
        kind="department", accuracy=0.8, actor=SYSTEM, now=now,
    )  # fmt: skip


def test_usual_columns_are_found_and_a_missing_one_is_named(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", ["留言主题", "留言详情", "一级标签"], [("路灯", "不亮", "市政")]
    )
    assert columns_of(path) == ("留言详情", "一级标签", "留言主题")
    assert columns_of(path, label="留言主题")[1] == "留言主题"
    with pytest.raises(DomainError, match="a, b"):
        columns_of(written(tmp_path / "b.csv", ["a", "b"], [("1", "2")]))


def test_label_tree_is_found_beside_the_data_and_read_by_its_labels(tmp_path: Path) -> None:
    data = written(tmp_path / "labels.csv", ["text"], [("x",)])
    assert tree_beside(data) is None
    rows = [("环境", "噪声", "施工"), ("政法", "治安", "盗窃"), ("环境", "水", "")]
    path = written(tmp_path / "taxonomy_3.csv", ["一级", "二级", "三级"], rows)
    assert tree_beside(data) == path
    assert tree_phrases(path, {"环境", "交通"}) == {"环境": ["环境 噪声 施工", "环境 水"]}


def test_duty_words_belong_to_the_kind_of_department_a_label_names(tmp_path: Path) -> None:
    labels = {"城乡建设", "A市教育局", "environment", "Health department", "甲乙丙"}
    found = duty_words(load_profile(), labels)
    assert set(found) == labels - {"甲乙丙"}
    assert any("幼儿园" in said for said in found["A市教育局"])
    assert any("物业" in said for said in found["城乡建设"])
    assert any("hospital" in said for said in found["Health department"])
    assert not any("污水" in said for said in found["environment"])


def test_every_kind_of_department_has_words_in_both_languages() -> None:
    rows = load_profile().rows("department_words.csv")
    assert all(row["department"] and row["words_zh"] and row["words_en"] for row in rows)
    assert {row["department"] for row in rows} == {r["department"] for r in rows if r["names"]}


@pytest.mark.django_db
def test_rows_the_model_was_trained_on_are_left_out_of_its_figures(
    tmp_path: Path, now: datetime
) -> None:
    learn(labelled(tmp_path / "train.csv", 80, 1), now)
    rows = [*told(40, 9), *told(80, 1)[:15], ("", "井盖", "外星")]
    report = evaluate_file(written(tmp_path / "new.csv", HEAD, rows))
    assert (report["how"], report["texts"]) == (UNSEEN, 40)
    assert (report["seen_in_training"], report["rows_left_out"]) == (15, 1)
    assert set(report["coverage"]) >= {"0.95", "0.97", "model"}
    assert report["latency"]["single_ms"] > 0 and len(report["per_class"]) == 4


@pytest.mark.django_db
def test_training_file_is_cross_validated_instead(tmp_path: Path, now: datetime) -> None:
    path = labelled(tmp_path / "train.csv", 60, 1)
    learn(path, now)
    report = evaluate_file(path)
    assert (report["how"], report["texts"], report["seen_in_training"]) == (CROSSED, 60, 60)


@pytest.mark.django_db
def test_what_a_file_says_twice_or_otherwise_is_told_with_its_figures(
    tmp_path: Path, now: datetime
) -> None:
    learn(labelled(tmp_path / "train.csv", 80, 1), now)
    rows = told(40, 9)
    other = [(*rows[0][:2], next(label for label in PHRASES if label != rows[0][2]))]
    unknown = [(title, text, "外星") for title, text, _ in told(10, 7)]
    report = evaluate_file(
        written(tmp_path / "new.csv", HEAD, [*rows, rows[1], *other, *unknown, ("灯", "", "")])
    )
    assert (report["texts"], report["rows_left_out"]) == (42, 11)
    assert report["left_out"] == {UNKNOWN: 10, "no label": 1}
    assert report["unknown_labels"] == {"外星": 10}
    assert report["repeats"] == {"rows": 2, "rows_labelled_otherwise": 2}
    assert report["accuracy_of_all"] == pytest.approx(report["accuracy"] * 42 / 52)
    assert report["columns"] == {"text": "body", "title": "subject", "label": "label"}


@pytest.mark.django_db
def test_unseen_texts_of_a_file_that_was_mostly_trained_on_are_judged_by_themselves(
    tmp_path: Path, now: datetime
) -> None:
    learn(labelled(tmp_path / "train.csv", 130, 1), now)
    path = written(tmp_path / "both.csv", HEAD, [*told(130, 1), *told(110, 9)])
    report = evaluate_file(path)
    assert (report["how"], report["texts"], report["seen_in_training"]) == (UNSEEN, 110, 130)


@pytest.mark.django_db
def test_model_of_other_labels_is_trained_beside_and_still_judged(
    tmp_path: Path, now: datetime
) -> None:
    learn(labelled(tmp_path / "train.csv", 80, 1), now)
    two = [row for row in told(160, 3) if row[2] in sorted(PHRASES)[:1]]
    mine = [(title, text, f"{label}-{n % 2}") for n, (title, text, label) in enumerate(two)]
    learn(written(tmp_path / "two.csv", HEAD, mine), now)
    assert [v.active for v in ModelVersion.objects.order_by("number")] == [True, False]
    report = evaluate_file(tmp_path / "two.csv")
    assert (report["model"], report["how"]) == ("department-2", CROSSED)
    named = evaluate_file(tmp_path / "train.csv", model="department-1")
    assert named["model"] == "department-1"
    with pytest.raises(DomainError, match="department-9"):
        evaluate_file(tmp_path / "train.csv", model="department-9")


@pytest.mark.django_db
def test_figures_within_a_file_need_no_model_and_useless_files_say_why(tmp_path: Path) -> None:
    path = labelled(tmp_path / "a.csv", 60, 1)
    with pytest.raises(DomainError) as refused:
        evaluate_file(path)
    assert refused.value.code == "triage.no_model" and "--folds" in refused.value.en
    assert evaluate_file(path, folds=3)["texts"] == 60
    with pytest.raises(DomainError) as refused:
        evaluate_file(written(tmp_path / "b.csv", HEAD, [("", "", "环境"), ("灯", "坏", "")]))
    assert "1 × no text" in refused.value.en and "1 × no label" in refused.value.en


def test_other_writings_of_a_file_give_the_same_texts(tmp_path: Path) -> None:
    rows = [
        {"Text": "路灯不亮", "Label": 0},
        {"Label": 1, "Title": "垃圾"},
        {"Text": "噪声", "Label": 2},
    ]
    path = tmp_path / "a.jsonl.gz"
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_bytes(gzip.compress(lines.encode()))
    text, label, title = columns_of(path)
    found = file_examples(path, text_column=text, label_column=label, title_column=title)
    assert (found.titles, found.texts) == (["", "垃圾", ""], ["路灯不亮", "", "噪声"])
    assert found.labels == ["0", "1", "2"], "a nought is a label"
    assert plain_texts(path) == [("", "路灯不亮"), ("垃圾", ""), ("", "噪声")]
    titles = written(tmp_path / "t.csv", ["标题", "类别"], [("路灯", "市政")])
    assert columns_of(titles) == ("标题", "类别", ""), "titles alone are the texts"


@pytest.mark.django_db
def test_phrases_given_with_the_texts_are_kept_for_the_next_training(now: datetime) -> None:
    given = Examples(*map(list, reports(40)))
    given.phrases = dict(PHRASES)
    row = train(given, phrases={}, name="t", kind="department", actor=SYSTEM, now=now).version
    kept = set_of(row.fingerprint)
    assert kept is not None and kept.phrases == PHRASES
    assert row.report["remarks"]["ngrams"] > 0
    plain = Examples(*map(list, reports(40)))
    other = train(plain, phrases={}, name="t", kind="department", actor=SYSTEM, now=now).version
    assert other.fingerprint != row.fingerprint


@pytest.mark.django_db
def test_commands_train_and_evaluate_a_file_of_departments_without_a_catalogue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(label, *said.split()) for label, all_said in PHRASES.items() for said in all_said]
    written(tmp_path / "taxonomy.csv", ["一级", "二级", "三级"], rows)
    call_command("train_triage", "--data", str(labelled(tmp_path / "train.csv", 80, 1)))
    said = capsys.readouterr().out
    assert "label tree" in said and "department-1: 80 texts, 4 labels" in said
    new = str(labelled(tmp_path / "new.csv", 40, 9))
    call_command("eval_triage", "--data", new, "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["model"] == "department-1" and report["accuracy"] > 0.8
    call_command("eval_triage", "--data", new)
    shown = capsys.readouterr().out
    assert "macro-F1" in shown and "latency" in shown and "taken for" in shown


@pytest.mark.django_db
def test_department_model_starts_from_a_tree_and_gives_way_to_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(label, *said.split()) for label, all_said in PHRASES.items() for said in all_said]
    tree = str(written(tmp_path / "tree.csv", ["一级", "二级", "三级"], rows))
    plain = str(written(tmp_path / "plain.csv", HEAD[:2], [row[:2] for row in told(30, 5)]))
    call_command("train_triage", "--tree", tree, "--unlabelled", plain)
    assert "department-1: 4 labels, no labelled text yet" in capsys.readouterr().out
    new = labelled(tmp_path / "new.csv", 40, 9)
    cold = evaluate_file(new)
    assert (cold["model"], cold["seen_in_training"]) == ("department-1", 0)
    assert cold["accuracy"] >= 0.6
    call_command("train_triage", "--data", str(labelled(tmp_path / "t.csv", 60, 1)), "--tree", tree)
    assert evaluate_file(new)["model"] == "department-2"
    call_command("train_triage", "--tree", tree, "--only", "环境", "交通")
    assert "无标注启动" in capsys.readouterr().out
    assert evaluate_file(new)["model"] == "department-2"


@pytest.mark.django_db
def test_damaged_model_is_said_and_left_out_and_texts_wait_for_a_person(
    tmp_path: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    learn(labelled(tmp_path / "a.csv", 300, 1), now)
    assert classify(["路灯坏了"], [""], kind="department")[0].class_key is not None
    ModelFile.objects.update(content=b"of another format")
    for copy in (tmp_path / "data" / "models").glob("*.npz"):
        copy.unlink()
    forget()
    for _ in range(2):
        assert classify(["路灯坏了"], [""], kind="department") == [NOTHING]
    assert caplog.text.count("Without model") == 1
