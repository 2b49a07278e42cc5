"""Whether the password was given lately: asked of the app above that keeps log-ins.

@lend_check
def need_confirmed(request: HttpRequest) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

Check = Callable[[HttpRequest], None]
_check: list[Check] = []


def lend_check(check: Check) -> Check:
    """Register who knows about log-ins; raises NotAllowed where the password is too old."""
    _check[:] = [check]
    return check


def check_confirmed(request: HttpRequest) -> None:
    """Raises: NotAllowed("session.confirm"); LookupError when nobody lends a check."""
    if not _check:
        raise LookupError("no app has lent a check of log-ins")
    _check[0](request)
