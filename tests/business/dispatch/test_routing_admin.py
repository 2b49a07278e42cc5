"""The staff site: rules, catalogue, models and work days open for those who may."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from cityloop.business.catalogue.models import Version, WorkDay
from cityloop.business.dispatch.models import Rule
from cityloop.city.accounts.models import RoleHolding, User

PAGES = [
    "dispatch/rule",
    "catalogue/version",
    "catalogue/caseclass",
    "catalogue/duty",
    "catalogue/workday",
    "triage/modelversion",
    "triage/correction",
]


def logged_in(role: str, now: datetime) -> Client:
    user = User.objects.create(username=role, is_staff=True)
    RoleHolding.objects.create(user=user, role=role, granted_at=now)
    client = Client()
    client.force_login(user, backend="cityloop.city.accounts.backend.LimitedLogin")
    return client


@pytest.mark.parametrize("page", PAGES)
def test_lists_open_for_the_administrator_and_not_for_a_grid_worker(
    small: Version, now: datetime, page: str
) -> None:
    assert logged_in("system_admin", now).get(f"/admin/{page}/").status_code == 200
    assert logged_in("grid_worker", now).get(f"/admin/{page}/").status_code == 403


def post(client: Client, path: str, **given: Any) -> int:
    return client.post(path, given).status_code


def test_rule_saved_on_the_staff_site_is_checked_and_versioned(
    small: Version, now: datetime
) -> None:
    client = logged_in("system_admin", now)
    when = {"field": "class", "op": "eq", "value": "E0301"}
    said = {"key": "night", "position": 10, "zh": "夜间", "then": json.dumps({"lead": "police"})}
    assert post(client, "/admin/dispatch/rule/add/", **said, when=json.dumps(when)) == 302
    row = Rule.objects.get()
    assert (row.version, row.when) == (1, when)
    bad = json.dumps(when | {"value": "E9898"})
    post(client, f"/admin/dispatch/rule/{row.pk}/change/", **said, when=bad)
    assert Rule.objects.count() == 1
    said["zh"] = "夜间噪声"
    post(client, f"/admin/dispatch/rule/{row.pk}/change/", **said, when=json.dumps(when))
    assert list(Rule.objects.order_by("version").values_list("zh", flat=True)) == [
        "夜间", "夜间噪声",
    ]  # fmt: skip


def test_work_day_entered_on_the_staff_site_is_kept(small: Version, now: datetime) -> None:
    client = logged_in("system_admin", now)
    post(client, "/admin/catalogue/workday/add/", day="2026-10-01", name="国庆")
    assert list(WorkDay.objects.values_list("day", "works")) == [(date(2026, 10, 1), False)]
