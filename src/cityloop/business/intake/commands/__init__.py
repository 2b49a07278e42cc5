"""Importing files of reports. Command line, API and jobs call these."""

from cityloop.business.intake.commands.records import take_records
from cityloop.business.intake.commands.retention import forget_left_out
from cityloop.business.intake.commands.run import carry_on
from cityloop.business.intake.commands.start import JOB, MapFile, open_run, upload, want

__all__ = [
    "JOB",
    "MapFile",
    "carry_on",
    "forget_left_out",
    "open_run",
    "take_records",
    "upload",
    "want",
]
