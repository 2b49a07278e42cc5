"""The duty table and the hard rules of a profile refer to what exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from profile_files import Files, class_key

FIELDS = {
    "class", "big_class", "channel", "hour", "weekday", "month", "area", "urgency", "words",
}  # fmt: skip
OPS = {"eq", "in", "between", "starts_with", "contains_any"}
NUMBERS = {"hour": range(24), "weekday": range(7), "month": range(1, 13)}
PRIORITIES = {"normal", "urgent", "emergency"}


def leaves(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The leaves of a rule's `when`; a tree of another shape fails."""
    if set(tree) in ({"all"}, {"any"}):
        (branches,) = tree.values()
        assert branches, tree
        for branch in branches:
            yield from leaves(branch)
    elif set(tree) == {"not"}:
        yield from leaves(tree["not"])
    else:
        assert set(tree) == {"field", "op", "value"}, tree
        yield tree


def values_of(test: dict[str, Any]) -> list[Any]:
    return test["value"] if isinstance(test["value"], list) else [test["value"]]


def test_duties_every_class_has_a_lead(profile: Files) -> None:
    exact, wild = set(), set()
    for row in profile.rows("duties.csv"):
        if row["code"].endswith("*"):
            assert row["code"][0] == row["kind"][0].upper(), row
            wild.add(row["code"][:-1])
        else:
            exact.add(class_key(row))
    assert exact <= set(profile.class_keys())
    left = [k for k in profile.class_keys() if k not in exact and k[:3] not in wild]
    assert left == []


def test_duties_each_pattern_stands_once_and_no_lead_assists_itself(profile: Files) -> None:
    rows = profile.rows("duties.csv")
    patterns = Counter((row["kind"], row["code"]) for row in rows)
    assert [p for p, n in patterns.items() if n > 1] == []
    assert [row for row in rows if row["lead"] in row["co"].split("|")] == []


def test_conditions_department_is_the_lead_of_the_duty_table(profile: Files) -> None:
    rows = profile.rows("duties.csv")
    lead = {r["code"] if "*" in r["code"] else class_key(r): r["lead"] for r in rows}
    for row in profile.rows("conditions.csv"):
        key = class_key(row)
        assert row["department"] == lead.get(key, lead.get(key[:3] + "*")), row


def test_rules_ids_are_unique_and_titles_and_reasons_speak_both_languages(profile: Files) -> None:
    rules = profile.toml("rules.toml")["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) >= 5
    for rule in rules:
        assert all(rule[name].strip() for name in ("zh", "en", "reason_zh", "reason_en")), rule
        assert set(rule) == {"id", "zh", "en", "reason_zh", "reason_en", "when", "then"}, rule


def test_rules_test_known_fields_with_known_values(profile: Files) -> None:
    known = {
        "class": set(profile.class_keys()),
        "big_class": {key[:3] for key in profile.class_keys()},
        "channel": {channel["key"] for channel in profile.toml("profile.toml")["channels"]},
        "urgency": PRIORITIES,
        **{field: set(numbers) for field, numbers in NUMBERS.items()},
    }
    for rule in profile.toml("rules.toml")["rules"]:
        for test in leaves(rule["when"]):
            assert test["field"] in FIELDS, rule["id"]
            assert test["op"] in OPS, rule["id"]
            if test["field"] in known:
                assert set(values_of(test)) <= known[test["field"]], (rule["id"], test)


def test_rules_send_to_known_departments(profile: Files) -> None:
    for rule in profile.toml("rules.toml")["rules"]:
        then = rule["then"]
        assert set(then) <= {"lead", "co", "priority"}, rule["id"]
        assert then.get("lead", "") in profile.departments() | {""}, rule["id"]
        assert set(then.get("co", [])) <= profile.departments(), rule["id"]
        assert then.get("lead") not in then.get("co", []), rule["id"]
        assert then.get("priority", "normal") in PRIORITIES, rule["id"]


def test_profile_levels_add_up_and_limits_have_known_units(profile: Files) -> None:
    settings = profile.toml("profile.toml")
    levels = settings["areas"]["level"]
    assert [level["under"] for level in levels] == ["", *(level["key"] for level in levels[:-1])]
    assert set(settings["supervision"]["levels"]) <= {level["key"] for level in levels}
    units = {"clock_minute", "clock_hour", "clock_day", "work_hour", "work_day"}
    for name, (value, unit) in settings["stages"].items():
        assert value > 0 and unit in units, name
    keys = [channel["key"] for channel in settings["channels"]]
    assert len(keys) == len(set(keys))
    assert all(channel["zh"] and channel["en"] for channel in settings["channels"])
