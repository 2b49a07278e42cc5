"""A new version takes new cases; open cases stay on theirs."""

from __future__ import annotations

from datetime import datetime

import pytest

from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport
from cityloop.business.cases.models import Case
from cityloop.business.catalogue.commands import ClassSpec, ConditionSpec, write_version
from cityloop.business.catalogue.commands.versions import choose_version
from cityloop.business.catalogue.models import Version
from cityloop.business.catalogue.queries import condition_info
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.places.models import Area
from cityloop.kernel.errors import NotAllowed


def a_version(days: float, now: datetime) -> Version:
    condition = ConditionSpec("存在", "消除", days, "work_day")
    spec = ClassSpec("event", "0301", "施工管理", "施工噪声", (condition,))
    return write_version(
        name=f"{days} days", source="test", classes=[spec], duties=[], actor=SYSTEM, now=now
    )


def a_case(number: str, now: datetime) -> Case:
    report = NewReport(channel="hotline", external_id=number, text="吵", class_key="E0301")
    return Case.objects.get(pk=receive(report, actor=SYSTEM, now=now).case_id)


def days_of(case: Case) -> float:
    case.refresh_from_db()
    found = condition_info(case.condition_id) if case.condition_id else None
    assert found is not None
    return found.limit.value


@pytest.mark.django_db
def test_open_case_keeps_the_condition_it_was_opened_under(now: datetime) -> None:
    Area.objects.create(level="district", code="990101", name_zh="甲区", valid_from=now)
    a_version(2, now)
    old = a_case("1", now)
    a_version(5, now)
    new = a_case("2", now)
    assert (days_of(old), days_of(new)) == (2, 5)


@pytest.mark.django_db
def test_earlier_version_is_made_active_again_by_the_administrator_alone(now: datetime) -> None:
    first = a_version(2, now)
    a_version(5, now)
    clerk = Viewer("person", None, "clerk", (Holding(Role.DISPATCHER),))
    with pytest.raises(NotAllowed):
        choose_version(first.number, actor=clerk, now=now)
    choose_version(first.number, actor=SYSTEM, now=now)
    active = Version.objects.filter(active=True).values_list("number", flat=True)
    assert list(active) == [first.number]
