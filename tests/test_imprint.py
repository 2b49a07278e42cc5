"""Rows laid again are the rows that were built; where that could differ, it is built anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cityloop.city.accounts.models import Department
from tests import imprint

NOW = datetime(2026, 3, 2, 1, 30, 15, 123_456, tzinfo=UTC)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often `build` ran; nothing of it is kept for other tests."""
    monkeypatch.setattr(imprint, "_kept", {})
    yield []


def _build(built: list[str]) -> dict[str, Any]:
    built.append("once")
    one = Department.objects.create(key="roads", name_zh="道路\t养护\n中心", name_en="O'Brien \\N")
    return {"id": one.pk, "now": NOW}


def _rows() -> list[dict[str, Any]]:
    return list(Department.objects.order_by("pk").values())


@pytest.mark.django_db
def test_second_laying_copies_the_same_rows_without_building(built: list[str]) -> None:
    first = imprint.laid("a", lambda: _build(built))
    rows = _rows()
    assert [row["id"] for row in rows] == [first["id"]]
    Department.objects.all().delete()
    assert imprint.laid("a", lambda: _build(built)) == first
    assert _rows() == rows
    assert built == ["once"]


@pytest.mark.django_db
def test_other_key_or_a_database_with_rows_is_built(built: list[str]) -> None:
    imprint.laid("a", lambda: _build(built))
    Department.objects.all().delete()
    imprint.laid("b", lambda: _build(built))
    assert built == ["once"] * 2
    Department.objects.update(key="parks")
    imprint.laid("a", lambda: _build(built))
    assert built == ["once"] * 3
    assert {row["key"] for row in _rows()} == {"parks", "roads"}


@pytest.mark.django_db
def test_builder_that_changes_rows_that_were_there_is_never_copied(built: list[str]) -> None:
    Department.objects.create(key="old", name_zh="旧")

    def change() -> int:
        built.append("once")
        return Department.objects.update(name_zh=f"新 {len(built)}")

    assert [imprint.laid("c", change) for _ in range(2)] == [1, 1]
    assert _rows()[0]["name_zh"] == "新 4", "tried and undone, then built; and so again"
    assert imprint.laid("d", lambda: 7) == 7, "nothing built, nothing to copy"
    assert imprint._kept == {}
