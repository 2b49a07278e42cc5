"""Upkeep that belongs to no room of its own: hung up here, where everything is put together."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.accounts.commands import end_expired_roles, forget_old_attempts
from cityloop.city.jobs.registry import every


@every(seconds=6 * 3600)
def forget_log_in_attempts(now: datetime) -> None:
    """Tries to log in are kept for 90 days, no longer than they are of use."""
    forget_old_attempts(now=now)


@every(seconds=60)
def end_roles_over(now: datetime) -> None:
    """Roles granted for a period end with it."""
    end_expired_roles(now=now)
