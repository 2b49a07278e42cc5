"""Tokens of machines: made and revoked by the security administrator."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.city.accounts.domain import Role, Viewer, check_scopes
from cityloop.city.accounts.models import ApiToken, RoleHolding, User
from cityloop.city.accounts.queries import token_digest
from cityloop.city.accounts.rules import need_role, refuse_self
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

_PREFIX = "cl_"
_USED_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `secret` is shown here and never again."""

    token_id: int
    secret: str
    scopes: frozenset[str]


def new_token(
    name: str,
    user_id: int,
    scopes: Iterable[str],
    *,
    expires_at: datetime | None = None,
    actor: Viewer,
    now: datetime,
) -> NewToken:
    """A machine's key that acts as a user, within scopes.

    Raises: DomainError("token.scope_unknown" | "token.name" | "token.expiry"),
        NotAllowed("token.administrator") when the user is a system or security administrator.
    """
    need_role(actor, Role.SECURITY_ADMIN)
    refuse_self(actor, user_id)
    allowed = check_scopes(scopes)
    _check_token(name, expires_at, now)
    secret = _PREFIX + secrets.token_urlsafe(32)
    with write():
        _check_user(user_id)
        token = ApiToken.objects.create(
            name=name.strip(),
            user_id=user_id,
            prefix=secret[:8],
            digest=token_digest(secret),
            scopes=sorted(allowed),
            created_at=now,
            expires_at=expires_at,
        )
        data = {"user": user_id, "scopes": sorted(allowed)}
        record(Draft("token.created", "token", token.pk, data), actor=actor, now=now)
    return NewToken(token.pk, secret, allowed)


def revoke_token(token_id: int, *, actor: Viewer, now: datetime) -> None:
    """End a token at once. Raises: NotFound("token.no_such"), Conflict("token.revoked")."""
    need_role(actor, Role.SECURITY_ADMIN)
    with write():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None:
            raise NotFound("token.no_such", f"There is no token {token_id}.", "没有此令牌。")
        if token.revoked_at is not None:
            raise Conflict("token.revoked", "This token is already revoked.", "令牌已吊销。")
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record(Draft("token.revoked", "token", token.pk), actor=actor, now=now)


def note_use(token_id: int, last_used_at: datetime | None, *, now: datetime) -> None:
    """Remember that a token is in use, to the hour: a write a request would cost too much."""
    if last_used_at is None or now - last_used_at >= _USED_STEP:
        ApiToken.objects.filter(pk=token_id).update(last_used_at=now)


def _check_token(name: str, expires_at: datetime | None, now: datetime) -> None:
    if not name.strip() or len(name) > 80:
        raise DomainError(
            "token.name",
            "Name the token after the system that uses it, 1-80 characters.",
            "请用使用方系统名称为令牌命名（1-80 字）。",
            where="name",
        )
    if expires_at is not None and expires_at <= now:
        raise DomainError(
            "token.expiry",
            f"expires_at {expires_at.isoformat()} is not in the future.",
            f"失效时间 {expires_at.isoformat()} 不在将来。",
            where="expires_at",
        )


def _check_user(user_id: int) -> None:
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise NotFound(
            "account.unknown", f"There is no active user {user_id}.", f"没有在用用户 {user_id}。"
        )
    powerful = RoleHolding.objects.filter(
        user_id=user_id,
        role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN],
        ended_at__isnull=True,
    )
    if powerful.exists():
        raise NotAllowed(
            "token.administrator",
            "A token cannot act as a system or security administrator. Make it for a user of "
            "the machine's own.",
            "令牌不能代表系统管理员或安全管理员，请为该系统单设用户。",
            where="user_id",
        )
