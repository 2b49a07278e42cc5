"""Classes, conditions and departments of a profile fit together."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from profile_files import Files, class_key

UNITS = {"clock_minute", "clock_hour", "clock_day", "work_hour", "work_day"}
EVIDENCE = {"none", "photo", "photo_before_after"}
URGENCY = {"normal", "urgent", "emergency"}
COLUMNS = {
    "classes.csv": "kind big_code big_zh big_en code zh en aliases_zh aliases_en urgency",
    "conditions.csv": "kind code seq zh_file en_file zh_close en_close limit_value limit_unit "
    "department evidence default",
    "departments.csv": "key zh en kind remark",
    "duties.csv": "kind code lead co remark",
    "examples.csv": "kind code language text",
    "reasons.csv": "key move zh en",
    "texts.csv": "key zh en",
}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_file_every_row_has_the_documented_columns(profile: Files, name: str) -> None:
    rows = profile.rows(name)
    assert rows
    for row in rows:
        assert list(row) == COLUMNS[name].split(), row
        assert "too few" not in row.values(), row


def test_classes_codes_are_four_digits_under_their_big_class_and_unique(profile: Files) -> None:
    rows = profile.rows("classes.csv")
    for row in rows:
        assert row["code"].isdigit() and len(row["code"]) == 4, row
        assert row["code"].startswith(row["big_code"]), row
        assert row["urgency"] in URGENCY, row
    assert [key for key, n in Counter(profile.class_keys()).items() if n > 1] == []


def test_classes_names_are_unique_within_their_kind(profile: Files) -> None:
    names = Counter((r["kind"], r["zh"]) for r in profile.rows("classes.csv"))
    names += Counter((r["kind"], r["en"]) for r in profile.rows("classes.csv"))
    assert [name for name, n in names.items() if n > 1] == []


def test_classes_one_big_class_has_one_name(profile: Files) -> None:
    names = {
        (r["kind"], r["big_code"], r["big_zh"], r["big_en"]) for r in profile.rows("classes.csv")
    }
    assert len(names) == len({(kind, code) for kind, code, _, _ in names})


def test_classes_an_alias_leads_to_one_class_of_its_kind(profile: Files) -> None:
    seen = Counter(
        (row["kind"], alias)
        for row in profile.rows("classes.csv")
        for alias in row["aliases_zh"].split("|")
    )
    assert [alias for alias, n in seen.items() if n > 1] == []


def test_conditions_every_class_has_one_to_four_and_one_default(profile: Files) -> None:
    rows = profile.rows("conditions.csv")
    number = Counter(class_key(row) for row in rows)
    defaults = Counter(class_key(row) for row in rows if row["default"] == "1")
    for key in profile.class_keys():
        assert 1 <= number[key] <= 4, key
        assert defaults[key] == 1, key
    assert set(number) <= set(profile.class_keys())


def test_conditions_limits_and_evidence_are_known(profile: Files) -> None:
    for row in profile.rows("conditions.csv"):
        assert row["limit_unit"] in UNITS, row
        assert 1 <= float(row["limit_value"]) <= 30, row
        assert row["evidence"] in EVIDENCE, row
        assert row["default"] in {"0", "1"}, row


def test_conditions_are_numbered_from_one_without_gaps(profile: Files) -> None:
    numbers: dict[str, list[int]] = {}
    for row in profile.rows("conditions.csv"):
        numbers.setdefault(class_key(row), []).append(int(row["seq"]))
    assert all(n == list(range(1, len(n) + 1)) for n in numbers.values())


def test_conditions_emergencies_default_to_a_clock_that_never_sleeps(profile: Files) -> None:
    emergencies = {
        class_key(row) for row in profile.rows("classes.csv") if row["urgency"] == "emergency"
    }
    for row in profile.rows("conditions.csv"):
        if class_key(row) in emergencies and row["default"] == "1":
            assert row["limit_unit"] == "clock_hour" and float(row["limit_value"]) <= 4, row


def test_departments_every_one_named_exists(profile: Files) -> None:
    named = {row["department"] for row in profile.rows("conditions.csv")}
    for row in profile.rows("duties.csv"):
        named |= {row["lead"], *filter(None, row["co"].split("|"))}
    assert named <= profile.departments()


def test_departments_keys_are_unique_and_the_subdistrict_is_there(profile: Files) -> None:
    keys = [row["key"] for row in profile.rows("departments.csv")]
    assert len(keys) == len(set(keys))
    assert "subdistrict" in keys


@pytest.mark.parametrize(
    ("name", "optional"),
    [
        ("classes.csv", set()),
        ("conditions.csv", set()),
        ("departments.csv", set()),
        ("duties.csv", {"co", "remark"}),
        ("examples.csv", set()),
        ("reasons.csv", set()),
        ("texts.csv", set()),
    ],
)
def test_file_no_cell_is_empty_or_padded(profile: Files, name: str, optional: set[str]) -> None:
    for row in profile.rows(name):
        for column, value in row.items():
            assert value == value.strip(), (name, column, row)
            assert value or column in optional, (name, column, row)


def test_classes_national_ones_are_all_there(profile: Files, shared_data: Path) -> None:
    source = Files(shared_data / "yuncheng_case_standards").rows("categories_zh_en.csv")
    wanted = {
        class_key({"kind": row["kind"], "code": row["full_code"]})
        for row in source
        if row["local_extension"] == "False"
    }
    assert wanted - set(profile.class_keys()) == set()
