"""Telling other systems and reporters."""

from cityloop.business.notify.commands.deliver import add_deliveries, bury_deliveries, deliver
from cityloop.business.notify.commands.notices import add_notices, send_notice
from cityloop.business.notify.commands.webhooks import (
    change_webhook,
    create_webhook,
    redeliver,
)

__all__ = [
    "add_deliveries",
    "add_notices",
    "bury_deliveries",
    "change_webhook",
    "create_webhook",
    "deliver",
    "redeliver",
    "send_notice",
]
