"""Who is this, and what do they hold?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.db import connection
from django.http import HttpRequest

from cityloop.city.accounts.domain import PUBLIC, Holding, Role, Viewer
from cityloop.city.accounts.models import ApiToken, RoleHolding, User
from cityloop.kernel.errors import NotAllowed


def holdings_of(user_id: int) -> tuple[Holding, ...]:
    """The roles a user holds now."""
    with connection.cursor() as cursor:
        cursor.execute(_holdings_sql(connection.vendor), [user_id])
        rows = cursor.fetchall()
    return tuple(Holding(Role(r), area, level, dep) for r, area, level, dep in rows)


@lru_cache
def _holdings_sql(vendor: str) -> str:
    """Put together once: at every request it took the ORM longer than all else of logging in."""
    rows = RoleHolding.objects.live().filter(user_id=0)
    columns = rows.values_list("role", "area_id", "area__level", "department_id")
    sql, parameters = columns.query.sql_with_params()
    if tuple(parameters) != (0,):
        raise AssertionError(f"the user is not the only parameter of {sql}")
    return str(sql)


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


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token in force, with what its viewer is made from."""

    pk: int
    name: str
    user_id: int
    scopes: tuple[str, ...]
    last_used_at: datetime | None
    language: str


_TOKEN = f"""
SELECT t.id, t.name, t.user_id, t.scopes, t.last_used_at, t.expires_at, u.language
FROM {ApiToken._meta.db_table} t JOIN {User._meta.db_table} u ON u.id = t.user_id
WHERE t.digest = %s AND t.revoked_at IS NULL AND u.is_active = TRUE
"""  # noqa: S608  names of tables


def find_token(secret: str, *, now: datetime) -> LiveToken | None:
    """The token of this secret, if it is in force."""
    with connection.cursor() as cursor:  # at every request: a tenth of what the ORM takes
        cursor.execute(_TOKEN, [token_digest(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    pk, name, user_id, scopes, used_at, expires_at, language = row
    if expires_at is not None and _aware(expires_at) <= now:
        return None
    used = _aware(used_at) if used_at is not None else None
    return LiveToken(pk, name, user_id, tuple(json.loads(scopes)), used, language)


def _aware(at: datetime) -> datetime:
    """SQLite's driver gives what is stored: UTC without a zone."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def get_token(secret: str, *, now: datetime) -> LiveToken:
    """The token of this secret.

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
    return token


def viewer_of_token(secret: str, *, now: datetime) -> Viewer:
    """The viewer behind a bearer token. Raises: as `get_token`."""
    return token_viewer(get_token(secret, now=now))


def token_viewer(token: LiveToken) -> Viewer:
    """The viewer a token makes."""
    scopes = frozenset(token.scopes)
    return Viewer(
        kind="token",
        user_id=token.user_id,
        name=token.name,
        holdings=tuple(_without_power(holdings_of(token.user_id), scopes)),
        scopes=scopes,
        language=token.language,
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
