"""What people decide about an issue. Each is on record and binds every later grouping."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cityloop.ai.hot_issues import live
from cityloop.ai.hot_issues.commands.figures import refresh
from cityloop.ai.hot_issues.models import Apart, Decision, Issue, Looked
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.viewer import Viewer
from cityloop.kernel.errors import Conflict, DomainError, NotFound


def confirm(issue_id: int, *, actor: Viewer, now: datetime, note: str = "") -> Issue:
    """It is one issue: its members stay together. Raises: as `_locked` does."""
    with write():
        issue = _locked(issue_id)
        issue.state = "confirmed"
        issue.save(update_fields=["state"])
        issue.members.update(pinned=True)
        return _decided(issue, "confirm", {}, note, actor, now)


def dismiss(issue_id: int, *, actor: Viewer, now: datetime, note: str = "") -> Issue:
    """It is no issue worth watching: it is kept and grows, but is listed no more."""
    with write():
        issue = _locked(issue_id)
        issue.state = "dismissed"
        issue.save(update_fields=["state"])
        return _decided(issue, "dismiss", {}, note, actor, now)


def remove(
    issue_id: int, report_ids: Sequence[int], *, actor: Viewer, now: datetime, note: str = ""
) -> Issue:
    """These reports do not belong to it, now or after any later grouping."""
    with write():
        issue = _locked(issue_id)
        rows = _members(issue, report_ids)
        Apart.objects.bulk_create(
            [Apart(report_id=r.report_id, issue=issue) for r in rows], ignore_conflicts=True
        )
        Looked.objects.filter(pk__in=[r.pk for r in rows]).update(issue=None, pinned=False)
        return _decided(issue, "remove", {"reports": list(report_ids)}, note, actor, now)


def split(
    issue_id: int, report_ids: Sequence[int], *, actor: Viewer, now: datetime, note: str = ""
) -> Issue:
    """These reports are an issue of their own; returns the new one. Both stay apart."""
    with write():
        issue = _locked(issue_id)
        rows = _members(issue, report_ids)
        if issue.members.count() == len(rows):
            raise Conflict(
                "issue.split_all",
                "All reports of the issue were chosen; leave at least one with it.",
                "选中了全部诉求，请至少保留一条在原问题中。",
                where="report_ids",
            )
        other = Issue.objects.create(
            id=live.next_issue_id(), state="confirmed", title=rows[0].title, created_at=now,
            updated_at=now, first_at=rows[0].received_at, last_at=rows[-1].received_at,
        )  # fmt: skip
        Looked.objects.filter(pk__in=[r.pk for r in rows]).update(issue=other, pinned=True)
        issue.members.update(pinned=True)
        Apart.objects.bulk_create(
            [Apart(report_id=r.report_id, issue=issue) for r in rows], ignore_conflicts=True
        )
        data = {"reports": list(report_ids), "into": other.pk}
        _decided(issue, "split", data, note, actor, now)
        refresh({other.pk}, now=now)
        other.refresh_from_db()
        return other


def merge(issue_id: int, into_id: int, *, actor: Viewer, now: datetime, note: str = "") -> Issue:
    """It is the same issue as another one, which takes all its reports; returns that one."""
    with write():
        issue, into = _locked(issue_id), _locked(into_id)
        if issue.pk == into.pk:
            raise Conflict(
                "issue.merge_self",
                f"Issue {issue.pk} cannot be merged into itself; name another one.",
                f"问题 {issue.pk} 不能并入自身，请指定另一个问题。",
                where="into",
            )
        Apart.objects.filter(issue=into, report_id__in=issue.members.values("report_id")).delete()
        issue.members.update(issue=into, pinned=True)
        into.members.update(pinned=True)
        issue.state, issue.merged_into = "merged", into
        issue.save(update_fields=["state", "merged_into"])
        _decided(issue, "merge", {"into": into.pk}, note, actor, now)
        refresh({into.pk}, now=now)
        into.refresh_from_db()
        return into


def set_cause(issue_id: int, *, case_id: int, number: str, actor: Viewer, now: datetime) -> Issue:
    """A case was opened for the cause. Raises: Conflict("issue.has_cause")."""
    with write():
        issue = _locked(issue_id)
        if issue.cause_case_id is not None:
            raise Conflict(
                "issue.has_cause",
                f"Case {issue.cause_number} is for the cause of this issue already.",
                f"该问题已立案治理：{issue.cause_number}。",
            )
        issue.cause_case_id, issue.cause_number = case_id, number
        issue.state = "confirmed"
        issue.save(update_fields=["cause_case_id", "cause_number", "state"])
        issue.members.update(pinned=True)
        return _decided(issue, "cause", {"case": number}, "", actor, now)


def _locked(issue_id: int) -> Issue:
    issue = Issue.objects.select_for_update().filter(pk=issue_id).first()
    if issue is None:
        raise NotFound(
            "issue.unknown", f"There is no issue {issue_id}.", f"没有编号为 {issue_id} 的热点问题。"
        )
    if issue.state in {"merged", "ended"}:
        raise Conflict(
            "issue.over",
            f"Issue {issue_id} was merged or has ended; act on the one it became part of.",
            f"问题 {issue_id} 已合并或消散，请在合并后的问题上操作。",
        )
    return issue


def _members(issue: Issue, report_ids: Sequence[int]) -> list[Looked]:
    wanted = set(report_ids)
    rows = list(issue.members.filter(report_id__in=wanted).order_by("received_at"))
    missing = wanted - {r.report_id for r in rows}
    if missing or not rows:
        raise DomainError(
            "issue.not_member",
            f"Reports {sorted(missing)} are not in issue {issue.pk}; choose from its list.",
            f"诉求 {sorted(missing)} 不在问题 {issue.pk} 中，请从其列表中选择。",
            where="report_ids",
        )
    return rows


def _decided(
    issue: Issue, kind: str, data: dict[str, Any], note: str, actor: Viewer, now: datetime
) -> Issue:
    Decision.objects.create(
        issue=issue, kind=kind, data=data, note=note[:400], by_id=actor.user_id, at=now
    )
    standing = live.standing()
    standing.revision += 1
    standing.save(update_fields=["revision"])
    record(Draft(f"issue.{kind}", "issue", issue.pk, data=data), actor=actor, now=now)
    refresh({issue.pk}, now=now)
    issue.refresh_from_db()
    return issue
