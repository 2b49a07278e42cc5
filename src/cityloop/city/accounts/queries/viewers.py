"""Who is this, and what do they hold?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest

from cityloop.city.accounts.domain import PUBLIC, Holding, Role, Viewer
from cityloop.city.accounts.models import ApiToken, RoleHolding, User
from cityloop.kernel.errors import NotAllowed


def holdings_of(user_id: int) -> tuple[Holding, ...]:
    """The roles a user holds now."""
    rows = RoleHolding.objects.filter(user_id=user_id, ended_at__isnull=True).values_list(
        "role", "area_id", "area__level", "department_id"
    )
    return tuple(Holding(Role(r), area, level, dep) for r, area, level, dep in rows)


def viewer_of(user: User) -> Viewer:
    """The viewer behind a logged-in user; without roles while a one-time password stands."""
    return Viewer(
        kind="person",
        user_id=user.pk,
        name=str(user),
        holdings=() if user.must_change_password else holdings_of(user.pk),
        language=user.language,
    )


def token_digest(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def find_token(secret: str, *, now: datetime) -> ApiToken | None:
    """The token of this secret, if it is in force. Asked at every request: few columns."""
    found = list(
        ApiToken.objects.select_related("user")
        .only("name", "user_id", "scopes", "last_used_at", "user__language")
        .filter(digest=token_digest(secret), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .order_by()[:1]
    )
    return found[0] if found else None


def viewer_of_token(secret: str, *, now: datetime) -> Viewer:
    """The viewer behind a bearer token.

    Raises: NotAllowed("token.unknown") when it is unknown, revoked or expired (HTTP 401).
    """
    token = find_token(secret, now=now)
    if token is None:
        raise NotAllowed(
            "token.unknown",
            "This token is unknown, revoked or expired. Ask the security administrator for one.",
            "令牌无效、已吊销或已过期，请向安全管理员申请新令牌。",
            status=401,
        )
    return token_viewer(token)


def token_viewer(token: ApiToken) -> Viewer:
    """The viewer a token makes."""
    scopes = frozenset(token.scopes)
    return Viewer(
        kind="token",
        user_id=token.user_id,
        name=token.name,
        holdings=tuple(_without_power(holdings_of(token.user_id), scopes)),
        scopes=scopes,
        language=token.user.language,
    )


def viewer_of_request(request: HttpRequest) -> Viewer:
    """The viewer of a session; the public where nobody is logged in."""
    user = request.user
    return viewer_of(user) if isinstance(user, User) and user.is_active else PUBLIC


def _without_power(holdings: Iterable[Holding], scopes: frozenset[str]) -> Iterable[Holding]:
    """No token carries the power of an administrator; one with audit:read may read the trace."""
    for held in holdings:
        if held.role in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}:
            continue
        if held.role == Role.AUDIT_ADMIN and "audit:read" not in scopes:
            continue
        yield held
