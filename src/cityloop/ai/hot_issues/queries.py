"""Reading issues. Who may see them is decided above, where the areas of their cases are known."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from cityloop.ai.hot_issues.domain import Limits
from cityloop.ai.hot_issues.models import Alike, Decision, Issue, Looked
from cityloop.ai.hot_issues.settings import limits
from cityloop.kernel.errors import NotFound

SHOWN = ("open", "confirmed")


def limits_in_force() -> Limits:
    """The city's numbers."""
    return limits()


def issues_in(areas: Q | None, *, states: Sequence[str] = SHOWN, most: int = 100) -> list[Issue]:
    """The hottest first. areas: filter on Looked (community_id, ...); None = everywhere."""
    rows: QuerySet[Issue] = Issue.objects.filter(
        state__in=list(states), reports__gte=limits().least_reports
    )
    if areas is not None:
        rows = rows.filter(pk__in=Looked.objects.filter(areas, issue__isnull=False).values("issue"))
    return list(rows.order_by("-heat", "pk")[:most])


def find_issue(issue_id: int) -> Issue | None:
    """One issue, whoever asks; for what the platform itself does."""
    return Issue.objects.filter(pk=issue_id).first()


def areas_of(issue: Issue) -> set[int]:
    """Districts, subdistricts and communities that its reports come from."""
    paths = issue.members.values_list("district_id", "subdistrict_id", "community_id")
    return {area for path in paths.distinct() for area in path if area is not None}


def get_issue(issue_id: int, areas: Q | None) -> Issue:
    """One issue with a member in these areas. Raises: NotFound("issue.unknown")."""
    issue = Issue.objects.select_related("merged_into").filter(pk=issue_id).first()
    known = issue is not None and (areas is None or issue.members.filter(areas).exists())
    if issue is None or not (known or issue.state in {"merged", "ended"}):
        raise NotFound(
            "issue.unknown",
            f"There is no issue {issue_id}, or you may not know of it.",
            f"没有编号为 {issue_id} 的热点问题，或您无权查看。",
        )
    return issue


def members_of(issue: Issue, areas: Q | None, *, most: int = 500) -> list[Looked]:
    """Its reports, newest first; only those in these areas."""
    rows = issue.members.all() if areas is None else issue.members.filter(areas)
    return list(rows.order_by("-received_at", "-report_id")[:most])


def decisions_of(issue: Issue) -> list[Decision]:
    """What people decided, newest first."""
    return list(issue.decisions.order_by("-at", "-pk")[:50])


def alike_of_case(case_id: int) -> list[Alike]:
    """Earlier cases that are probably the same as this one, surest first."""
    return list(Alike.objects.filter(case_id=case_id).order_by("verdict", "-score")[:3])


def issue_of_case(case_id: int) -> Issue | None:
    """The listed issue that a report of this case belongs to."""
    rows = Issue.objects.filter(members__case_id=case_id, state__in=SHOWN)
    return rows.filter(reports__gte=limits().least_reports).order_by("-heat").first()
