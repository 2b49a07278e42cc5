"""What a token may be allowed to do."""

from __future__ import annotations

from collections.abc import Iterable

from cityloop.kernel.errors import DomainError

SCOPES: dict[str, tuple[str, str]] = {
    "reports:write": ("提交上报", "Hand in reports"),
    "reports:read": ("查看上报", "Read reports"),
    "cases:read": ("查看案卷", "Read cases"),
    "cases:move": ("办理案卷", "Move cases"),
    "stats:read": ("查看指标", "Read figures"),
    "events:read": ("接收事件", "Follow events"),
    "open311:write": ("通过 Open311 提交", "Hand in requests by Open311"),
    "places:read": ("查看区域与网格", "Read areas and cells"),
    "places:write": ("维护区域与排班", "Keep areas and shifts"),
    "catalogue:read": ("查看案件目录", "Read the catalogue"),
    "catalogue:write": ("维护案件目录", "Keep the catalogue"),
    "accounts:read": ("查看机构与人员", "Read departments and people"),
    "audit:read": ("查看留痕与证明", "Read the trace and its proofs"),
}

# First part of the path under /api/v1 -> scope to read, scope to write (None: never a token).
_BY_SEGMENT: dict[str, tuple[str | None, str | None]] = {
    "reports": ("reports:read", "reports:write"),
    "cases": ("cases:read", "cases:move"),
    "tasks": ("cases:read", "cases:move"),
    "photos": ("cases:read", "cases:move"),
    "approvals": ("cases:read", "cases:move"),
    "moves": ("cases:read", None),
    "issues": ("cases:read", None),
    "public": ("reports:read", "reports:write"),
    "follow": ("reports:read", "reports:write"),
    "stats": ("stats:read", None),
    "figures": ("stats:read", None),
    "overview": ("stats:read", None),
    "appraisal": ("stats:read", None),
    "events": ("events:read", None),
    "live": ("events:read", None),
    "imports": ("reports:read", "reports:write"),
    "routing": ("catalogue:read", "catalogue:write"),
    "triage": ("catalogue:read", None),
    "places": ("places:read", "places:write"),
    "elements": ("places:read", "places:write"),
    "catalogue": ("catalogue:read", "catalogue:write"),
    "me": ("accounts:read", None),
    "departments": ("accounts:read", None),
    "users": ("accounts:read", None),
    "roles": ("accounts:read", None),
    "audit": ("audit:read", None),
    "ledger": ("audit:read", None),
}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def check_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """These scopes, each known and at least one.

    Raises: DomainError("token.scope_unknown") naming the wrong ones and what is allowed.
    """
    given = frozenset(scopes)
    unknown = sorted(given - SCOPES.keys())
    if unknown or not given:
        wrong = ", ".join(unknown) or "(none)"
        raise DomainError(
            "token.scope_unknown",
            f"Scopes {wrong} cannot be given. Choose one or more of: {', '.join(SCOPES)}.",
            f"令牌权限“{wrong}”无效，可选：{'、'.join(SCOPES)}。",
            where="scopes",
            details={"unknown": unknown, "allowed": list(SCOPES)},
        )
    return given


def scope_for(method: str, segment: str) -> str | None:
    """The scope a token needs for this method and part of the API; None: no token may.

    What is not listed is closed to tokens, so an operation nobody thought of is not open.
    """
    read, written = _BY_SEGMENT.get(segment, (None, None))
    return read if method.upper() in _READING else written
