"""What is sent: outside the database, so each message carries an id that stays the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cityloop.business.notify.commands import deliver, send_notice
from cityloop.city.jobs.registry import job


@job("notify.deliver", outside=True, lease_s=60)
def deliver_one(payload: dict[str, Any], now: datetime) -> None:
    deliver(payload["delivery"], now=now)


@job("notify.notice", outside=True, lease_s=60)
def send_one(payload: dict[str, Any], now: datetime) -> None:
    send_notice(payload["notice"], now=now)
