"""Figures on a file: issues found, references fitted, what is refused is said."""

from __future__ import annotations

import json
from dataclasses import fields
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cityloop.ai.hot_issues.domain import Limits, limits_of
from cityloop.ai.hot_issues.evaluation import evaluate_duplicates, evaluate_hot
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

TEXT = "永宁小区一楼烧烤店每晚油烟直排，住户无法开窗。"
ROWS = [
    ("1", "a", "永宁小区烧烤店油烟扰民", "2026/03/01 08:00:00", TEXT),
    ("2", "b", "永宁小区烧烤店油烟太大", "2026/03/02 08:00:00", TEXT.replace("无", "没")),
    ("3", "c", "投诉永宁小区烧烤店油烟", "2026/03/03 08:00:00", "烧烤店营业到凌晨，油烟呛人。"),
    ("4", "d", "和平路口路灯不亮", "2026/03/03 09:00:00", "晚上走路很危险。"),
    ("5", "e", "菜市场门口单车乱放", "没有时间", "占了盲道。"),
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "reports.csv"
    lines = ["留言编号,留言用户,留言主题,留言时间,留言详情", *(",".join(row) for row in ROWS)]
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def references(folder: str, **given: list[str]) -> str:
    path = Path(folder).with_name("references.json")
    path.write_text(json.dumps(given))
    return str(path)


def test_issues_of_a_file_and_how_they_fit(file: str) -> None:
    found = evaluate_hot(file, references=references(file, smoke=["1", "2", "3"]))
    assert (found["reports"], found["rows_left_out"], found["largest"]) == (4, 1, 3)
    assert found["issues"][0]["ids"] == ["1", "2", "3"] and found["issues"][0]["persons"] == 3
    assert found["mean_f1"] == 1.0


def test_repeats_of_a_file_and_whether_they_were_right(file: str) -> None:
    found = evaluate_duplicates(file, references=references(file, smoke=["1", "2", "3"]))
    assert found["same_text_again"] == 1
    assert found["against_references"]["attach"] == {"advised": 2, "right": 1.0}


def test_a_reference_to_a_report_that_is_not_there_is_refused(file: str) -> None:
    with pytest.raises(DomainError) as error:
        evaluate_hot(file, references=references(file, smoke=["1", "99"]))
    assert error.value.code == "issues.reference" and "99" in error.value.en


def test_a_file_without_the_columns_names_those_it_has(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("when,what\n1,2\n", "utf-8")
    with pytest.raises(DomainError) as error:
        evaluate_hot(str(path))
    assert error.value.code == "issues.column" and "when" in error.value.en


def test_the_default_profile_states_every_number_and_a_wrong_one_is_named() -> None:
    given = load_profile("default").settings["hot_issues"]
    stated = limits_of(given, {"retention_days": Limits().sender_days})
    assert stated == Limits() and len(given) == len(fields(Limits)) - 1
    for wrong in (
        {"least_reports": -1},
        {"alarm_growth": "5"},
        {"least_reports": 2.5},
        {"heat": 1},
    ):
        with pytest.raises(DomainError) as error:
            limits_of(wrong, {})
        assert error.value.code == "issues.setting" and next(iter(wrong)) in error.value.zh


def test_both_commands_take_the_same_arguments_and_refuse_in_both_languages(file: str) -> None:
    given = references(file, smoke=["1", "2", "3"])
    for name in ("eval_hot", "eval_duplicates"):
        said = StringIO()
        call_command(name, data=file, references=given, column=["text=留言详情"], json=True,
                     stdout=said)  # fmt: skip
        assert json.loads(said.getvalue())["reports"] == 4
        with pytest.raises(CommandError, match="何处"):
            call_command(name, data=file, column=["text=何处"])
