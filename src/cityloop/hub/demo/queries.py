"""What the simulated people look at before they act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Q

from cityloop.business.cases.domain import FINAL_STATES, TASK_FINAL, State
from cityloop.business.cases.queries import cases_of
from cityloop.business.catalogue.queries import condition_info
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import is_waiting
from cityloop.city.audit.followers import head_size
from cityloop.hub.demo.domain.facts import ApprovalFacts, Facts, TaskFacts
from cityloop.hub.demo.models import Town, Visit
from cityloop.kernel.errors import NotFound

AREAS = ("city_id", "district_id", "subdistrict_id", "community_id", "cell_id")
CASE_FIELDS = (
    "id", "number", "state", "version", "channel", "stage_started_at", "due_at", "alert", "urged",
    "condition_id", "located_by", "returns", "reworks", "reopens", "parent_id",
    "late_ever", "exempt", "suspensions", "owner_user_id", "lead_department_id", "closed_at",
    "timer_at", *AREAS,
)  # fmt: skip
REPORT_FIELDS = ("reports__external_id", "reports__extra", "reports__reporter__user_id")
TASK_FIELDS = tuple(
    f"tasks__{name}"
    for name in (
        "id", "department_id", "part", "round", "sent_at", "respond_due_at", "responded_at",
        "fed_back_at", "handle_due_at", "timer_at",
    )
)  # fmt: skip
APPROVAL_FIELDS = tuple(
    f"approvals__{name}"
    for name in ("id", "kind", "state", "asked_at", "first_at", "asked_by", "first_by")
)
WITH_TASKS = frozenset({State.DISPATCHED.value, State.HANDLING.value})
WITH_APPROVALS = frozenset({"handling", "suspended", "closed", "evaluated"})
ENDED = tuple(s.value for s in FINAL_STATES)


def find_town() -> Town | None:
    """The demo town of this database, or None."""
    return Town.objects.order_by("pk").first()


def may_be_shown() -> bool:
    """Whether the demo may use this database: nothing has happened in it yet, or in a demo town.

    Also where its tables are older than this program, or are not all there yet.
    """
    if Town._meta.db_table in connection.introspection.table_names() and Town.objects.exists():
        return True
    try:
        return not (is_waiting() or head_size())
    except DatabaseError:  # no ledger: nobody has worked here
        return True


def get_town() -> Town:
    """The demo town. Raises: NotFound("demo.none")."""
    town = find_town()
    if town is None:
        raise NotFound(
            "demo.none",
            "There is no demo town in this database. Start `cityloop demo`.",
            "此数据库中没有演示城区，请运行 cityloop demo。",
        )
    return town


def visited(since: datetime) -> set[int]:
    """Cases that belong to visitors: touched after `since`."""
    return set(Visit.objects.filter(touched_at__gte=since).values_list("case_id", flat=True))


def ripe_cases(now: datetime, *, closed_since: datetime, limit: int) -> list[int]:
    """Open cases, those that wait longest in their stage first; closed ones of late only."""
    rows = cases_of(SYSTEM).exclude(state__in=ENDED)
    rows = rows.exclude(Q(state="closed") & Q(stage_started_at__lt=closed_since))
    rows = rows.exclude(state="suspended").filter(stage_started_at__lte=now)
    return list(rows.order_by("stage_started_at", "id").values_list("pk", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class Origin:
    """What can never change of a case: the report that opened it."""

    key: str
    extra: Mapping[str, Any]
    reporter_id: int | None


class Observer:
    """Reads cases as facts; keeps what can never change of them."""

    def __init__(self) -> None:
        self._origins: dict[int, Origin] = {}
        self._without_requests: set[int] = set()

    def remember(self, case_id: int, origin: Origin) -> None:
        """Spare a query for a case that was opened just now."""
        self._origins[case_id] = origin
        self._without_requests.add(case_id)

    def expect_request(self, case_id: int) -> None:
        """From now on the case may have requests for approval."""
        self._without_requests.discard(case_id)

    def facts_of(self, case_ids: Sequence[int]) -> list[Facts]:
        """Facts of these cases in this order, in at most four queries."""
        if not case_ids:
            return []
        rows = {r["id"]: r for r in cases_of(SYSTEM).filter(pk__in=case_ids).values(*CASE_FIELDS)}
        return self._all_facts([rows[pk] for pk in case_ids if pk in rows])

    def facts_of_case(self, case: Any) -> Facts:
        """Facts of a case just moved, from the row that the command gave back."""
        return self._all_facts([{name: getattr(case, name) for name in CASE_FIELDS}])[0]

    def _all_facts(self, rows: Sequence[dict[str, Any]]) -> list[Facts]:
        self._learn_origins([r["id"] for r in rows if r["id"] not in self._origins])
        tasks = _tasks([r["id"] for r in rows if r["state"] in WITH_TASKS])
        may_ask = [r["id"] for r in rows if r["state"] in WITH_APPROVALS]
        requests = _requests([pk for pk in may_ask if pk not in self._without_requests])
        return [self._facts(r, tuple(tasks[r["id"]]), tuple(requests[r["id"]])) for r in rows]

    def target_of(self, key: str) -> str:
        """Number of the case that the report of this key opened, "" when it is over."""
        rows = cases_of(SYSTEM).filter(reports__external_id=key)
        found = rows.values_list("number", "state").first()
        return found[0] if found and found[1] not in ENDED else ""

    def named(self, key: str) -> list[int]:
        """The case that the report of this key opened."""
        rows = cases_of(SYSTEM).filter(reports__external_id=key)
        return list(rows.values_list("pk", flat=True)[:1])

    def family_of(self, case_id: int) -> list[int]:
        """Parent and children of a case."""
        rows = cases_of(SYSTEM).filter(Q(parent_id=case_id) | Q(children=case_id))
        return list(rows.order_by("id").values_list("pk", flat=True))

    def spot_of(self, case_id: int) -> tuple[float, float] | None:
        """Where a synthetic report really was, for the desk that calls back to ask."""
        spot = self._origins[case_id].extra.get("spot")
        return (float(spot[0]), float(spot[1])) if spot else None

    def _learn_origins(self, case_ids: Sequence[int]) -> None:
        if not case_ids:
            return
        found = cases_of(SYSTEM).filter(pk__in=case_ids).order_by("id", "reports__id")
        for pk, number, parent, key, extra, user in found.values_list(
            "id", "number", "parent_id", *REPORT_FIELDS
        ):
            if pk in self._origins:
                continue
            self._origins[pk] = Origin(key or number, extra or {}, user)
            if key is None and parent is not None:
                self._learn_origins([p for p in [parent] if p not in self._origins])
                above, suffix = self._origins[parent], number.rsplit("-", 1)[-1]
                self._origins[pk] = Origin(f"{above.key}-{suffix}", {"synthetic": True}, None)

    def _facts(
        self, row: dict[str, Any], tasks: tuple[TaskFacts, ...], requests: tuple[ApprovalFacts, ...]
    ) -> Facts:
        origin = self._origins[row["id"]]
        repeats = str(origin.extra.get("repeats", ""))
        condition = condition_info(row["condition_id"]) if row["condition_id"] else None
        return Facts(
            case_id=row["id"], number=row["number"], key=origin.key, state=row["state"],
            version=row["version"], channel=row["channel"], since=row["stage_started_at"],
            due_at=row["due_at"], timer_at=row["timer_at"], alert=row["alert"], urged=row["urged"],
            class_key=condition.class_key if condition else "",
            truth=str(origin.extra.get("truth", "")),
            repeats=repeats if repeats and self.target_of(repeats) else "",
            placed=row["located_by"] not in {"unknown", "outside"},
            has_class=condition is not None, returns=row["returns"],
            rounds=row["reworks"] + row["reopens"], is_child=row["parent_id"] is not None,
            late_ever=row["late_ever"], exempt=row["exempt"], suspensions=row["suspensions"],
            evidence=condition is not None and condition.evidence != "none",
            owner_user_id=row["owner_user_id"], lead_id=row["lead_department_id"],
            closed_at=row["closed_at"], areas=tuple(row[a] for a in AREAS if row[a] is not None),
            reporter_id=origin.reporter_id, tasks=tasks, approvals=requests,
        )  # fmt: skip


def _tasks(case_ids: Sequence[int]) -> dict[int, list[TaskFacts]]:
    found: dict[int, list[TaskFacts]] = defaultdict(list)
    if case_ids:
        ended = [s.value for s in TASK_FINAL]
        rows = cases_of(SYSTEM).filter(pk__in=case_ids).exclude(tasks__isnull=True)
        rows = rows.order_by("tasks__id").values_list("id", "tasks__state", *TASK_FIELDS)
        for case_id, state, *values in rows:
            if state not in ended:
                found[case_id].append(TaskFacts(*values))
    return found


def _requests(case_ids: Sequence[int]) -> dict[int, list[ApprovalFacts]]:
    found: dict[int, list[ApprovalFacts]] = defaultdict(list)
    if case_ids:
        rows = cases_of(SYSTEM).filter(pk__in=case_ids).exclude(approvals__isnull=True)
        for case_id, *values in rows.order_by("approvals__id").values_list("id", *APPROVAL_FIELDS):
            found[case_id].append(ApprovalFacts(*values))
    return found
