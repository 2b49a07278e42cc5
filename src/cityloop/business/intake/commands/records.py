"""Reports from rows that are no file: another system's answers, a stream of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings

from cityloop.business.cases.settings import loop_settings
from cityloop.business.intake.commands.batch import Item, read_items, receive_as, take_results
from cityloop.business.intake.commands.run import BATCH, check_targets
from cityloop.business.intake.domain import Limits, ReportMap, RowReader, Tally
from cityloop.business.intake.models import LeftOutRow
from cityloop.business.intake.rules import need_importer
from cityloop.city.accounts.domain import Viewer


@dataclass
class RecordsDone:
    """What came of them; `left_out` are unsaved rows, for showing."""

    tally: Tally = field(default_factory=Tally)
    left_out: list[LeftOutRow] = field(default_factory=list)


def take_records(
    rows: Iterable[Mapping[str, Any]],
    *,
    mapping: ReportMap,
    channel: str,
    origin: Mapping[str, Any] | None = None,
    actor: Viewer,
    clock: Callable[[], datetime],
    batch: int = BATCH,
) -> RecordsDone:
    """Take in objects under a mapping. Repeats are known by channel and external id, so the same
    objects may come again and again.

    Args:
        rows: objects by field name; fields that one of them lacks read as empty.
        origin: goes with every report, to say where it came from.
    """
    need_importer(actor)
    check_targets(mapping)
    names = {name: name for name in mapping.columns()}
    limits = Limits(timezone=settings.TIME_ZONE, text_max=loop_settings().text_max)
    reader = RowReader(mapping, names, channel, limits, dict(origin or {}))
    numbered: Iterable[Item] = enumerate(rows, 1)
    source, done = iter(numbered), RecordsDone()
    while chunk := list(islice(source, batch)):
        now = clock()
        results = read_items(chunk, reader, now=now)
        part = take_results(results, chunk, reader, receive_as(actor, now))
        done.tally = done.tally.plus(part.tally)
        done.left_out += part.left_out
    return done
