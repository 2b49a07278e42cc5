"""What the worker does for accounts."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.accounts.commands import end_expired_roles
from cityloop.city.jobs.registry import every


@every(seconds=60)
def end_roles_over(now: datetime) -> None:
    """Roles granted for a period end with it."""
    end_expired_roles(now=now)
