"""What runs by itself."""

from __future__ import annotations

from datetime import timedelta

from cityloop.city.accounts.models import LoginAttempt
from cityloop.city.jobs import registry


def test_old_log_in_attempts_are_forgotten_by_the_worker(db, now):
    registry.load()
    for days in (1, 91):
        LoginAttempt.objects.create(at=now - timedelta(days=days), account_key="k", source="s")
    registry.PERIODIC["cityloop.web.tasks.forget_log_in_attempts"].tick(now)
    assert LoginAttempt.objects.count() == 1
