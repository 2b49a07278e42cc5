"""Decisions within the area one answers for, and one case for the cause (未诉先办)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityloop.ai.hot_issues import commands as grouping
from cityloop.ai.hot_issues.models import Issue
from cityloop.ai.hot_issues.queries import get_issue, members_of
from cityloop.business.cases import commands as cases
from cityloop.business.cases.domain.values import NewReport
from cityloop.business.issues.rules import check_decides
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError

MOST_MERGED = 200


def decide(
    issue_id: int,
    kind: str,
    *,
    actor: Viewer,
    now: datetime,
    report_ids: Sequence[int] = (),
    into: int | None = None,
    note: str = "",
) -> Issue:
    """confirm, dismiss, remove, split (report_ids) or merge (into). Returns where to go on.

    Raises: NotAllowed("issue.deciders"), NotFound("issue.unknown"), as the commands below do.
    """
    areas = check_decides(actor)
    get_issue(issue_id, areas)
    if kind == "merge":
        if into is None:
            raise DomainError(
                "issue.into",
                "Say which issue it is to be merged into: `into`, its number.",
                "请指定并入哪个问题（into）。",
                where="into",
            )
        get_issue(into, areas)
        return grouping.merge(issue_id, into, actor=actor, now=now, note=note)
    if kind in {"remove", "split"}:
        act = grouping.remove if kind == "remove" else grouping.split
        return act(issue_id, report_ids, actor=actor, now=now, note=note)
    act_plain = grouping.confirm if kind == "confirm" else grouping.dismiss
    return act_plain(issue_id, actor=actor, now=now, note=note)


@dataclass(frozen=True, slots=True)
class Solving:
    """The case for the cause, which cases went into it, which did not and why."""

    number: str
    merged: list[str]
    left: list[tuple[str, str, str]]


def solve_once(
    issue_id: int,
    *,
    title: str,
    text: str,
    actor: Viewer,
    now: datetime,
    class_key: str = "",
    join: bool = True,
) -> Solving:
    """Open one case for the cause of an issue and let its open cases go on as part of it.

    Args:
        join: merge the members' open cases into it (their reporters follow it from then on);
            False = only link it with the issue.
    Raises: NotAllowed, NotFound, Conflict("issue.has_cause"), what `receive` refuses.
    """
    areas = check_decides(actor)
    issue = get_issue(issue_id, areas)
    if issue.cause_case_id is not None:
        raise Conflict(
            "issue.has_cause",
            f"Case {issue.cause_number} is for the cause of this issue already.",
            f"该问题已立案治理：{issue.cause_number}。",
        )
    rows = members_of(issue, areas)
    newest = rows[0]
    community = next((r.community_id for r in rows if r.community_id is not None), None)
    given = NewReport(
        channel="inspection",
        external_id=f"issue-{issue.pk}",
        title=title,
        text=text,
        lon=issue.lon,
        lat=issue.lat,
        area_code=_area_code(community) if issue.lon is None else "",
        class_key=class_key or newest.class_key,
        extra={"issue": issue.pk},
    )
    with write():
        receipt = cases.receive(given, actor=actor, now=now)
        grouping.set_cause(
            issue.pk, case_id=receipt.case_id, number=receipt.number, actor=actor, now=now
        )
    wanted = {r.case_id: r.case_number for r in rows if r.is_open and r.case_id != receipt.case_id}
    merged, left = [], []
    for case_id, number in list(wanted.items())[:MOST_MERGED] if join else []:
        try:
            reason = f"热点问题 {issue.pk} 统一治理 hot issue {issue.pk}, solved once for all"
            cases.move(case_id, "merge", actor=actor, now=now, target=receipt.number, reason=reason)
            merged.append(number)
        except DomainError as error:
            left.append((number, error.zh, error.en))
    return Solving(receipt.number, merged, left)


def _area_code(community: int | None) -> str:
    from cityloop.city.places.queries import tree

    return "" if community is None else tree().get(community).code
