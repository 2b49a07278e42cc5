"""Everything that changes plans, patrols, tracks and consents."""

from cityloop.business.patrol.commands.consent import give_consent, withdraw_consent
from cityloop.business.patrol.commands.deliveries import (
    deliver_end,
    deliver_inspection,
    deliver_move,
    deliver_photo,
    deliver_report,
    deliver_start,
    deliver_track,
    deliver_visit,
    need_same_user,
)
from cityloop.business.patrol.commands.openings import open_track
from cityloop.business.patrol.commands.plans import end_plan, set_plan
from cityloop.business.patrol.commands.retention import erase_old

__all__ = [
    "deliver_end",
    "deliver_inspection",
    "deliver_move",
    "deliver_photo",
    "deliver_report",
    "deliver_start",
    "deliver_track",
    "deliver_visit",
    "end_plan",
    "erase_old",
    "give_consent",
    "need_same_user",
    "open_track",
    "set_plan",
    "withdraw_consent",
]
