"""JSON lines: strict where JSON readers are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityloop.engines.tables import open_table
from tests.engines.tables.files_made import made, refusals_of, rows_of


def test_objects_come_with_their_types(tmp_path: Path) -> None:
    table = open_table(made(tmp_path, '{"id": 1, "文": "路灯"}\n\n{"id": 2, "n": 1.5}\n'))
    assert table.columns == ["id", "文", "n"]
    assert list(table.rows()) == [(1, {"id": 1, "文": "路灯"}), (3, {"id": 2, "n": 1.5})]


@pytest.mark.parametrize(
    "line",
    [
        '{"a": NaN}',
        '{"a": -Infinity}',
        '{"a": 1e999}',
        '{"a": 1, "a": 2}',
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a": ' + "9" * 5_000 + "}",
        '{"a": "cut off',
        "[1, 2]",
        "7",
    ],
)
def test_bad_line_is_refused_and_the_rest_comes(tmp_path: Path, line: str) -> None:
    table = open_table(made(tmp_path, f'{{"a": 0}}\n{line}\n{{"a": 3}}\n'))
    assert refusals_of(table) == [(2, "table.json_broken")]
    assert rows_of(table) == [{"a": 0}, {"a": 3}]


def test_brackets_inside_texts_do_not_count_as_levels(tmp_path: Path) -> None:
    line = '{"a": "' + "[{" * 50 + '"}\n'
    assert rows_of(open_table(made(tmp_path, line))) == [{"a": "[{" * 50}]
