"""Is a case's history one that the move table allows? Each step starts where the last one ended."""

from __future__ import annotations

import json

from cityloop.business.cases.domain import MOVES
from cityloop.business.cases.models import Case
from cityloop.city.audit.models import Event

# Where a move may lead beside what the table says, because the case decides.
ALSO: dict[str, set[str]] = {
    "rate": {"handling", "filed"},  # not solved: back to the department, or to the desk
    "reopen": {"filed"},
    "fail": {"filed"},
    "send_back": {"filed"},
    "accept": {"dispatched"},  # a co-handler before the lead
    "return": {"dispatched", "handling", "verifying"},  # a co-handler, perhaps the last one
    "finish": {"dispatched", "handling"},  # others are still at work
    "close": {"evaluated"},  # a child case: the citizen judges its parent
}
STAYS = {"near", "late", "escalate", "task.late", "task.remind", "absorb", "photo"}
APPROVED = ("_first", "_refused", "_lapsed", "extension_granted", "appeal_granted")
BEGINS = {"receive": "reported", "branch": "filed"}


def fault_of(kind: str, source: str, to: str) -> str:
    """What is wrong with one step; "" when the table allows it."""
    name = kind.removeprefix("case.")
    step = f"{name}: {source or '(nothing)'} -> {to}"
    if name in BEGINS:
        return "" if (source, to) == ("", BEGINS[name]) else f"{step}: a case begins otherwise"
    if name in STAYS or name.endswith(APPROVED):
        return "" if source == to else f"{step}: this leaves the state as it is"
    if name == "suspension_granted":
        return "" if (source, to) == ("handling", "suspended") else f"{step}: no suspension"
    if name not in MOVES:
        return f"{step}: no such move"
    move = MOVES[name]
    if source not in {s.value for s in move.sources}:
        return f"{step}: not possible from there"
    allowed = {move.to.value if move.to else source} | ALSO.get(name, set())
    return "" if to in allowed else f"{step}: leads to {sorted(allowed)}"


def broken_histories() -> list[str]:
    """Every case whose events do not tell a legal story that ends in its present state."""
    at: dict[int, str] = {}
    faults = []
    rows = Event.objects.filter(subject_type="case").order_by("id").values_list("kind", "data")
    for kind, text in rows.iterator(chunk_size=2000):
        data = json.loads(text)
        if "from" not in data:
            continue
        before = at.get(data["case"], "")
        if data["from"] != before:
            faults.append(f"case {data['case']} was {before}, but {kind} starts at {data['from']}")
        fault = fault_of(kind, data["from"], data["to"])
        faults += [f"case {data['case']}: {fault}"] if fault else []
        at[data["case"]] = data["to"]
    for pk, state in Case.objects.values_list("pk", "state"):
        if at.get(pk) != state:
            faults.append(f"case {pk} is {state}, its history ends at {at.get(pk)}")
    return faults
