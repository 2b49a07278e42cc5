from __future__ import annotations

import pytest

from cityloop.business.intake.domain import bind, parse_map
from cityloop.business.intake.files import map_names, named_map
from cityloop.kernel.errors import DomainError


def refusal(text: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        parse_map(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[columns", "map.not_toml", "file"),
        ("", "map.nothing_to_say", "columns"),
        ("[colums]\ntext = 'a'", "map.unknown_key", "colums"),
        ("[columns]\ntext = 'a'\nlatitude = 'b'", "map.unknown_key", "columns.latitude"),
        ("[columns]\ntext = 5", "map.wrong_type", "columns.text"),
        ("[columns]\ntext = 'a'\n[dates]\ndayfirst = 'no'", "map.wrong_type", "dates.dayfirst"),
        ("[columns]\ntext = 'a'\n[coordinates]\ncrs = 'utm'", "map.value", "coordinates.crs"),
        (
            "[columns]\ntext = 'a'\n[coordinates]\nmissing = [[39, -77]]",
            "map.wrong_type",
            "coordinates.missing",
        ),
        ("[columns]\ntext = 'a'\n[[skip]]\ncolumn = 'b'", "map.value", "skip 1"),
        ("[columns]\ntext = 'a'\n[area]\nfixed = '1'\ncolumn = 'b'", "map.value", "area.fixed"),
    ],
)
def test_mapping_that_is_wrong_is_refused_naming_the_key(text: str, code: str, where: str) -> None:
    error = refusal(text)
    assert (error.code, error.where) == (code, where)


def test_unknown_key_suggests_the_nearest() -> None:
    assert "'columns'" in refusal("[colums]\ntext = 'a'").en


def test_columns_are_bound_by_name_in_any_order() -> None:
    mapping = parse_map("[columns]\ntext = '详情'\n[keep]\ncolumns = ['点赞数', '反对数']")
    swapped = ["反对数", "详情", "点赞数"]
    assert bind(mapping, swapped) == {"详情": "详情", "点赞数": "点赞数", "反对数": "反对数"}


def test_column_written_differently_is_found() -> None:
    mapping = parse_map("[columns]\ntext = 'complaint_type'")
    assert bind(mapping, ["Complaint Type"]) == {"complaint_type": "Complaint Type"}


def test_two_columns_that_fold_alike_are_not_guessed_between() -> None:
    mapping = parse_map("[columns]\ntext = 'complaint_type'")
    with pytest.raises(DomainError) as caught:
        bind(mapping, ["Complaint Type", "ComplaintType"])
    assert caught.value.code == "map.column_missing"


def test_missing_column_lists_those_there_are() -> None:
    mapping = parse_map("[columns]\ntext = 'descripton'")
    with pytest.raises(DomainError) as caught:
        bind(mapping, ["id", "description"])
    assert caught.value.details == {"missing": ["descripton"], "columns": ["id", "description"]}
    assert "descripton → description?" in caught.value.en


def test_optional_column_may_be_absent() -> None:
    mapping = parse_map("optional = ['b']\n[columns]\ntext = 'a'\ntitle = 'b'")
    assert bind(mapping, ["a"]) == {"a": "a"}


@pytest.mark.parametrize("name", map_names())
def test_shipped_mapping_is_good(name: str) -> None:
    assert parse_map(named_map(name)).columns()


@pytest.mark.parametrize("name", ["../default/profile", "nope", "A.toml", ""])
def test_mapping_outside_the_folder_cannot_be_asked_for(name: str) -> None:
    with pytest.raises(DomainError) as caught:
        named_map(name)
    assert caught.value.code == "map.unknown"
