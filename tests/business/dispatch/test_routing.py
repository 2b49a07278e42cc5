"""The pipeline step by step: who decides, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cityloop.business.catalogue.models import Version
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch.commands import NewRule, remove_rule, save_rule
from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.queries import CaseFacts, forget, replay, route
from cityloop.city.accounts.commands import set_department
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places.domain import AreaPath
from cityloop.city.places.models import Area

NIGHT = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
NOISE: dict[str, Any] = {
    "all": [
        {"field": "class", "op": "eq", "value": "E0301"},
        {"field": "hour", "op": "between", "value": [22, 5]},
    ]
}


def facts(key: str = "E0301", at: datetime = NIGHT, **given: Any) -> CaseFacts:
    cls = catalogue().classes.get(key)
    said = CaseFacts(
        class_key=key if cls else "",
        condition_id=cls.conditions[0].id if cls else None,
        path=AreaPath(),
        channel="hotline",
        at=at,
        urgency="normal",
        title="",
        text="半夜施工",
    )
    return replace(said, **given)


def a_rule(key: str = "night", **given: Any) -> NewRule:
    said: dict[str, Any] = {"zh": "夜间", "when": NOISE, "then": {"lead": "police"}}
    return NewRule(key=key, **(said | given))


def test_rule_that_holds_decides_before_the_duty_table(
    small: Version, offices: dict[str, int], now: datetime
) -> None:
    save_rule(a_rule(then={"lead": "police", "co": ["urban"], "priority": "urgent"}),
              actor=SYSTEM, now=now)  # fmt: skip
    found = route([facts()], now=now)[0]
    assert (found.lead_id, found.co_ids, found.urgency, found.by) == (
        offices["police"], (offices["urban"],), "urgent", "rule",
    )  # fmt: skip
    step = found.explanation["steps"][0]
    assert (step["held"], step["version"]) == ("night", 1)
    assert {"field": "hour", "op": "between", "found": 23} in step["matched"]


def test_rule_without_lead_keeps_the_lead_of_the_duty_table(
    small: Version, offices: dict[str, int], now: datetime
) -> None:
    save_rule(a_rule(then={"lead": "", "co": ["subdistrict"]}), actor=SYSTEM, now=now)
    found = route([facts()], now=now)[0]
    assert (found.lead_id, found.co_ids, found.by) == (
        offices["urban"], (offices["subdistrict"],), "duty",
    )  # fmt: skip


def test_duty_of_the_area_beats_the_general_one(
    small: Version, offices: dict[str, int], street: Area, now: datetime
) -> None:
    here = AreaPath(district_id=street.parent_id, subdistrict_id=street.pk)
    found = route([facts(), facts(path=here)], now=now)
    assert [f.lead_id for f in found] == [offices["urban"], offices["ecology"]]


def test_units_of_the_condition_decide_where_the_duty_table_is_silent(
    small: Version, offices: dict[str, int], now: datetime
) -> None:
    found = route([facts("E0302")], now=now)[0]
    assert (found.lead_id, found.co_ids, found.by) == (
        offices["police"], (offices["urban"],), "duty",
    )  # fmt: skip


def test_class_nobody_is_named_for_goes_to_the_areas_own_office(
    small: Version, offices: dict[str, int], street: Area, now: datetime
) -> None:
    own = set_department(
        f"subdistrict-{street.code}", name_zh="乙街道办", is_fallback=True, actor=SYSTEM, now=now
    )
    forget()
    here = AreaPath(district_id=street.parent_id, subdistrict_id=street.pk)
    found = route([facts("E0401"), facts("E0401", path=here)], now=now)
    assert [(f.lead_id, f.by) for f in found] == [(offices["subdistrict"], "area"), (own, "area")]


def test_unknown_class_waits_for_a_person(small: Version, now: datetime) -> None:
    found = route([facts("")], now=now)[0]
    assert (found.lead_id, found.by) == (None, "")
    assert [s["step"] for s in found.explanation["steps"]] == [
        "rules", "duty", "condition", "model",
    ]  # fmt: skip


def test_rule_of_an_area_holds_only_there(
    small: Version, offices: dict[str, int], street: Area, now: datetime
) -> None:
    save_rule(a_rule(area_id=street.pk), actor=SYSTEM, now=now)
    here = AreaPath(district_id=street.parent_id, subdistrict_id=street.pk)
    found = route([facts(), facts(path=here)], now=now)
    assert [f.lead_id for f in found] == [offices["urban"], offices["police"]]


def test_rule_whose_department_is_gone_sends_the_case_to_a_person_loudly(
    small: Version, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)
    set_department("police", name_zh="police局", active=False, actor=SYSTEM, now=now)
    forget()
    found = route([facts(), facts(), facts("E0401")], now=now)
    assert [f.lead_id for f in found[:2]] == [None, None]
    assert "police" in found[0].explanation["fault"]
    assert "night" in caplog.text
    assert _failures() == 1


def test_rule_that_cannot_be_read_stops_what_reaches_it(small: Version, now: datetime) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)
    Rule.objects.update(when={"any": "thing"})
    forget()
    found = route([facts("E0401")], now=now)[0]
    assert found.lead_id is None and found.explanation["fault"]


def test_rule_that_fails_while_it_runs_is_not_skipped(
    small: Version, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_rule(a_rule(), actor=SYSTEM, now=now)

    def broken(*_: Any) -> Any:
        raise RuntimeError("no hour today")

    monkeypatch.setattr("cityloop.business.dispatch.domain.Matter.values", broken)
    found = route([facts()], now=now)[0]
    assert found.lead_id is None
    assert "no hour today" in found.explanation["fault"]
    assert _failures() == 1


def _failures() -> int:
    from cityloop.city.audit.models import Event

    return Event.objects.filter(kind="routing.rule_failed").count()


def test_replay_uses_the_rules_of_that_moment(
    small: Version, offices: dict[str, int], now: datetime
) -> None:
    later, last = now.replace(hour=4), now.replace(hour=6)
    save_rule(a_rule(), actor=SYSTEM, now=now)
    save_rule(a_rule(then={"lead": "ecology"}), actor=SYSTEM, now=later)
    remove_rule("night", actor=SYSTEM, now=last)
    moments = [now.replace(hour=1), now.replace(hour=3), now.replace(hour=5), now.replace(hour=7)]
    found = [replay(facts(), at=m).lead_id for m in moments]
    assert found == [offices[k] for k in ("urban", "police", "ecology", "urban")]


def test_queries_do_not_grow_with_the_number_of_cases(
    small: Version, now: datetime, django_assert_max_num_queries: Any
) -> None:
    route([facts(), facts("E0302"), facts("E0401")], now=now)
    with django_assert_max_num_queries(1):
        route([facts(), facts("E0302"), facts("E0401")] * 50, now=now)
