"""The index follows what it is made from."""

from __future__ import annotations

from datetime import datetime

from cityloop.city.gazetteer.commands import follow
from cityloop.city.jobs.registry import every

A_TURN = 10_000  # elements: some two seconds of a processor


@every(seconds=10)
def follow_places_and_elements(now: datetime) -> None:
    """Cheap while nothing has changed: one number is read of each kind."""
    follow(now=now, most=A_TURN)
