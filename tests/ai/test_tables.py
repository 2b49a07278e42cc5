"""Files from elsewhere: what their columns are called, what stands in a cell."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cityloop.ai.tables import (
    DAY,
    LABEL,
    TEXT,
    cell_text,
    columns_of_counts,
    day_comes_first,
    find_column,
    unpacked,
)
from cityloop.kernel.errors import DomainError


@pytest.mark.parametrize(
    ("there", "usual", "found"),
    [
        (["ID", "Created Date", "Agency"], DAY, "Created Date"),
        (["CreatedDate"], DAY, "CreatedDate"),
        (["\ufeffTEXT", "y"], TEXT, "\ufeffTEXT"),
        (["诉求 内容", "责任单位"], TEXT, "诉求 内容"),
        (["agency_name", "Label"], LABEL, "Label"),
        (["a", "b"], TEXT, ""),
    ],
)
def test_column_is_found_however_the_office_writes_it(
    there: list[str], usual: tuple[str, ...], found: str
) -> None:
    assert find_column(there, usual) == found


def test_empty_cells_say_nothing_and_a_nought_says_nought() -> None:
    assert [cell_text(v) for v in (None, float("nan"), "", 0, 1.5)] == ["", "", "", "0", "1.5"]


def test_order_of_day_and_month_is_told_by_the_first_number_above_twelve() -> None:
    first_days = [f"{month:02d}/{day:02d}/2018" for month in (4,) for day in range(1, 13)] * 2_000
    assert day_comes_first(first_days) is None
    assert day_comes_first([*first_days, "04/13/2018 10:00"]) is False
    assert day_comes_first([*first_days, "13/04/2018 10:00"]) is True
    assert day_comes_first(["2018-04-13"] * 9) is None


DAYS = [f"2026-01-{day:02d}" for day in range(1, 29)]


def of_days(**columns: list[object]) -> list[dict[str, object]]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def test_a_row_a_day_beside_numbers_looks_like_counts_and_reports_do_not() -> None:
    volume: list[object] = [3, 4] * 28
    days: list[object] = DAYS * 2
    areas: list[object] = ["N"] * 28 + ["S"] * 28
    counts = of_days(day=days, area=areas, volume=volume, note=[""] * 56)
    assert columns_of_counts(counts, "day") == ["volume"]
    assert columns_of_counts([*counts, counts[0]], "day") == [], "twice on a day: reports"
    assert columns_of_counts(of_days(day=days, area=areas), "day") == []
    numbered = of_days(number=list(range(56)), day=days, area=areas)
    assert columns_of_counts(numbered, "day") == [], "numbers of reports"
    timed = of_days(day=[f"{day} 08:1{n % 9}" for n, day in enumerate(days)], zip=volume)
    assert columns_of_counts(timed, "day") == []
    midnight = of_days(day=[f"{day} 00:00:00" for day in DAYS], zip=volume[:28])
    assert columns_of_counts(midnight, "day") == ["zip"]


def test_a_packed_file_is_unpacked_while_it_is_read_and_a_broken_one_refused(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"text,label\nx,y\n" * 400))
    with unpacked(file) as plain:
        assert plain.name == "a.csv" and plain.read_bytes().startswith(b"text,label")
    whole = file.read_bytes()
    for broken in (whole[:-9], whole[:20] + b"\xff" * 20 + whole[40:]):
        file.write_bytes(broken)
        with pytest.raises(DomainError) as refused, unpacked(file):
            pass
        assert refused.value.code == "table.damaged"
