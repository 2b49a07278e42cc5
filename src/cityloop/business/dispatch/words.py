"""What rules are made of, in words: for who writes one without knowing its grammar."""

from __future__ import annotations

from typing import Any

from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch.domain import LEAD_BY_AREA, OPS, PRIORITIES, SPANS
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.profile import load_profile

URGENCY = {"normal": "一般", "urgent": "紧急", "emergency": "特急"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rule_words() -> dict[str, Any]:
    """Fields with their comparisons and values, departments that may lead, priorities."""
    values = {
        "class": _classes(),
        "big_class": _big_classes(),
        "channel": _channels(),
        "urgency": [_choice(k, URGENCY[k], k) for k in PRIORITIES],
        "weekday": [
            _choice(str(n), zh, en)
            for n, (zh, en) in enumerate(zip(WEEKDAYS, WEEKDAYS_EN, strict=True))
        ],
    }
    fields = [
        {
            "field": name,
            "ops": list(ops),
            "least": SPANS[name][0] if name in SPANS else None,
            "most": SPANS[name][1] if name in SPANS else None,
            "values": values.get(name),
        }
        for name, ops in OPS.items()
    ]
    return {"fields": fields, "leads": _leads(), "priorities": list(PRIORITIES)}


def _classes() -> list[dict[str, str]]:
    rows = catalogue().classes
    return [_choice(key, rows[key].name_zh, rows[key].name_en) for key in sorted(rows)]


def _big_classes() -> list[dict[str, str]]:
    found = {row.key[:3]: (row.big_zh, row.big_en) for row in catalogue().classes.values()}
    return [_choice(key, *found[key]) for key in sorted(found)]


def _channels() -> list[dict[str, str]]:
    rows = load_profile().settings.get("channels", ())
    return [_choice(c["key"], c.get("zh", c["key"]), c.get("en", "")) for c in rows]


def _leads() -> list[dict[str, str]]:
    rows = [d for d in departments_by_key().values() if d.active]
    named = [_choice(d.key, d.name_zh, d.name_en) for d in rows]
    return [_choice(LEAD_BY_AREA, "属地单位", "Whoever answers for the area"), *named]


def _choice(key: str, zh: str, en: str) -> dict[str, str]:
    return {"key": key, "zh": zh, "en": en or zh}
