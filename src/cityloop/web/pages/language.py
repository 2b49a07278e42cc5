"""The language of a page: chosen, else the person's, else Chinese."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from cityloop.city.accounts.models import User

COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(request: HttpRequest) -> str:
    """ "zh" or "en"."""
    chosen = request.COOKIES.get(COOKIE, "")
    if not chosen and isinstance(request.user, User):
        chosen = request.user.language
    return "en" if chosen.startswith("en") else "zh"
