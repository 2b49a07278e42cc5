"""Logging in, with a limit on tries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q

from cityloop.city.accounts.domain import Tries, Viewer, account_key, lock_on, plain_source
from cityloop.city.accounts.domain.login import KNOWN_FOR, WINDOW
from cityloop.city.accounts.models import LoginAttempt, User
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import NotAllowed

KEEP_ATTEMPTS = timedelta(days=90)


def check_login(username: str, password: str, *, source: str, now: datetime) -> User:
    """The user of this name and password.

    The try is written before it is judged: of many sent at once each counts those before it.

    Args:
        source: the address the try comes from.
    Raises: NotAllowed("login.wrong", 401); NotAllowed("login.locked", 429) after too many.
    """
    user = User.objects.filter(username__iexact=username.strip()[:150]).first()
    tried = LoginAttempt(
        at=now,
        account_key=account_key(username.strip(), settings.SECRET_KEY),
        source=plain_source(source),
        user=user,
    )
    _count_try(tried, now)
    if user is None or not user.is_active:
        User().set_password(password)  # as slow as a real one: names cannot be found by timing
        raise _wrong()
    if not user.check_password(password):
        raise _wrong()
    _opened(tried, user, now)
    return user


def check_password_again(user_id: int, password: str, *, source: str, now: datetime) -> None:
    """The password of somebody who is logged in; a wrong one counts as a try to log in.

    Raises: NotAllowed("password.wrong"); NotAllowed("login.locked", 429) after too many.
    """
    user = User.objects.get(pk=user_id)
    tried = LoginAttempt(
        at=now,
        account_key=account_key(user.username, settings.SECRET_KEY),
        source=plain_source(source),
        user=user,
    )
    _count_try(tried, now)
    if not user.is_active or not user.check_password(password):
        raise NotAllowed(
            "password.wrong", "The password is not right.", "密码不正确。", where="password"
        )
    with write():
        LoginAttempt.objects.filter(pk=tried.pk).update(outcome=LoginAttempt.OK)


def close_login(*, actor: Viewer, now: datetime) -> None:
    """Put on record that a person logged out."""
    if actor.user_id is not None:
        with write():
            record(Draft("login.closed", "user", actor.user_id), actor=actor, now=now)


def forget_old_attempts(*, now: datetime) -> int:
    """Delete tries older than 90 days; how many there were."""
    return LoginAttempt.objects.filter(at__lt=now - KEEP_ATTEMPTS).delete()[0]


def _count_try(tried: LoginAttempt, now: datetime) -> None:
    with write():
        tried.save(force_insert=True)
    locked = lock_on(_tries(tried, now))
    if locked:
        _refuse(tried, locked, now)


def _tries(tried: LoginAttempt, now: datetime) -> Tries:
    pair = Q(account_key=tried.account_key, source=tried.source)
    got_in = LoginAttempt.objects.filter(
        pair, outcome=LoginAttempt.OK, at__gt=now - KNOWN_FOR
    ).aggregate(at=Max("at"))["at"]
    since = now - WINDOW
    pair_since = max(since, got_in) if got_in else since
    counted = LoginAttempt.objects.filter(
        Q(account_key=tried.account_key) | Q(source=tried.source),
        outcome=LoginAttempt.WRONG,
        at__gt=since,
    ).aggregate(
        pair=Count("pk", filter=pair & Q(at__gt=pair_since)),
        source=Count("pk", filter=Q(source=tried.source)),
        account=Count("pk", filter=Q(account_key=tried.account_key)),
    )
    return Tries(**counted, known=got_in is not None)


def _refuse(tried: LoginAttempt, locked: str, now: datetime) -> None:
    """A refused try does not count again, so a lock ends by itself."""
    before = LoginAttempt.objects.filter(
        account_key=tried.account_key,
        source=tried.source,
        outcome=LoginAttempt.REFUSED,
        at__gt=now - WINDOW,
    ).exists()
    with write():
        LoginAttempt.objects.filter(pk=tried.pk).update(outcome=LoginAttempt.REFUSED)
        if not before:  # one row a lock: a flood of tries must not flood the trace
            draft = Draft(
                "login.locked", "user", tried.user_id or 0, {"lock": locked},
                private={"source": tried.source},
            )  # fmt: skip
            record(draft, actor=Viewer(kind="public"), now=now)
    minutes = int(WINDOW.total_seconds() // 60)
    raise NotAllowed(
        "login.locked",
        f"Too many wrong tries. Wait {minutes} minutes, or ask the system administrator.",
        f"登录失败次数过多，请 {minutes} 分钟后再试，或联系系统管理员。",
        status=429,
        details={"retry_after_s": int(WINDOW.total_seconds())},
    )


def _opened(tried: LoginAttempt, user: User, now: datetime) -> None:
    actor = Viewer(kind="person", user_id=user.pk)
    with write():
        LoginAttempt.objects.filter(pk=tried.pk).update(outcome=LoginAttempt.OK)
        draft = Draft("login.opened", "user", user.pk, private={"source": tried.source})
        record(draft, actor=actor, now=now)


def _wrong() -> NotAllowed:
    return NotAllowed(
        "login.wrong", "User name or password is not right.", "用户名或密码不正确。", status=401
    )
