"""Log-ins as rows: opened, seen, confirmed by password, ended by whoever may end them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from cityloop.city.accounts.commands.sessions import check_password_again
from cityloop.city.accounts.domain import Role, Viewer, plain_source
from cityloop.city.accounts.domain.session import SEEN_STEP, Ending, idle_for
from cityloop.city.accounts.models import LoginSession, User
from cityloop.city.accounts.queries.viewers import holdings_of
from cityloop.city.accounts.rules import need_person, need_role
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import NotFound


def open_login(user: User, *, source: str, agent: str, now: datetime) -> LoginSession:
    """A log-in that just succeeded; how long it holds follows from the roles held now."""
    idle = idle_for(
        (h.role for h in holdings_of(user.pk)),
        desk=timedelta(minutes=settings.SESSION_IDLE_MINUTES),
        field=timedelta(minutes=settings.SESSION_IDLE_MINUTES_FIELD),
    )
    with write():
        return LoginSession.objects.create(
            user=user,
            opened_at=now,
            seen_at=now,
            confirmed_at=now,
            idle_s=int(idle.total_seconds()),
            ends_at=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            source=plain_source(source),
            agent=agent[:200],
        )


def note_seen(login_id: int, seen_at: datetime, *, now: datetime) -> None:
    """Remember that a log-in is in use, to the minute: a write a request would cost too much."""
    if now - seen_at >= SEEN_STEP:
        LoginSession.objects.filter(pk=login_id, ended_at__isnull=True).update(seen_at=now)


def note_over(login_id: int, how: Ending, *, now: datetime) -> None:
    """A log-in found to be over by its own time."""
    rows = LoginSession.objects.filter(pk=login_id, ended_at__isnull=True)
    rows.update(ended_at=now, ended_how=how)


def confirm_login(
    password: str, login_id: int | None, *, source: str, actor: Viewer, now: datetime
) -> None:
    """The password once more, before an act of weight; wrong ones count as tries to log in.

    Raises: NotAllowed("password.wrong" | "login.locked").
    """
    user_id = need_person(actor)
    check_password_again(user_id, password, source=source, now=now)
    with write():
        LoginSession.objects.filter(pk=login_id, user_id=user_id).update(
            confirmed_at=now, seen_at=now
        )
        record(Draft("login.confirmed", "user", user_id), actor=actor, now=now)


def end_session(session_id: int, *, actor: Viewer, now: datetime) -> None:
    """End one log-in: one's own, or anybody's by the security administrator.

    Raises: NotFound("session.unknown").
    """
    person = need_person(actor)
    with write():
        row = LoginSession.objects.select_for_update().filter(pk=session_id).first()
        if row is None or (row.user_id != person and not actor.holds(Role.SECURITY_ADMIN)):
            raise NotFound(
                "session.unknown",
                f"There is no log-in {session_id} of yours. See GET /api/v1/sessions.",
                f"没有编号为 {session_id} 的登录会话。",
                where="session_id",
            )
        if row.ended_at is None:
            row.ended_at, row.ended_how = now, "by_hand"
            row.save(update_fields=["ended_at", "ended_how"])
            _record(row.user_id, [row.pk], "by_hand", actor, now)


def end_sessions(
    user_id: int, *, keep: int | None = None, how: str = "by_hand", actor: Viewer, now: datetime
) -> int:
    """End all log-ins of a user but one; how many there were.

    Raises: NotAllowed unless they are one's own or the security administrator acts. The system
        administrator ends them by closing an account or by a new one-time password.
    """
    if actor.user_id != user_id and how == "by_hand":
        need_role(actor, Role.SECURITY_ADMIN)
    with write():
        rows = LoginSession.objects.filter(user_id=user_id, ended_at__isnull=True)
        ids = list(rows.exclude(pk=keep).values_list("pk", flat=True))
        LoginSession.objects.filter(pk__in=ids).update(ended_at=now, ended_how=how)
        if ids:
            _record(user_id, ids, how, actor, now)
    return len(ids)


def old_logins(before: datetime) -> int:
    """How many log-ins ended, by hand or by their own time, before a moment."""
    return LoginSession.objects.filter(ends_at__lt=before).count()


def forget_logins(before: datetime, *, limit: int) -> int:
    """Delete those; how many (at most `limit`)."""
    rows = LoginSession.objects.filter(ends_at__lt=before).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:limit])
    LoginSession.objects.filter(pk__in=ids).delete()
    return len(ids)


def _record(user_id: int, ids: list[int], how: str, actor: Viewer, now: datetime) -> None:
    data = {"sessions": ids, "how": how}
    record(Draft("session.ended", "user", user_id, data), actor=actor, now=now)
