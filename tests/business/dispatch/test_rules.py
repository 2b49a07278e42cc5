"""Saving, removing, loading and trying rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.business.dispatch.test_routing import a_rule, facts

from cityloop.business.catalogue.models import Version
from cityloop.business.dispatch import history
from cityloop.business.dispatch.commands import (
    NewRule,
    load_rules,
    remove_rule,
    rules_of_profile,
    save_rule,
    try_rule,
)
from cityloop.business.dispatch.history import PastCase
from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.queries import rule_versions, rules_in_force
from cityloop.city.accounts.domain import SYSTEM, Holding, Role, Viewer
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound


def viewer(role: Role) -> Viewer:
    return Viewer("person", 1, role.value, (Holding(role),))


def test_saving_twice_changes_nothing_and_a_change_is_a_new_version(
    small: Version, now: datetime
) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)
    save_rule(a_rule(), actor=SYSTEM, now=now)
    save_rule(a_rule(zh="夜间噪声"), actor=SYSTEM, now=now)
    said = [(r.version, r.zh, r.in_force) for r in rule_versions("night", viewer=SYSTEM)]
    assert said == [(2, "夜间噪声", True), (1, "夜间", False)]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"when": {"field": "class", "op": "eq", "value": "E9898"}}, "when.value"),
        ({"when": {"field": "channel", "op": "eq", "value": "pigeon"}}, "when.value"),
        ({"when": {"field": "area", "op": "eq", "value": "1"}}, "when.value"),
        ({"then": {"lead": "army"}}, "then.lead"),
        ({"then": {"co": ["urban", "army"]}}, "then.co[1]"),
        ({"then": {"priority": "now"}}, "then.priority"),
        ({"area_id": 4711}, "area"),
        ({"zh": " "}, "zh"),
        ({"key": "夜"}, "key"),
        ({"reason_en": "x" * 401}, "reason_en"),
    ],
)
def test_rule_with_fault_is_refused_and_nothing_is_written(
    small: Version, now: datetime, given: dict[str, Any], where: str
) -> None:
    with pytest.raises(DomainError) as refused:
        save_rule(a_rule(**given), actor=SYSTEM, now=now)
    assert (refused.value.code, refused.value.where) == ("rule.invalid", where)
    assert not Rule.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_only_district_supervisor_and_system_administrator_write_rules(
    small: Version, now: datetime, role: Role
) -> None:
    if role in (Role.SUPERVISOR_DISTRICT, Role.SYSTEM_ADMIN):
        actor = Viewer("person", None, role.value, (Holding(role),))
        assert save_rule(a_rule(), actor=actor, now=now).version == 1
        return
    with pytest.raises(NotAllowed):
        save_rule(a_rule(), actor=viewer(role), now=now)
    with pytest.raises(NotAllowed):
        remove_rule("night", actor=viewer(role), now=now)


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.GRID_WORKER])
def test_rules_are_not_shown_to_everybody(small: Version, role: Role) -> None:
    with pytest.raises(NotAllowed):
        rules_in_force(viewer=viewer(role))


def test_removing_twice_is_told(small: Version, now: datetime) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)
    remove_rule("night", actor=SYSTEM, now=now)
    assert rules_in_force(viewer=SYSTEM) == []
    with pytest.raises(NotFound):
        remove_rule("night", actor=SYSTEM, now=now)


def test_saving_a_removed_rule_again_puts_it_into_force_as_a_new_version(
    small: Version, now: datetime
) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)
    remove_rule("night", actor=SYSTEM, now=now)
    assert save_rule(a_rule(), actor=SYSTEM, now=now).version == 2


def test_rules_of_the_profile_load_in_its_order_and_a_second_time_change_nothing(
    db: Any, now: datetime
) -> None:
    from cityloop.business.catalogue.commands import load_departments, load_from_profile

    load_departments(actor=SYSTEM, now=now)
    load_from_profile(actor=SYSTEM, now=now)
    wanted = [r.key for r in rules_of_profile(load_profile())]
    assert load_rules(actor=SYSTEM, now=now).saved == wanted
    assert [r.key for r in rules_in_force(viewer=SYSTEM)] == wanted
    assert load_rules(actor=SYSTEM, now=now).same == wanted


def test_loading_a_set_with_one_fault_writes_none(
    small: Version, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [a_rule(), NewRule("bad", "坏", {"field": "hour", "op": "eq", "value": 25}, {})]
    monkeypatch.setattr(
        "cityloop.business.dispatch.commands.rules.rules_of_profile", lambda _: rules
    )
    with pytest.raises(DomainError) as refused:
        load_rules(actor=SYSTEM, now=now)
    assert refused.value.where == "bad.when.value"
    assert not Rule.objects.exists()


@pytest.fixture
def lent(monkeypatch: pytest.MonkeyPatch) -> list[PastCase]:
    """Past cases lent to the dry run, to be filled by the test."""
    cases: list[PastCase] = []

    def read(since: datetime, until: datetime) -> Iterator[PastCase]:
        return iter([c for c in cases if since <= c.facts.at < until])

    monkeypatch.setattr(history, "_reader", [read])
    return cases


def test_dry_run_counts_what_would_have_gone_elsewhere_and_saves_nothing(
    small: Version, offices: dict[str, int], now: datetime, lent: list[PastCase]
) -> None:
    night = facts()
    noon = facts(at=night.at - timedelta(hours=11))
    lent += [
        PastCase(1, "A1", night, offices["urban"]),
        PastCase(2, "A2", night, offices["police"]),
        PastCase(3, "A3", noon, offices["urban"]),
    ]
    trial = try_rule(
        a_rule(), since=now - timedelta(days=1), until=now + timedelta(days=1), actor=SYSTEM
    )
    assert (trial.examined, trial.held, trial.otherwise, trial.faults) == (3, 2, 1, 0)
    assert trial.moves == {(offices["urban"], offices["police"]): 1}
    assert [e["number"] for e in trial.examples] == ["A1"]
    assert not Rule.objects.exists()


def test_dry_run_of_a_changed_rule_tries_the_change_and_not_the_rule_in_force(
    small: Version, offices: dict[str, int], now: datetime, lent: list[PastCase]
) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)
    lent.append(PastCase(1, "A1", facts(), offices["police"]))
    trial = try_rule(
        a_rule(then={"lead": "ecology"}),
        since=now - timedelta(days=1), until=now + timedelta(days=1), actor=SYSTEM,
    )  # fmt: skip
    assert trial.moves == {(offices["police"], offices["ecology"]): 1}


def test_dry_run_over_too_long_a_span_is_refused(small: Version, now: datetime) -> None:
    with pytest.raises(DomainError, match=r"rule\.span"):
        try_rule(a_rule(), since=now - timedelta(days=900), until=now, actor=SYSTEM)
