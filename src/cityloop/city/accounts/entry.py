"""How a request gets its viewer: a session with CSRF, a bearer token, or the public.

Callables for django-ninja's `auth=`. They set `request.viewer`, which every operation uses.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from cityloop.city.accounts.commands.tokens import note_use
from cityloop.city.accounts.domain import PUBLIC, Viewer, scope_for
from cityloop.city.accounts.gate import check_login_holds, refuse_over
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries.viewers import get_token, token_viewer, viewer_of
from cityloop.city.accounts.rules import need_scope
from cityloop.kernel.errors import NotAllowed

API_ROOT = "/api/v1/"
_OPEN_BEFORE_CHANGE = ("me", "session")


class SignedIn(AuthBase):
    """A logged-in person or a token; answers 401 to anybody else."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_bearer_format = "opaque"

    def __call__(self, request: HttpRequest) -> Viewer:
        viewer = find_viewer(request)
        if viewer is None:
            refuse_over(request)
            raise NotAllowed(
                "login.needed",
                "Log in, or send `Authorization: Bearer <token>`.",
                "请先登录，或携带 Authorization: Bearer 令牌。",
                status=401,
            )
        return viewer


class Anyone(SignedIn):
    """The same, but who is nobody is the public. A wrong token is still refused."""

    def __call__(self, request: HttpRequest) -> Viewer:
        viewer = find_viewer(request)
        if viewer is None:
            request.viewer = viewer = PUBLIC  # type: ignore[attr-defined]
        return viewer


def find_viewer(request: HttpRequest) -> Viewer | None:
    """The viewer of this request, also put at `request.viewer`; None when nobody is known.

    Raises: NotAllowed: "token.unknown" (401), "token.scope", "token.closed", "csrf.failed",
        "password.change_first".
    """
    header = request.headers.get("Authorization", "")
    scheme, _, secret = header.partition(" ")
    viewer = _by_token(request, secret.strip()) if scheme.lower() == "bearer" else None
    viewer = viewer or _by_session(request)
    if viewer is not None:
        request.viewer = viewer  # type: ignore[attr-defined]
    return viewer


def source_of(request: HttpRequest) -> str:
    """The address a request comes from.

    Behind proxies X-Forwarded-For is read from the right, as many steps as settings.PROXIES
    says there are; what stands further left anybody can write.
    """
    proxies = int(getattr(settings, "PROXIES", 0))
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(chain) >= proxies and chain[-proxies]:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def _by_token(request: HttpRequest, secret: str) -> Viewer:
    now = timezone.now()
    token = get_token(secret, now=now)
    viewer = token_viewer(token)
    scope = scope_for(request.method or "GET", _segment(request))
    if scope is None:
        raise NotAllowed(
            "token.closed",
            f"{request.method} {request.path} is for people, not for tokens.",
            f"{request.method} {request.path} 只供人员登录后使用，不接受令牌。",
        )
    need_scope(viewer, scope)
    note_use(token.pk, token.last_used_at, now=now)
    return viewer


def _by_session(request: HttpRequest) -> Viewer | None:
    check_login_holds(request)
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return None
    if check_csrf(request) is not None:
        raise NotAllowed(
            "csrf.failed",
            "The CSRF token is missing or wrong. Send the cookie csrftoken as the header "
            "X-CSRFToken.",
            "CSRF 校验失败，请将 csrftoken 置于 X-CSRFToken 请求头。",
        )
    if user.must_change_password and _segment(request) not in _OPEN_BEFORE_CHANGE:
        raise NotAllowed(
            "password.change_first",
            "This is a one-time password. Change it first: PUT /api/v1/me/password.",
            "当前为一次性密码，请先修改密码。",
        )
    return viewer_of(user)


def _segment(request: HttpRequest) -> str:
    """The first part of the path under /api/v1/."""
    _, found, rest = request.path.partition(API_ROOT)
    return rest.split("/", 1)[0] if found else ""
