from __future__ import annotations

import pytest

from cityloop.business.intake.domain.expressions import cell_text, expression, folded, joined

ROW = {"type": "Noise", "detail": "Loud Music", "empty": "", "a {b": "x"}.__getitem__


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("type", "Noise"),
        ("{type}: {detail}", "Noise: Loud Music"),
        ("{type}: {empty}", "Noise"),
        ("{empty}: {empty}", ""),
        ("[{type}]", "[Noise]"),
        ("{{{type}}}", "{Noise}"),
    ],
)
def test_template_of_a_row_gives_text(written: str, text: str) -> None:
    assert expression(written).text(ROW) == text


def test_joined_columns_leave_empty_ones_out() -> None:
    assert joined(("type", "empty", "detail"), ", ").text(ROW) == "Noise, Loud Music"


def test_cells_of_json_become_text() -> None:
    assert [cell_text(v) for v in (None, 3, 1.5, True, ["a"])] == ["", "3", "1.5", "true", '["a"]']


def test_column_names_fold_to_the_same_name() -> None:
    assert folded("Unique Key") == folded("unique_key") == folded("UNIQUE-KEY")
