"""Training with the active catalogue, and routing by the department model it gives."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tests.business.dispatch.test_routing import facts

from cityloop.ai.triage.models import ModelVersion
from cityloop.business.catalogue.models import Version
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch.commands.learning import (
    LabelledFile,
    examples_of_catalogue,
    train_on_catalogue,
)
from cityloop.business.dispatch.queries import route
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.profile import load_profile

TEXTS = {
    "噪声": ["工地太吵", "夜里打桩", "施工噪声扰民", "半夜施工吵闹", "噪声太大睡不着"],
    "摊贩": ["小贩占道卖菜", "摊位占人行道", "流动摊贩堵路", "路边摆摊", "占道经营"],
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


def labelled(folder: Path, names: dict[str, str]) -> Path:
    path = folder / "labelled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for topic, texts in TEXTS.items():
            writer.writerows(
                [f"{t}，第{n}回", names[topic]] for t in texts for n in "一二三四五六七"
            )
    return path


def test_labels_of_a_file_may_be_the_names_of_classes(
    small: Version, tmp_path: Path, now: datetime
) -> None:
    path = labelled(tmp_path, {"噪声": "施工噪声", "摊贩": "E0302"})
    done = train_on_catalogue(
        [LabelledFile(path, "text", "label")], accuracy=0.8, actor=SYSTEM, now=now
    )
    texts = {row["label"]: row["texts"] for row in done.version.report["per_class"]}
    assert texts == {"E0301": 35, "E0302": 35, "E0401": 0}
    assert (done.version.catalogue_version, done.refused) == (small.number, [])


def test_examples_of_a_class_that_means_another_thing_here_are_left_out(small: Version) -> None:
    profile = load_profile()
    kept = examples_of_catalogue(profile, catalogue())
    names = {c.name_zh for c in catalogue().classes.values()}
    same = [
        r for r in profile.rows("classes.csv")
        if r["kind"] == "event" and r["code"] in ("0301", "0302", "0401") and r["zh"] in names
    ]  # fmt: skip
    assert len(set(kept.labels)) == len(same)
    assert len(kept.labels) + len(kept.refused) == len(profile.rows("examples.csv"))


def test_department_model_sends_a_case_of_unknown_class_where_it_is_sure(
    small: Version, offices: dict[str, int], tmp_path: Path, now: datetime
) -> None:
    path = labelled(tmp_path, {"噪声": "环保", "摊贩": "城管"})
    train_on_catalogue(
        [LabelledFile(path, "text", "label")], kind="department", accuracy=0.8,
        labels={"环保": "ecology", "城管": "urban"}, actor=SYSTEM, now=now,
    )  # fmt: skip
    found = route([facts("", text="工地夜里施工噪声太大"), facts("", text="嗯")], now=now)
    assert [(f.lead_id, f.by) for f in found] == [(offices["ecology"], "model"), (None, "")]
    assert found[0].version.endswith("department-1") and 0.5 < found[0].confidence <= 1


def test_label_that_names_no_department_is_said_and_routes_nothing(
    small: Version, tmp_path: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    path = labelled(tmp_path, {"噪声": "环保口", "摊贩": "urban"})
    call_command(
        "train_triage", "--data", str(path), "--labels-are", "department", "--accuracy", "0.8"
    )
    assert "no department is called '环保口'" in capsys.readouterr().out
    found = route([facts("", text="工地夜里施工噪声太大")], now=now)[0]
    assert found.lead_id is None
    assert found.explanation["steps"][-1]["unknown"] == "环保口"


def test_map_that_is_no_pair_is_refused(small: Version) -> None:
    with pytest.raises(CommandError, match="LABEL=KEY"):
        call_command("train_triage", "--map", "城建")
    assert not ModelVersion.objects.exists()
