"""Everything that changes a case. API, admin, jobs and simulator call these and nothing else."""

from cityloop.business.cases.commands.approvals import decide
from cityloop.business.cases.commands.bulk import move_many
from cityloop.business.cases.commands.move import move
from cityloop.business.cases.commands.phones import cases_by_phone
from cityloop.business.cases.commands.photos import add_photo
from cityloop.business.cases.commands.receive import receive, receive_many
from cityloop.business.cases.commands.receive_waiting import receive_together
from cityloop.business.cases.commands.reporters import erase_reporters, open_reporter
from cityloop.business.cases.commands.timers import ring_due
from cityloop.business.cases.commands.words import add_words

__all__ = [
    "add_photo",
    "add_words",
    "cases_by_phone",
    "decide",
    "erase_reporters",
    "move",
    "move_many",
    "open_reporter",
    "receive",
    "receive_many",
    "receive_together",
    "ring_due",
]
