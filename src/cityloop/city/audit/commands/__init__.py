"""Writing the trace."""

from cityloop.city.audit.commands.check import check_ledger, raise_alarm
from cityloop.city.audit.commands.erase import erase, erase_subject
from cityloop.city.audit.commands.record import Draft, record, record_many
from cityloop.city.audit.commands.sequence import checkpoint, is_waiting, sequence

__all__ = [
    "Draft",
    "check_ledger",
    "checkpoint",
    "erase",
    "erase_subject",
    "is_waiting",
    "raise_alarm",
    "record",
    "record_many",
    "sequence",
]
