"""Catalogue files: the real standard whole, faults by row, export that comes back the same."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from tests.conftest import real_data

from cityloop.business.catalogue.commands import load_departments, load_from_profile
from cityloop.business.catalogue.commands.import_file import import_catalogue
from cityloop.business.catalogue.commands.reading import read_catalogue
from cityloop.business.catalogue.commands.versions import fingerprint
from cityloop.business.catalogue.export import catalogue_file, duties_file
from cityloop.business.catalogue.models import Condition, Version
from cityloop.business.catalogue.queries import catalogue, condition_info, duty_table
from cityloop.city.accounts.commands import set_department
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.accounts.models import Department
from cityloop.engines.deadlines import Limit, Unit
from cityloop.kernel.errors import DomainError, NotAllowed

HEADER = ("大类代码", "大类名称", "小类代码", "小类名称",
          "处置单位", "立案条件", "结案条件", "处置时限")  # fmt: skip
GOOD = ("1", "公用设施", "1", "上水井盖", "市排水中心、各产权单位", "缺失", "恢复", "2紧急工作时")


def a_file(folder: Path, *rows: tuple[str, ...], kind: str = "部件") -> Path:
    path = folder / "standard.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER, "类型"])
        writer.writerows([*row, kind] for row in rows)
    return path


def changed(column: str, value: str) -> tuple[str, ...]:
    return tuple(value if name == column else v for name, v in zip(HEADER, GOOD, strict=True))


def written(pieces: Any, path: Path) -> Path:
    path.write_bytes(b"".join(pieces))
    return path


def test_real_standard_is_read_whole_with_every_limit() -> None:
    reading = read_catalogue(real_data("yuncheng_case_standards", "muban.xlsx"))
    kinds = Counter(c.kind for c in reading.classes for _ in c.conditions)
    assert (len(reading.classes), kinds, reading.refused) == (
        190, {"component": 375, "event": 144}, [],
    )  # fmt: skip
    limits = Counter(
        (c.limit_value, c.limit_unit) for spec in reading.classes for c in spec.conditions
    )
    assert limits == {
        (1, "work_day"): 143, (5, "work_day"): 86, (3, "work_day"): 84, (2, "work_day"): 82,
        (4, "work_hour"): 39, (2, "clock_hour"): 32, (2, "work_hour"): 22, (7, "work_day"): 9,
        (1, "clock_hour"): 6, (15, "work_day"): 5, (4, "clock_hour"): 4, (2, "clock_day"): 3,
        (10, "work_day"): 2, (4, "work_day"): 1, (1, "clock_day"): 1,
    }  # fmt: skip


def test_words_after_a_limit_are_kept_as_a_remark() -> None:
    reading = read_catalogue(real_data("yuncheng_case_standards", "muban.xlsx"))
    said = [c.remark for spec in reading.classes for c in spec.conditions if c.remark]
    assert said == ["制止"]
    assert any("制止" in remark for remark in reading.remarks)


def test_workbook_and_its_parsed_copy_are_the_same_content() -> None:
    workbook = read_catalogue(real_data("yuncheng_case_standards", "muban.xlsx"))
    parsed = read_catalogue(real_data("yuncheng_case_standards", "standards_muban_parsed.csv"))
    assert fingerprint(workbook.classes, []) == fingerprint(parsed.classes, [])


@pytest.mark.django_db
def test_real_standard_imports_exports_and_imports_back_as_the_same(
    tmp_path: Path, now: datetime
) -> None:
    source = real_data("yuncheng_case_standards", "muban.xlsx")
    done = import_catalogue(source, create_departments=True, actor=SYSTEM, now=now)
    assert done.version is not None and not done.units.unknown
    assert Condition.objects.filter(case_class__version=done.version).count() == 519
    for form in ("csv", "xlsx"):
        path = written(catalogue_file(done.version, form), tmp_path / f"out.{form}")
        again = import_catalogue(path, actor=SYSTEM, now=now)
        assert (again.version, again.same_as) == (None, done.version), form


@pytest.mark.django_db
def test_profile_catalogue_with_duties_exports_and_imports_back_as_the_same(
    tmp_path: Path, now: datetime
) -> None:
    load_departments(actor=SYSTEM, now=now)
    version = load_from_profile(actor=SYSTEM, now=now)
    path = written(catalogue_file(version, "csv"), tmp_path / "c.csv")
    duties = written(duties_file(version), tmp_path / "d.csv")
    again = import_catalogue(path, duties=duties, actor=SYSTEM, now=now)
    assert (again.version, again.same_as) == (None, version)
    assert len(duty_table(version.pk)) > 100


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("大类代码", "井", "digits"),
        ("小类代码", "123", "digits"),
        ("小类名称", "", "no name"),
        ("立案条件", "", "filing condition"),
        ("处置时限", "尽快", "limit"),
        ("大类名称", "长" * 61, "at most 60"),
    ],
)
def test_row_with_fault_is_named_with_column_and_value(
    tmp_path: Path, column: str, value: str, said: str
) -> None:
    reading = read_catalogue(a_file(tmp_path, GOOD, changed(column, value)))
    assert [(r.row, r.column, r.value) for r in reading.refused] == [(3, column, value)]
    assert said in reading.refused[0].en
    assert reading.conditions == 1


def test_class_with_two_names_is_refused_at_the_second(tmp_path: Path) -> None:
    reading = read_catalogue(a_file(tmp_path, GOOD, changed("小类名称", "下水井盖")))
    assert [(r.row, r.column) for r in reading.refused] == [(3, "小类名称")]


def test_file_without_the_columns_is_refused_with_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DomainError, match="处置时限") as refused:
        read_catalogue(path)
    assert refused.value.details["columns"] == ["a", "b"]


def test_kind_that_is_not_said_is_refused(tmp_path: Path) -> None:
    reading = read_catalogue(a_file(tmp_path, GOOD, kind="物件"))
    assert [(r.column, r.value) for r in reading.refused] == [("类型", "物件")]


@pytest.mark.django_db
def test_refused_row_stops_the_import_unless_allowed(tmp_path: Path, now: datetime) -> None:
    path = a_file(tmp_path, GOOD, changed("处置时限", "尽快"))
    assert import_catalogue(path, actor=SYSTEM, now=now).version is None
    assert not Version.objects.exists()
    done = import_catalogue(path, allow_refused=True, actor=SYSTEM, now=now)
    assert done.version is not None and done.version.active


@pytest.mark.django_db
def test_dry_run_writes_nothing_not_even_departments(tmp_path: Path, now: datetime) -> None:
    path = a_file(tmp_path, GOOD)
    done = import_catalogue(path, dry_run=True, create_departments=True, actor=SYSTEM, now=now)
    assert done.reading.conditions == 1 and done.units.unknown == {"市排水中心": 1}
    assert not Version.objects.exists() and not Department.objects.exists()


@pytest.mark.django_db
def test_second_import_makes_a_new_version_and_old_conditions_stay(
    tmp_path: Path, now: datetime
) -> None:
    first = import_catalogue(a_file(tmp_path, GOOD), actor=SYSTEM, now=now).version
    old = catalogue().classes["C0101"].conditions[0]
    path = a_file(tmp_path, changed("处置时限", "4小时"))
    second = import_catalogue(path, actor=SYSTEM, now=now).version
    assert first and second and (second.number, second.active) == (first.number + 1, True)
    assert catalogue().classes["C0101"].conditions[0].limit == Limit(4, Unit.WORK_HOUR)
    kept = condition_info(old.id)
    assert kept is not None and kept.limit == Limit(2, Unit.CLOCK_HOUR)


@pytest.mark.django_db
def test_same_content_makes_no_version_unless_forced(tmp_path: Path, now: datetime) -> None:
    path = a_file(tmp_path, GOOD)
    first = import_catalogue(path, actor=SYSTEM, now=now).version
    again = import_catalogue(path, actor=SYSTEM, now=now)
    assert (again.version, again.same_as) == (None, first)
    assert import_catalogue(path, force=True, actor=SYSTEM, now=now).version is not None


@pytest.mark.django_db
def test_units_become_departments_by_name_by_ending_or_by_area(
    tmp_path: Path, now: datetime
) -> None:
    set_department("drainage", name_zh="排水服务中心", actor=SYSTEM, now=now)
    text = "运城市排水服务中心、各产权单位，河道管理部门"
    path = a_file(tmp_path, changed("处置单位", text))
    done = import_catalogue(path, actor=SYSTEM, now=now)
    found = catalogue().classes["C0101"].conditions[0]
    assert found.departments == ("drainage", "@area")
    assert done.units.unknown == {"河道管理部门": 1}
    assert Condition.objects.get().units_text == text


@pytest.mark.django_db
def test_created_departments_are_found_again_by_the_next_import(
    tmp_path: Path, now: datetime
) -> None:
    path = a_file(tmp_path, GOOD)
    import_catalogue(path, create_departments=True, actor=SYSTEM, now=now)
    import_catalogue(path, create_departments=True, force=True, actor=SYSTEM, now=now)
    assert [d.name_zh for d in Department.objects.all()] == ["市排水中心"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_imports(tmp_path: Path, now: datetime, role: Role) -> None:
    actor = Viewer("person", 1, "x", (Holding(role),))
    with pytest.raises(NotAllowed):
        import_catalogue(a_file(tmp_path, GOOD), actor=actor, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("E03x,,urban,,", "pattern"),
        ("E03*,,army,,", "lead"),
        ("E03*,4711,urban,,", "area"),
        ("E03*,,urban,army,", "co"),
    ],
)
def test_duty_table_with_fault_is_refused_at_its_row(
    tmp_path: Path, now: datetime, row: str, column: str
) -> None:
    set_department("urban", name_zh="城管", actor=SYSTEM, now=now)
    duties = tmp_path / "duties.csv"
    duties.write_text(f"pattern,area,lead,co,remark\nE*,,urban,,\n{row}\n", encoding="utf-8")
    with pytest.raises(DomainError) as refused:
        import_catalogue(a_file(tmp_path, GOOD), duties=duties, actor=SYSTEM, now=now)
    assert (refused.value.details["row"], refused.value.details["column"]) == (3, column)
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_command_says_what_was_refused_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, GOOD, changed("处置时限", "尽快"))
    with pytest.raises(CommandError):
        call_command("import_catalogue", str(path))
    assert "row 3, 处置时限: '尽快'" in capsys.readouterr().out
