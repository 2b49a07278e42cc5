"""Who asks: a person logged in, a program with a token, or the public."""

from __future__ import annotations

import base64

from django.http import HttpRequest
from django.utils import timezone

from cityloop.city.accounts.commands.tokens import note_use
from cityloop.city.accounts.domain import PUBLIC, Viewer
from cityloop.city.accounts.entry import find_viewer
from cityloop.city.accounts.queries.viewers import find_token, token_viewer
from cityloop.kernel.errors import NotAllowed


def reader_of(request: HttpRequest) -> Viewer:
    """The viewer of a request.

    GIS programs send a token as `Authorization: Bearer …`, or, where they know passwords alone,
    as the password of Basic with any name.

    Raises: NotAllowed("token.unknown", 401).
    """
    header = request.headers.get("Authorization", "")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() not in ("bearer", "basic"):
        return find_viewer(request) or PUBLIC
    secret = rest.strip() if scheme.lower() == "bearer" else _password(rest)
    now = timezone.now()
    token = find_token(secret, now=now)
    if token is None:
        raise NotAllowed(
            "token.unknown",
            "This token is unknown, revoked or expired. Ask the security administrator for one.",
            "令牌无效、已吊销或已过期，请向安全管理员申请新令牌。",
            status=401,
        )
    note_use(token.pk, token.last_used_at, now=now)
    return token_viewer(token)


def _password(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, no ASCII, no UTF-8
        return ""
