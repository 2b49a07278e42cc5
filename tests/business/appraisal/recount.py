"""The figures counted anew, from the rows themselves and by other code than the follower's.

Stocks come from the table of cases by SQL. Flows come from the trace, milestone by milestone,
and, where a row keeps a time of its own, from that row as well (`milestones`).
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

LEVELS = ("city", "district", "subdistrict", "community", "cell")
NOW_DAY = date(1970, 1, 1)
# (day, area, class key, department, measure)
Key = tuple[date, int, str, int, str]


def stored() -> dict[Key, int]:
    """What the figures say; zeros left out."""
    rows = _sql("SELECT day, area_id, class_key, department_id, measure, n FROM appraisal_figure")
    return {(_day(d), area, cls, dep, m): int(n) for d, area, cls, dep, m, n in rows if n}


def counted() -> dict[Key, int]:
    """What they ought to say."""
    total = _stocks()
    total.update(_flows())
    total.update(_nets())
    return {key: n for key, n in total.items() if n}


def differences() -> list[str]:
    """Every figure that is not what a recount says, as lines to read."""
    have, want = stored(), counted()
    return [
        f"{key}: figures say {have.get(key, 0)}, the rows say {want.get(key, 0)}"
        for key in sorted(have.keys() | want.keys(), key=str)
        if have.get(key, 0) != want.get(key, 0)
    ]


# --- stocks: one GROUP BY a dimension -------------------------------------------------------------
def _stocks() -> Counter[Key]:
    total: Counter[Key] = Counter()
    for what, column in (("state", "c.state"), ("alert", "c.alert")):
        for level in LEVELS:
            area = f"c.{level}_id"
            _add(total, what, f"SELECT {area}, '', 0, {column}, COUNT(*)", area, column)
            if level == "cell":
                continue
            by_class = f"SELECT {area}, k.key, 0, {column}, COUNT(*)"
            _add(total, what, by_class, area, column, "k.key", "AND k.key IS NOT NULL")
            department = "c.lead_department_id"
            by_unit = f"SELECT {area}, '', {department}, {column}, COUNT(*)"
            _add(total, what, by_unit, area, column, department, f"AND {department} IS NOT NULL")
    return total


def _add(
    total: Counter[Key],
    what: str,
    select: str,
    area: str,
    column: str,
    by: str = "",
    more: str = "",
) -> None:
    rows = _sql(
        f"{select} FROM cases_case c LEFT JOIN catalogue_caseclass k ON k.id = c.case_class_id "
        f"WHERE {area} IS NOT NULL AND {column} <> '' {more} "
        f"GROUP BY {', '.join(x for x in (area, column, by) if x)}"
    )
    for area_id, cls, department, value, n in rows:
        total[NOW_DAY, area_id, cls, department, f"{what}:{value}"] += n


# --- flows: the trace read as a story -------------------------------------------------------------
ONE_TO_ONE = {
    "case.branch": "branched",
    "case.file": "filed",
    "case.reject": "rejected",
    "case.dispatch": "dispatched",
    "case.return": "returned",
    "case.fail": "reworked",
    "case.send_back": "reworked",
    "case.pass": "verified",
    "case.close": "closed",
    "case.reopen": "reopened",
    "case.merge": "merged",
    "case.withdraw": "withdrawn",
    "case.settle": "settled",
    "case.urge": "urged",
    "case.appeal_granted": "exempted",
    "case.extension_granted": "extended",
    "case.suspension_granted": "suspended",
}


def _flows() -> Counter[Key]:
    zone = ZoneInfo(settings.TIME_ZONE)
    classes = dict(_sql("SELECT id, key FROM catalogue_caseclass"))
    total: Counter[Key] = Counter()
    rows = _sql("SELECT at, kind, data FROM audit_event WHERE subject_type = 'case'")
    for at, kind, text in rows:
        data = json.loads(text)
        for measure, department in _measures(kind, data):
            _spread(total, _moment(at).astimezone(zone).date(), data, classes, measure, department)
    return total


def _measures(kind: str, data: dict[str, Any]) -> list[tuple[str, int | None]]:
    lead, unit = data.get("department"), data.get("task_department")
    found: list[tuple[str, int | None]] = []
    if kind in ONE_TO_ONE:
        found.append((ONE_TO_ONE[kind], lead))
    if kind == "case.receive":
        found += [("reported", lead), (f"channel:{data['channel']}"[:24], None)]
    if kind == "case.dispatch" and data.get("auto"):
        found.append(("auto_dispatched", lead))
    if kind == "case.accept":
        found += _timely("responded", "responded_on_time", data.get("on_time"), unit)
    if kind == "case.feed_back" and data.get("first"):
        found += _timely("fed_back", "fed_back_on_time", data.get("on_time"), unit)
    if kind == "case.close" and data.get("on_time"):
        found.append(("closed_on_time", lead))
    for post, kinds in (("accept", ("file", "reject")), ("verify", ("pass", "fail"))):
        if kind in {f"case.{k}" for k in kinds} and "stage_on_time" in data:
            late = data["stage_on_time"]
            found += _timely(f"post_{post}", f"post_{post}_on_time", late, None)
    if kind == "case.rate":
        found += _answer(data, lead)
    if data.get("misrouted"):
        found.append(("misrouted", None))
        found += [("misrouted_auto", None)] if data.get("auto") else []
    if data.get("handled"):
        found += _timely("handled", "handled_on_time", data.get("case_on_time"), lead)
    if kind in {"case.late", "case.finish", "case.return"} and data.get("first"):
        found.append(("overdue", lead))
    return found


def _timely(all_: str, good: str, in_time: Any, unit: int | None) -> list[tuple[str, int | None]]:
    return [(all_, unit), *([(good, unit)] if in_time else [])]


def _answer(data: dict[str, Any], lead: int | None) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = [("rated", lead)]
    for name in ("responded", "solved", "satisfied"):
        if data[name] is not None:
            found.append((f"asked_{name}", lead))
        if data[name]:
            found.append((f"rated_{name}", lead))
    return found + ([("reopened", lead)] if data.get("reopened") else [])


def _spread(
    total: Counter[Key],
    day: date,
    data: dict[str, Any],
    classes: dict[int, str],
    measure: str,
    department: int | None,
) -> None:
    cls = classes.get(data.get("class_id") or 0)
    for level in LEVELS:
        area = data.get(level)
        if area is None:
            continue
        total[day, area, "", 0, measure] += 1
        if level != "cell" and cls:
            total[day, area, cls, 0, measure] += 1
        if level != "cell" and department:
            total[day, area, "", department, measure] += 1


OPEN = {
    "reported", "checking", "filed", "dispatched", "handling", "suspended", "split", "verifying",
    "verified",
}  # fmt: skip


def _nets() -> Counter[Key]:
    """How open work grew by day: each case as its last event left it, beside the one before."""
    zone = ZoneInfo(settings.TIME_ZONE)
    total: Counter[Key] = Counter()
    last: dict[int, dict[str, Any]] = {}
    rows = _sql(
        "SELECT subject_id, at, data FROM audit_event WHERE subject_type='case' ORDER BY id"
    )
    for case_id, at, text in rows:
        data = json.loads(text)
        if "to" not in data:
            continue
        day = _moment(at).astimezone(zone).date()
        for sign, values in ((-1, last.get(case_id, {})), (1, data)):
            if values.get("to") not in OPEN:
                continue
            for level in LEVELS[:-1]:
                if (area := values.get(level)) is None:
                    continue
                total[day, area, "", 0, "net:open"] += sign
                if values.get("alert"):
                    total[day, area, "", 0, f"net:{values['alert']}"] += sign
        last[case_id] = data
    return total


def milestones() -> list[str]:
    """Flows of the whole city beside the rows' own columns; lines that differ."""
    zone = ZoneInfo(settings.TIME_ZONE)
    days: dict[str, Counter[date]] = {"reported": Counter(), "responded": Counter()}
    for (at,) in _sql("SELECT received_at FROM cases_case WHERE parent_id IS NULL"):
        days["reported"][_moment(at).astimezone(zone).date()] += 1
    # A task sent back for rework is born accepted: nobody responded.
    asked = "SELECT responded_at FROM cases_task WHERE responded_at IS NOT NULL"
    for (at,) in _sql(f"{asked} AND respond_due_at <> sent_at"):
        days["responded"][_moment(at).astimezone(zone).date()] += 1
    have: dict[str, Counter[date]] = {name: Counter() for name in days}
    top = _sql("SELECT id FROM places_area WHERE level = 'district'")
    for (day, area, cls, unit, measure), n in stored().items():
        if measure in have and (area,) in top and not cls and not unit:
            have[measure][day] += n
    return [f"{k}: {have[k]} is not {days[k]}" for k in days if have[k] != days[k]]


# --- both databases hand times over differently ---------------------------------------------------
def _sql(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo("UTC"))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
