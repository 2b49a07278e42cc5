from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cityloop.business.cases.domain.values import NewReport
from cityloop.business.cases.queries import cases_of
from cityloop.business.intake.commands import MapFile, batch, carry_on, open_run
from cityloop.business.intake.models import ImportRun, LeftOutRow
from cityloop.business.intake.queries import left_out_file
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed
from tests.business.intake.conftest import MAP
from tests.world import World, centre

pytestmark = pytest.mark.django_db
CsvFile = Callable[..., Path]


def started(path: Path, now: datetime, text: str = MAP, **given: Any) -> ImportRun:
    return open_run(path, given=MapFile(text, "test"), actor=SYSTEM, now=now, **given)


def imported(
    path: Path, now: datetime, text: str = MAP, size: int = 500, **given: Any
) -> ImportRun:
    run = started(path, now, text, **given)
    return carry_on(run, path, actor=SYSTEM, clock=lambda: now, batch=size)


def row(n: int, *, body: str = "门口路灯不亮", when: str = "2026-03-15 08:00", at: str = "") -> str:
    x, y = centre(n % 4)
    return f"{n},路灯,{body},{when},{at or f'{x:.6f},{y:.6f}'}"


def test_rows_come_in_and_are_counted(world: World, now: datetime, csv_file: CsvFile) -> None:
    path = csv_file(
        row(1),
        row(2, at="-73.98,40.75"),
        row(3, at=","),
        row(4, when="2026-02-30"),
        row(1),
        row(2, body="别的事"),
        "5,,,,,",
    )
    run = imported(path, now)
    tally = run.tally
    assert (tally.read, tally.accepted, tally.repeated) == (7, 3, 1)
    assert tally.refused == {"date.impossible": 1, "report.contradicts": 1, "report.empty": 1}
    assert tally.located == {"exact": 1, "outside": 1, "unknown": 1}
    assert tally.adds_up and run.state == "done"
    left = LeftOutRow.objects.order_by("pk").values_list("row", "column", "value", "code")
    assert list(left) == [
        (5, "when", "2026-02-30", "date.impossible"),
        (7, "id", "2", "report.contradicts"),
        (8, "body", "", "report.empty"),
    ]


def test_clocks_run_from_the_import_and_not_from_the_sources_time(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    imported(csv_file(row(1, when="2014-01-01 00:00")), now)
    case = cases_of(SYSTEM).get()
    report = case.reports.get()
    assert case.received_at == now and case.due_at is not None and case.due_at > now
    assert report.happened_at is not None and report.happened_at.year == 2013  # UTC


class Killed(BaseException):
    """The process ends."""


def test_killed_in_the_third_batch_goes_on_where_it_stood(
    world: World, now: datetime, csv_file: CsvFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(n) for n in range(1, 10)] + [row(10, when="never"), row(11)]
    path = csv_file(*rows)
    real, calls = batch.receive_many, []

    def dies(reports: Sequence[NewReport], **given: Any) -> Any:
        calls.append([r.external_id for r in reports])
        answers = real(reports, **given)
        if len(calls) == 3:
            raise Killed
        return answers

    monkeypatch.setattr(batch, "receive_many", dies)
    with pytest.raises(Killed):
        imported(path, now, size=3)
    half = ImportRun.objects.get()
    assert (half.state, half.position, half.tally.accepted) == ("running", 6, 6)
    assert cases_of(SYSTEM).count() == 6

    run = imported(path, now, size=3)
    assert run.pk == half.pk and run.state == "done"
    assert calls[3] == ["7", "8", "9"]
    assert (run.tally.read, run.tally.accepted, run.tally.repeated) == (11, 10, 0)
    assert run.tally.refused == {"date.unknown_format": 1}
    assert cases_of(SYSTEM).count() == 10


def test_finished_import_says_so_and_does_nothing(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    path = csv_file(row(1))
    imported(path, now)
    assert started(path, now).state == "done"
    assert ImportRun.objects.count() == 1


def test_longer_file_brings_only_what_is_new(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    imported(csv_file(row(1), row(2)), now)
    run = imported(csv_file(row(1), row(2), row(3)), now)
    assert (run.tally.accepted, run.tally.repeated) == (1, 2)


def test_two_processes_on_one_run_do_not_double(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    path = csv_file(*[row(n) for n in range(1, 5)])
    mine = started(path, now)
    other = ImportRun.objects.get(pk=mine.pk)
    carry_on(mine, path, actor=SYSTEM, clock=lambda: now, batch=2, most_batches=1)
    with pytest.raises(Conflict) as caught:
        carry_on(other, path, actor=SYSTEM, clock=lambda: now, batch=2, most_batches=1)
    assert caught.value.code == "import.two_at_once"
    assert cases_of(SYSTEM).count() == 2


def test_dry_run_tells_the_same_and_writes_no_report(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    path = csv_file(row(1), row(2), row(3, when="bad"), row(1), row(2, body="别的"))
    dry = imported(path, now, dry_run=True, size=2)
    assert cases_of(SYSTEM).count() == 0
    real = imported(path, now, size=2)
    assert dry.counts == real.counts
    assert real.tally.accepted == 2


def test_outside_points_are_refused_where_the_mapping_says_so(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    text = MAP + '[coordinates]\noutside = "refuse"\n'
    run = imported(csv_file(row(1), row(2, at="-73.98,40.75")), now, text)
    assert run.tally.refused == {"coords.outside": 1}
    left = LeftOutRow.objects.get()
    assert (left.row, left.value) == (3, "-73.98, 40.75")


def test_swapped_point_is_refused_or_missing(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    x, y = centre(0)
    path = csv_file(row(1, at=f"{y:.6f},{x:.6f}"))
    assert imported(path, now).tally.refused == {"place.swapped": 1}
    left = LeftOutRow.objects.get()
    assert (left.column, left.value) == ("y, x", f"{x:.6f} | {y:.6f}")
    lenient = imported(path, now, MAP + '[coordinates]\nunusable = "missing"\n')
    assert lenient.tally.accepted == 1
    assert lenient.tally.remarks == {"coords.unusable": 1}


def test_gb18030_file_is_read(world: World, now: datetime, csv_file: CsvFile) -> None:
    path = csv_file(row(1, body="𠮷祥里路灯不亮，朱镕基路口也黑"), encoding="gb18030")
    run = imported(path, now)
    assert run.tally.accepted == 1 and "gb18030" in " ".join(run.remarks)
    assert "𠮷祥里" in cases_of(SYSTEM).get().reports.get().text


def test_half_written_file_brings_whole_rows_and_names_the_cut_one(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    path = csv_file(row(1), row(2))
    path.write_bytes(path.read_bytes()[:-20])
    run = imported(path, now)
    assert run.tally.accepted == 1
    assert run.tally.refused == {"table.cells_missing": 1}


def test_wrong_columns_are_refused_before_the_first_row(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    with pytest.raises(DomainError) as caught:
        imported(csv_file("1,x", header="编号,内容"), now)
    assert caught.value.code == "map.column_missing"
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('[class]\ncolumn = "title"\nvalues = { "路灯" = "E7777" }\n', "map.unknown_class"),
        ('[area]\nfixed = "123456"\n', "map.unknown_area"),
    ],
)
def test_mapping_to_what_the_city_has_not_is_refused(
    world: World, now: datetime, csv_file: CsvFile, more: str, code: str
) -> None:
    with pytest.raises(DomainError) as caught:
        imported(csv_file(row(1)), now, MAP + more)
    assert caught.value.code == code


def test_json_lines_come_in(world: World, now: datetime, tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    path.write_text(
        '{"id": 1, "title": "路灯", "body": null}\n{broken\n{"id": 2, "title": "井盖"}\n'
    )
    run = imported(path, now, "channel = 'api'\n[columns]\nexternal_id='id'\ntitle='title'\n")
    assert (run.tally.accepted, run.tally.refused) == (2, {"table.json_broken": 1})


def test_left_out_file_holds_no_formula(world: World, now: datetime, csv_file: CsvFile) -> None:
    run = imported(csv_file("1,a,b,=cmd|' /C calc'!A0,,"), now)
    lines = b"".join(left_out_file(run)).decode("utf-8-sig").splitlines()
    assert lines[0] == "row,column,value,code,reason_zh,reason_en,outcome"
    assert lines[1].startswith("2,when,'=cmd|")
    assert lines[1].endswith(",refused")


@pytest.mark.parametrize("role", ["citizen", "worker", "handler", "analyst", "system"])
def test_others_do_not_import(world: World, now: datetime, csv_file: CsvFile, role: str) -> None:
    with pytest.raises(NotAllowed):
        open_run(csv_file(row(1)), given=MapFile(MAP), actor=world.viewer(role), now=now)


def test_what_no_database_takes_is_stored_without_it(
    world: World, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "odd.jsonl"
    odd = "a\\u0000b\\ud83d"
    path.write_text(
        f'{{"id": "1", "t": "{odd}", "k": "{odd}", "c": "{odd}"}}\n'
        f'{{"id": "2", "t": "", "k": "{odd}", "c": ""}}\n'
        f'{{"id": "3", "t": "😀👨‍👩‍👧 𠮷", "k": "", "c": ""}}\n'
    )
    text = """
channel = "api"
[columns]
external_id = "id"
title = "t"
[class]
column = "c"
values = { "x" = "E0112" }
[keep]
columns = ["k"]
"""
    run = imported(path, now, text)
    assert run.tally.refused == {"report.empty": 1}
    reports = [c.reports.get() for c in cases_of(SYSTEM).order_by("pk")]
    assert [r.title for r in reports] == ["ab\ufffd", "😀👨‍👩‍👧 𠮷"]
    assert reports[0].extra["kept"] == {"k": "ab?"}
    assert run.tally.unmapped == {"ab?": 1}


def test_text_of_ten_megabytes_is_refused_and_the_rest_comes_in(
    world: World, now: datetime, csv_file: CsvFile
) -> None:
    run = imported(csv_file(row(1, body="长" * 3_500_000), row(2)), now)
    assert (run.tally.accepted, run.tally.refused) == (1, {"table.cell_too_long": 1})
