"""Reports and references as other offices hand them over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cityloop.ai.hot_issues.references import read_references, reports_of
from cityloop.engines.hot_issues.files import FileOfReports
from cityloop.kernel.errors import DomainError

ISSUES = {"smoke": ["360100", "360101"], "lamps": ["360103"]}
ROWS = {"smoke": [0, 1], "lamps": [3]}


def written(path: Path, text: str, encoding: str = "utf-8") -> str:
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.fixture
def file(tmp_path: Path) -> FileOfReports:
    lines = [f"36010{n}.0,a,永宁小区油烟{n},2026/03/0{n + 1} 08:00:00,油烟" for n in range(4)]
    head = "Report ID,User,Subject,Created At,Description"
    return reports_of(written(tmp_path / "reports.csv", "\n".join([head, *lines])))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (ISSUES, ROWS),
        ({"issues": ISSUES}, ROWS),
        ({"smoke": [360100.0, 360101, 360101], "lamps": [360103]}, ROWS),
        (list(ISSUES.values()), {"1": [0, 1], "2": [3]}),
        ([{"issue": k, "ids": v} for k, v in ISSUES.items()], ROWS),
        (ISSUES["smoke"], {"1": [0, 1]}),
    ],
)
def test_references_of_any_json_are_rows_of_the_file(
    tmp_path: Path, file: FileOfReports, given: object, found: dict[str, list[int]]
) -> None:
    assert read_references(written(tmp_path / "r.json", json.dumps(given)), file) == found


def test_references_of_a_table_are_rows_of_the_file(tmp_path: Path, file: FileOfReports) -> None:
    lines = [f"{name},{one}.0" for name, ids in ISSUES.items() for one in ids]
    for head, encoding in (("问题ID,留言编号", "gb18030"), ("cluster_id,Report ID", "utf-8-sig")):
        path = written(tmp_path / "r.csv", "\n".join([head, *lines]), encoding)
        assert read_references(path, file) == ROWS
    assert read_references(written(tmp_path / "one.csv", "id\n360103\n"), file) == {"1": [3]}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("r.json", '{"a": [1,', "no JSON"),
        ("r.json", "{}", "no report"),
        ("r.json", '{"a": ["360100", "9"]}', "1 reports that the file does not have: 9"),
        ("r.csv", "foo,bar\n1,2\n", "foo, bar"),
        ("gone.json", "", "no file"),
    ],
)
def test_references_that_cannot_be_used_say_why(
    tmp_path: Path, file: FileOfReports, name: str, text: str, said: str
) -> None:
    path = written(tmp_path / name, text) if text else str(tmp_path / name)
    with pytest.raises(DomainError) as refused:
        read_references(path, file)
    assert said in refused.value.en and refused.value.zh


def test_a_file_without_one_usable_row_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv", "编号,标题,时间,内容\n1,路灯,昨天,不亮\n")
    with pytest.raises(DomainError) as refused:
        reports_of(path)
    assert refused.value.code == "issues.no_rows" and "row 2" in refused.value.en
