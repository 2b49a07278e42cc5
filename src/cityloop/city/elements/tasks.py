"""Upkeep of the registers."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.elements.commands.locating import relocate
from cityloop.city.elements.commands.persons import erase_ended
from cityloop.city.jobs.registry import every


@every(seconds=30)
def follow_the_cells(now: datetime) -> None:
    """Cells that were published anew get their elements."""
    relocate(now=now)


@every(seconds=3600)
def end_person_cards(now: datetime) -> None:
    """Cards of persons are erased on their day."""
    erase_ended(now=now)
