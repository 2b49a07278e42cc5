"""Telling other systems, reporters and staff."""

from cityloop.business.notify.commands.deliver import add_deliveries, bury_deliveries, deliver
from cityloop.business.notify.commands.foreseen import tell_of_stop, tell_of_warning
from cityloop.business.notify.commands.notices import add_notices, send_notice
from cityloop.business.notify.commands.staff import is_news, read_up_to, tell_staff
from cityloop.business.notify.commands.testing import Tested, test_webhook
from cityloop.business.notify.commands.webhooks import (
    change_webhook,
    create_webhook,
    forget_deliveries,
    old_deliveries,
    redeliver,
    redeliver_one,
)

__all__ = [
    "Tested",
    "add_deliveries",
    "add_notices",
    "bury_deliveries",
    "change_webhook",
    "create_webhook",
    "deliver",
    "forget_deliveries",
    "is_news",
    "old_deliveries",
    "read_up_to",
    "redeliver",
    "redeliver_one",
    "send_notice",
    "tell_of_stop",
    "tell_of_warning",
    "tell_staff",
    "test_webhook",
]
