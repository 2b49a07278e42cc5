"""Django's own login form (the staff site) under the same limit on tries as the API."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from cityloop.city.accounts.commands.sessions import check_login
from cityloop.city.accounts.entry import source_of
from cityloop.city.accounts.models import User
from cityloop.kernel.errors import NotAllowed


class LimitedLogin(ModelBackend):
    """Name and password, with a limit on wrong tries; permissions follow from roles alone."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        source = source_of(request) if request is not None else "console"
        try:
            return check_login(username, password, source=source, now=timezone.now())
        except NotAllowed as refused:
            if refused.code == "login.locked":
                raise PermissionDenied(refused.zh) from refused
            return None
