"""The whole trace laid beside its ledger: every row recomputed from its columns."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from cityloop.city.audit.models import Checkpoint, Event, LedgerHead
from cityloop.city.audit.queries import entry_of
from cityloop.city.audit.tiles import TableTiles
from cityloop.engines.ledger import Checkpoint as TreeHead
from cityloop.engines.ledger import (
    Comparison,
    VerifyKey,
    commitment_opens,
    compare,
    leaf_hash,
    verify_checkpoint,
)
from cityloop.kernel.errors import DomainError

CHECKPOINTS = 10_000


@dataclass
class Verification:
    """What was found: `comparison.findings`, and `lines` about single rows and checkpoints.

    `unplaced` events wait for the sequencer; nobody vouches for them yet.
    """

    comparison: Comparison
    lines: list[str] = field(default_factory=list)
    checkpoints: int = 0
    checkpoints_of: int = 0
    unplaced: int = 0
    erased: int = 0

    @property
    def is_clean(self) -> bool:
        return self.comparison.is_clean and not self.lines


def verify(
    key: VerifyKey,
    *,
    witnessed: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Read every row in the order of positions and compare it with tiles and signed roots.

    Args:
        key: checks the signatures; take it from a witness or the notice board, not from here.
        witnessed: checkpoint notes that somebody else kept.
        progress: called with the number of rows read, every thousand.
    """
    lines: list[str] = []
    signed, of = _signed(key, witnessed, lines)
    size = LedgerHead.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    rows = _Rows(size, lines, progress)
    outcome = compare(rows.leaves(), TableTiles(), size, signed)
    lines += [f"row {position}: numbered beyond the end of the log" for position in _beyond()]
    unplaced = Event.objects.filter(position__isnull=True).count()
    return Verification(outcome, lines, len(signed), of, unplaced, rows.erased)


def _signed(
    key: VerifyKey, witnessed: Sequence[str], lines: list[str]
) -> tuple[list[TreeHead], int]:
    """Checkpoints with a good signature: all, or evenly picked ones where there are very many."""
    ids = list(Checkpoint.objects.order_by("size").values_list("id", flat=True))
    step = max(1, -(-len(ids) // CHECKPOINTS))
    picked = ids[::-1][::step]
    good = []
    for start in range(0, len(picked), 500):
        for row in Checkpoint.objects.filter(id__in=picked[start : start + 500]):
            head = _checked(row.note, key, f"checkpoint {row.size}", lines)
            if head is not None and (head.size, head.root) != (row.size, bytes(row.root)):
                lines.append(f"checkpoint {row.size}: its columns are not what its note says")
            good += [head] if head else []
    for number, note in enumerate(witnessed, 1):
        head = _checked(note, key, f"witnessed checkpoint {number}", lines)
        good += [head] if head else []
    return good, len(ids) + len(witnessed)


def _checked(note: str, key: VerifyKey, what: str, lines: list[str]) -> TreeHead | None:
    try:
        return verify_checkpoint(note, key)
    except DomainError as error:
        lines.append(f"{what}: {error.en}")
        return None


def _beyond() -> list[int]:
    """Numbers no sequencer gave; one statement, so that a burst under way is not mistaken."""
    head = Subquery(LedgerHead.objects.filter(pk=1).values("size"))
    rows = Event.objects.filter(position__gte=Coalesce(head, 0)).order_by("position")
    return [p for p in rows.values_list("position", flat=True)[:100] if p is not None]


class _Rows:
    """The rows as leaves; faults that the leaf does not show are put into `lines`."""

    def __init__(self, size: int, lines: list[str], progress: Callable[[int], None] | None) -> None:
        self._size, self._lines, self._progress = size, lines, progress
        self.erased = 0

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        rows = Event.objects.filter(position__lt=self._size).order_by("position")
        for count, event in enumerate(rows.iterator(chunk_size=2_000), 1):
            yield event.position or 0, self._leaf(event)
            if self._progress and count % 1_000 == 0:
                self._progress(count)

    def _leaf(self, event: Event) -> bytes:
        try:
            leaf = leaf_hash(entry_of(event))
        except (ValueError, DomainError, RecursionError):
            return leaf_hash(event.data.encode("utf-8", "replace"))  # altered, whatever it is
        if not hmac.compare_digest(bytes(event.leaf_hash), leaf):
            self._lines.append(f"row {event.position}: its stored leaf hash is not of its columns")
        self._check_private(event)
        return leaf

    def _check_private(self, event: Event) -> None:
        if not event.commitment:
            if event.private is not None:
                self._lines.append(f"row {event.position}: private text without a commitment")
        elif event.private is None:
            self.erased += 1
        elif not _opens(event):
            self._lines.append(f"row {event.position}: its private text was changed")


def _opens(event: Event) -> bool:
    try:
        private: Any = json.loads(event.private or "")
        return commitment_opens(event.commitment, bytes(event.salt or b""), private)
    except (ValueError, DomainError):
        return False
