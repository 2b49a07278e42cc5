"""Users: made, changed and closed by the system administrator, who can give them no role."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cityloop.city.accounts.commands.login_sessions import end_sessions
from cityloop.city.accounts.domain import ADMINISTRATORS, Role, Viewer
from cityloop.city.accounts.models import RoleHolding, User
from cityloop.city.accounts.rules import need_person, need_role
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Created:
    """A new user; `password` is the one-time password where one was made, shown only here."""

    user_id: int
    username: str
    password: str | None


def create_user(
    username: str,
    *,
    display_name: str = "",
    password: str | None = None,
    language: str = "zh",
    email: str = "",
    must_change: bool | None = None,
    by_password: bool = True,
    actor: Viewer,
    now: datetime,
) -> Created:
    """A user without any role.

    Args:
        by_password: False makes an account that no password opens (another way of logging in).
        password: None makes a one-time password, returned once.
        must_change: the password opens nothing but its own change; by default so whenever
            somebody else than the console chose it or it was made here.
    Raises: NotAllowed, Conflict("account.exists"), DomainError("account.name" | "password.weak").
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    name = unicodedata.normalize("NFKC", username).strip()
    if must_change is None:
        must_change = by_password and (password is None or not actor.is_system)
    made = secrets.token_urlsafe(12) if password is None and by_password else None
    user = User(
        username=name,
        display_name=display_name.strip(),
        language=_known_language(language),
        email=email,
        must_change_password=must_change,
        date_joined=now,
    )
    _check_fields(user)
    if made is not None:
        user.password = one_time_hash(made)
    elif by_password:
        _set_password(user, password)
    else:
        user.set_unusable_password()
    with write():
        if User.objects.filter(username__iexact=name).exists():
            raise Conflict(
                "account.exists",
                f"There is already a user {name} (case is not told apart). Choose another name.",
                f"用户名 {name} 已存在（不区分大小写），请另取。",
                where="username",
            )
        user.save(force_insert=True)
        _record("account.created", user, actor, now, username=name, name=user.display_name)
    return Created(user.pk, name, made)


def update_user(
    user_id: int,
    *,
    display_name: str | None = None,
    language: str | None = None,
    email: str | None = None,
    actor: Viewer,
    now: datetime,
) -> None:
    """Change what a user is called and how they read; one may do it for oneself."""
    if actor.user_id != user_id:
        need_role(actor, Role.SYSTEM_ADMIN)
    with write():
        user = _get_locked(user_id)
        if display_name is not None:
            user.display_name = display_name.strip()
        if language is not None:
            user.language = _known_language(language)
        if email is not None:
            user.email = email
        _check_fields(user)
        user.save(update_fields=["display_name", "language", "email"])
        _record("account.changed", user, actor, now, name=user.display_name)


def deactivate_user(user_id: int, *, actor: Viewer, now: datetime) -> None:
    """Close an account: sessions and tokens end with it, what it did stays on record.

    Raises: Conflict("account.administrator") while an administrator role is held, so that the
        system administrator cannot remove those who watch.
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    with write():
        user = _get_locked(user_id)
        if _is_administrator(user_id):
            raise Conflict(
                "account.administrator",
                f"{user.username} is an administrator. The security administrator ends the role "
                "first.",
                f"{user.username} 现任管理员，须先由安全管理员免去其角色。",
            )
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user_id, how="account", actor=actor, now=now)
        _record("account.closed", user, actor, now)


def reset_password(user_id: int, *, actor: Viewer, now: datetime) -> str:
    """A new one-time password for a user who forgot theirs.

    Raises: NotAllowed("account.administrator") for an administrator's account: else the system
        administrator could become any of the three. That is done on the console.
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    with write():
        user = _get_locked(user_id)
        if _is_administrator(user_id) and not actor.is_system:
            raise NotAllowed(
                "account.administrator",
                f"{user.username} is an administrator; the password is reset on the console only: "
                "cityloop create user --reset.",
                f"{user.username} 为管理员，只能在控制台重置密码：cityloop create user --reset。",
            )
        password = secrets.token_urlsafe(12)
        user.password = one_time_hash(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        end_sessions(user_id, how="password", actor=actor, now=now)
        _record("password.reset", user, actor, now)
    return password


def reopen_user(user_id: int, *, actor: Viewer, now: datetime) -> str:
    """Open a closed account again, with a one-time password; its roles are as they were.

    Raises: Conflict("account.open").
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    with write():
        user = _get_locked(user_id)
        if user.is_active:
            raise Conflict("account.open", f"{user.username} is open.", f"{user.username} 未停用。")
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record("account.reopened", user, actor, now)
        return reset_password(user_id, actor=actor, now=now)


def change_password(
    old: str, new: str, *, keep: int | None = None, actor: Viewer, now: datetime
) -> User:
    """One's own password; the old one proves who asks. All other log-ins end, not `keep`."""
    user_id = need_person(actor)
    with write():
        user = _get_locked(user_id)
        if not user.check_password(old):
            raise DomainError(
                "password.wrong", "The old password is not right.", "原密码不正确。", where="old"
            )
        if old == new:
            raise DomainError(
                "password.same",
                "The new password is the old one. Choose another.",
                "新密码与原密码相同，请另设。",
                where="new",
            )
        _set_password(user, new)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        end_sessions(user_id, keep=keep, how="password", actor=actor, now=now)
        _record("password.changed", user, actor, now)
    return user


def one_time_hash(secret: str) -> str:
    """What is kept of a password we made: 96 random bits need no slow hash against guessing."""
    try:
        hasher = get_hasher("pbkdf2_sha256")
    except ValueError:  # not among settings.PASSWORD_HASHERS
        return make_password(secret)
    return str(hasher.encode(secret, hasher.salt(), 1))  # type: ignore[call-arg]


def _get_locked(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound("account.unknown", f"There is no user {user_id}.", f"没有用户 {user_id}。")
    return user


def _is_administrator(user_id: int) -> bool:
    return RoleHolding.objects.filter(
        user_id=user_id, role__in=[r.value for r in ADMINISTRATORS], ended_at__isnull=True
    ).exists()


def _known_language(language: str) -> str:
    if language not in LANGUAGES:
        raise DomainError(
            "account.language",
            f"Language {language!r} is not offered; choose zh or en.",
            f"不支持语言 {language!r}，可选 zh、en。",
            where="language",
        )
    return language


def _check_fields(user: User) -> None:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        field, said = next(iter(error.message_dict.items()))
        raise DomainError(
            "account.name",
            f"{field} cannot be {getattr(user, field)!r:.80}: {said[0]}",
            f"{field} 的值无效：{said[0]}",
            where=field,
        ) from error


def _set_password(user: User, password: str | None) -> None:
    try:
        validate_password(password or "", user)
    except ValidationError as error:
        said = " ".join(error.messages)
        raise DomainError("password.weak", said, said, where="password") from error
    user.set_password(password)


def _record(kind: str, user: User, actor: Viewer, now: datetime, **private: str) -> None:
    draft = Draft(kind, "user", user.pk, private=private or None)
    record(draft, actor=actor, now=now)
