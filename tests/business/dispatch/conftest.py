"""A small catalogue, four departments, a district with one street."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from cityloop.business.catalogue.commands import (
    ClassSpec,
    ConditionSpec,
    DutySpec,
    write_version,
)
from cityloop.business.catalogue.models import Version
from cityloop.business.dispatch import faults
from cityloop.city.accounts.commands import set_department
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places.models import Area


@pytest.fixture(autouse=True)
def _no_faults_said() -> None:
    faults.forget()


@pytest.fixture
def offices(db: Any, now: datetime) -> dict[str, int]:
    """Department ids by key."""
    rows = {"urban": False, "police": False, "ecology": False, "subdistrict": True}
    return {
        key: set_department(key, name_zh=f"{key}局", is_fallback=fallback, actor=SYSTEM, now=now)
        for key, fallback in rows.items()
    }


@pytest.fixture
def street(db: Any, now: datetime) -> Area:
    """A district with one subdistrict, which is returned."""
    district = Area.objects.create(level="district", code="990101", name_zh="甲区", valid_from=now)
    return Area.objects.create(
        level="subdistrict", code="990101001", name_zh="乙街道", parent=district, valid_from=now
    )


def a_class(code: str, name: str, *departments: str) -> ClassSpec:
    """An event class with one condition."""
    condition = ConditionSpec("存在", "消除", 1, "work_day", departments=departments)
    return ClassSpec("event", code, "市容环境", name, (condition,))


@pytest.fixture
def small(offices: dict[str, int], street: Area, now: datetime) -> Version:
    """E0301 noise (duty: urban, in the street: ecology), E0302 by condition, E0401 by nobody."""
    return write_version(
        name="small",
        source="test",
        classes=[
            a_class("0301", "施工噪声"),
            a_class("0302", "占道经营", "police", "urban"),
            a_class("0401", "其他"),
        ],
        duties=[
            DutySpec("E03*", "police"),
            DutySpec("E0301", "urban", ("police",)),
            DutySpec("E0301", "ecology", (), area_id=street.pk),
        ][1:],
        actor=SYSTEM,
        now=now,
    )
