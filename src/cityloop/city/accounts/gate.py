"""Whether the log-in behind a cookie still holds: asked at every request, on both entrances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cityloop.city.accounts.commands.login_sessions import note_over, note_seen, open_login
from cityloop.city.accounts.domain.session import CONFIRMED_FOR, Span, ending, is_confirmed
from cityloop.city.accounts.models import LoginSession, User
from cityloop.kernel.errors import NotAllowed

KEY = "login_id"
# A page that asks by itself says so; only what a person does keeps a log-in from falling asleep.
BACKGROUND = "X-Background"
_ENDED: dict[str, tuple[str, str]] = {
    "idle": (
        "You were logged out after a time without use. Log in again; nothing sent was lost.",
        "长时间未操作，已自动退出，请重新登录；已提交的内容不会丢失。",
    ),
    "absolute": (
        "This log-in has reached its longest time. Log in again.",
        "本次登录已达最长时限，请重新登录。",
    ),
    "ended": ("This log-in was ended. Log in again.", "本次登录已被结束，请重新登录。"),
}


def remember(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Receiver of `user_logged_in`: the row of this log-in, named in the session."""
    from cityloop.city.accounts.entry import source_of

    row = open_login(
        user,
        source=source_of(request),
        agent=request.headers.get("User-Agent", ""),
        now=timezone.now(),
    )
    request.session[KEY] = row.pk


def forget(sender: Any, request: HttpRequest | None, user: Any, **_: Any) -> None:
    """Receiver of `user_logged_out`."""
    login_id = request.session.get(KEY) if request is not None else None
    if login_id:
        rows = LoginSession.objects.filter(pk=login_id, ended_at__isnull=True)
        rows.update(ended_at=timezone.now(), ended_how="log_out")


class LiveLogins:
    """Middleware: a log-in that is over opens no page either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            check_login_holds(request)
        return self.get_response(request)


def check_login_holds(request: HttpRequest) -> None:
    """Let go of the user of a log-in that is over; `request.login_over` then says why."""
    if getattr(request, "login_checked", False) or not isinstance(request.user, User):
        return
    request.login_checked = True  # type: ignore[attr-defined]
    if not hasattr(request, "session"):
        return
    now = timezone.now()
    login_id = request.session.get(KEY)
    row = LoginSession.objects.filter(pk=login_id, user_id=request.user.pk).first()
    over = "ended" if row is None else ending(_span(row), now)
    if row is not None and over is None:
        request.login_row = row  # type: ignore[attr-defined]
        if BACKGROUND not in request.headers:
            note_seen(row.pk, row.seen_at, now=now)
        return
    if row is not None and over in ("idle", "absolute"):
        note_over(row.pk, over, now=now)
    request.login_over = over  # type: ignore[attr-defined]
    logout(request)
    request.user = AnonymousUser()


def refuse_over(request: HttpRequest) -> None:
    """Raises: NotAllowed("session.idle" | "session.absolute" | "session.ended", 401)."""
    over = getattr(request, "login_over", None)
    if over:
        en, zh = _ENDED[over]
        raise NotAllowed(f"session.{over}", en, zh, status=401)


def need_confirmed(request: HttpRequest) -> None:
    """Acts of weight: the password was given within ten minutes, on this log-in.

    Raises: NotAllowed("session.confirm"); POST /api/v1/session/confirm, then ask again.
    """
    row = cast("LoginSession | None", getattr(request, "login_row", None))
    if row is not None and is_confirmed(row.confirmed_at, timezone.now()):
        return
    minutes = int(CONFIRMED_FOR.total_seconds() // 60)
    raise NotAllowed(
        "session.confirm",
        f"Give your password once more: this act needs one given within {minutes} minutes.",
        f"请再次输入密码：此操作要求在 {minutes} 分钟内验证过密码。",
        details={"within_s": int(CONFIRMED_FOR.total_seconds())},
    )


def login_id_of(request: HttpRequest) -> int | None:
    """The row of the present log-in."""
    row = getattr(request, "login_row", None)
    return row.pk if isinstance(row, LoginSession) else None


def _span(row: LoginSession) -> Span:
    return Span(row.seen_at, timedelta(seconds=row.idle_s), row.ends_at, row.ended_at)
