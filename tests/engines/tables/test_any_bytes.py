"""No byte string makes the readers raise anything but a DomainError."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError
from tests.engines.tables.files_made import with_shared_texts


def workbook_bytes() -> bytes:
    book = openpyxl.Workbook()
    for row in (["编号", "内容"], [1, "a"], [2.5, "=1"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


CSV = '编号,内容\n1,"路灯\n不亮"\n2,井盖\n'
SEEDS = [
    CSV.encode(), CSV.encode("gbk"), CSV.encode("utf-16"), b'{"a": 1}\n{"a": [1, {"b": null}]}\n',
    workbook_bytes(), b"PK\x03\x04", b"\xff\xfe", b"",
]  # fmt: skip


def read_all(path: Path) -> None:
    for fill in (False, True):
        try:
            table = open_table(path, fill_merged=fill)
            for number, values in table.rows():
                assert number > 0 and isinstance(values, dict)
        except DomainError as error:
            assert error.code.startswith("table.")
            assert error.zh != error.en
        else:
            for row in table.refused:
                assert row.error.code.startswith("table.")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "file.csv"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_random_bytes(place: Path, data: bytes) -> None:
    place.write_bytes(data)
    read_all(place)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.sampled_from(SEEDS), at=st.floats(0, 1), junk=st.binary(max_size=30), cut=st.booleans()
)
def test_damaged_tables(place: Path, seed: bytes, at: float, junk: bytes, cut: bool) -> None:
    start = int(len(seed) * at)
    place.write_bytes(seed[:start] + junk + (b"" if cut else seed[start + len(junk) :]))
    read_all(place)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    part=st.integers(0, 30),
    at=st.floats(0, 1),
    junk=st.sampled_from(
        [b"", b"<", b"&x;", b"]]>", b'"', b"<row>", b"</c>", b'r="ZZZ9"', b"-1", b"\xff", b"9" * 40]
    ),
    skipped=st.integers(0, 12),
)
def test_workbooks_with_one_part_damaged(
    place: Path, part: int, at: float, junk: bytes, skipped: int
) -> None:
    with zipfile.ZipFile(with_shared_texts(place.parent)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = sorted(parts)[part % len(parts)]
    start = int(len(parts[name]) * at)
    parts[name] = parts[name][:start] + junk + parts[name][start + skipped :]
    with zipfile.ZipFile(place, "w") as target:
        for name_, data in parts.items():
            target.writestr(name_, data)
    read_all(place)
