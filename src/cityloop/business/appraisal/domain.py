"""From one event to what it adds to the figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cityloop.business.cases.domain import FINAL_STATES, State

EPOCH = date(1970, 1, 1)
AREAS = ("city", "district", "subdistrict", "community", "cell")
# What somebody at a desk still owes: a closed case waits for the citizen alone.
OPEN = frozenset(s.value for s in State if s not in FINAL_STATES and s is not State.CLOSED)
# (day, area, class key, department, measure)
Key = tuple[date, int, str, int, str]


def deltas(
    kind: str, data: Mapping[str, Any], *, day: date, class_of: Mapping[int, str]
) -> Counter[Key]:
    """What one event of a case changes.

    Args:
        data: of the event: areas, class_id, department, from, to, `was` for former values.
        day: local day of the event.
        class_of: class key by class row id.
    """
    found: Counter[Key] = Counter()
    for measure, department in flows(kind, data):
        for key in dimensions(data, class_of, department):
            found[(day, *key, measure)] += 1
    _stocks(found, data, class_of, day)
    return found


def dimensions(
    data: Mapping[str, Any], class_of: Mapping[int, str], department: int | None
) -> Iterator[tuple[int, str, int]]:
    """Every (area, class, department) under which one thing is counted: each area of the path,
    whole and by class and by department. Cells count the whole alone."""
    key = class_of.get(data.get("class_id") or 0, "")
    for level in AREAS:
        area = data.get(level)
        if area is None:
            continue
        yield area, "", 0
        if level == "cell":
            continue
        if key:
            yield area, key, 0
        if department:
            yield area, "", department


def _stocks(
    found: Counter[Key], data: Mapping[str, Any], class_of: Mapping[int, str], day: date
) -> None:
    """What there is now: by state, and by alert (near, late); and by how much open work grew or
    shrank on the day, so that what there was at the end of any day can be reckoned back."""
    former = {**data, **data.get("was", {})}
    if "from" not in data or "to" not in data:
        return
    for sign, values, state in ((-1, former, data["from"]), (1, data, data["to"])):
        measures = [f"state:{state}"] if state else []
        if state and values.get("alert"):
            measures.append(f"alert:{values['alert']}")
        for measure in measures:
            for key in dimensions(values, class_of, values.get("department")):
                found[(EPOCH, *key, measure)] += sign
        for measure in _open_work(state, values.get("alert")):
            for area in (values.get(level) for level in AREAS if level != "cell"):
                if area is not None:
                    found[(day, area, "", 0, measure)] += sign


def _open_work(state: str | None, alert: str | None) -> tuple[str, ...]:
    if state not in OPEN:
        return ()
    return ("net:open", f"net:{alert}") if alert else ("net:open",)


def flows(kind: str, data: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    """(measure, department) of what happened; see docs/algorithms/figures.md."""
    name, lead = kind.removeprefix("case."), data.get("department")
    if name in PLAIN:
        yield PLAIN[name], lead
    if name in TIMED:
        yield from _timed(name, data, data.get("task_department", lead))
    if name == "receive":
        yield f"channel:{data.get('channel', '')}"[:24], None
    if name == "dispatch" and data.get("auto"):
        yield "auto_dispatched", lead
    if name == "rate":
        yield from _rating(data, lead)
    if name in POSTS:
        yield from _post(POSTS[name], data)
    if data.get("misrouted"):
        yield "misrouted", None
    if data.get("misrouted") and data.get("auto"):
        yield "misrouted_auto", None
    if data.get("handled"):
        yield "handled", lead
    if data.get("handled") and data.get("case_on_time"):
        yield "handled_on_time", lead
    if name in {"late", "finish", "return"} and data.get("first"):
        yield "overdue", lead


# Moves of a department that answer a promise: measure, and whether only the first counts.
TIMED = {"accept": "responded", "feed_back": "fed_back", "close": "closed"}
POSTS = {"file": "accept", "reject": "accept", "pass": "verify", "fail": "verify"}


def _timed(
    name: str, data: Mapping[str, Any], unit: int | None
) -> Iterator[tuple[str, int | None]]:
    if name == "feed_back" and not data.get("first"):
        return
    measure = TIMED[name]
    if name != "close":  # closing is counted as such already
        yield measure, unit
    if data.get("on_time"):
        yield f"{measure}_on_time", unit


# Events that are a measure by themselves.
PLAIN = {
    "receive": "reported",
    "branch": "branched",
    "file": "filed",
    "reject": "rejected",
    "dispatch": "dispatched",
    "return": "returned",
    "fail": "reworked",
    "send_back": "reworked",
    "pass": "verified",
    "close": "closed",
    "reopen": "reopened",
    "merge": "merged",
    "withdraw": "withdrawn",
    "settle": "settled",
    "urge": "urged",
    "appeal_granted": "exempted",
    "extension_granted": "extended",
    "suspension_granted": "suspended",
}


def _rating(data: Mapping[str, Any], lead: int | None) -> Iterator[tuple[str, int | None]]:
    yield "rated", lead
    for name in ("responded", "solved", "satisfied"):
        if data.get(name) is not None:
            yield f"asked_{name}", lead
        if data.get(name):
            yield f"rated_{name}", lead
    if data.get("reopened"):
        yield "reopened", lead


def _post(post: str, data: Mapping[str, Any]) -> Iterator[tuple[str, int | None]]:
    if "stage_on_time" in data:
        yield f"post_{post}", None
        if data["stage_on_time"]:
            yield f"post_{post}_on_time", None
