"""Who asks: a person logged in, a program with a token, or the public."""

from __future__ import annotations

import base64

from django.http import HttpRequest
from django.utils import timezone

from cityloop.city.accounts.commands.tokens import note_use
from cityloop.city.accounts.domain import PUBLIC, Viewer
from cityloop.city.accounts.entry import find_viewer
from cityloop.city.accounts.queries.viewers import get_token, token_viewer


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
    token = get_token(secret, now=now)
    note_use(token.pk, token.last_used_at, now=now)
    return token_viewer(token)


def _password(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, no ASCII, no UTF-8
        return ""
