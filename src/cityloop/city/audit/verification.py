"""The whole trace laid beside its ledger: every row recomputed from its columns."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from cityloop.city.audit.domain import leaf_of
from cityloop.city.audit.models import Checkpoint, Event, LedgerHead
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


COLUMNS = (
    "position",
    "id",
    "at",
    "kind",
    "subject_type",
    "subject_id",
    "actor_kind",
    "actor_id",
    "data",
    "private",
    "salt",
    "commitment",
    "leaf_hash",
)
BATCH = 2_000
Columns = tuple[Any, ...]


class _Rows:
    """The rows as leaves; faults that the leaf does not show are put into `lines`."""

    def __init__(self, size: int, lines: list[str], progress: Callable[[int], None] | None) -> None:
        self._size, self._lines, self._progress = size, lines, progress
        self.erased = 0

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        after, count = Q(), 0
        while batch := self._batch(after):
            for position, _, row in batch:
                yield position, self._leaf(row)
            position, pk, _ = batch[-1]
            # Two rows of one number are possible where somebody dropped the index.
            after = Q(position__gt=position) | Q(position=position, id__gt=pk)
            count += len(batch)
            if self._progress:
                self._progress(count)

    def _batch(self, after: Q) -> list[tuple[int, int, Columns | None]]:
        """The next rows; one whose columns cannot even be read (a month 13) comes as None."""
        rows = Event.objects.filter(after, position__lt=self._size).order_by("position", "id")
        try:
            return [(row[0], row[1], row) for row in rows.values_list(*COLUMNS)[:BATCH]]
        except ValueError:
            keys = list(rows.values_list("position", "id")[:BATCH])
            return [(position or 0, pk, _readable(pk)) for position, pk in keys]

    def _leaf(self, row: Columns | None) -> bytes:
        leaf = _leaf_of(row) if row else None
        if row is None or leaf is None:
            return leaf_hash(b"unreadable")  # of no entry: the row is altered, whatever it is
        position, private, salt, committed, stored = row[0], *row[9:]
        if not hmac.compare_digest(bytes(stored or b""), leaf):
            self._lines.append(f"row {position}: its stored leaf hash is not of its columns")
        if not committed:
            if private is not None:
                self._lines.append(f"row {position}: private text without a commitment")
        elif private is None:
            self.erased += 1
        elif not _opens(committed, salt, private):
            self._lines.append(f"row {position}: its private text was changed")
        return leaf


def _readable(pk: int) -> Columns | None:
    try:
        return Event.objects.filter(pk=pk).values_list(*COLUMNS).first()
    except ValueError:
        return None


def _leaf_of(row: Columns) -> bytes | None:
    """The leaf of the columns as they are; None when no event can have such columns."""
    _, pk, at, kind, subject_type, subject_id, actor_kind, actor_id, data = row[:9]
    try:
        return leaf_of(
            data.encode(),
            event_id=pk,
            at=at,
            kind=kind,
            subject_type=subject_type,
            subject_id=subject_id,
            actor_kind=actor_kind,
            actor_id=actor_id,
            committed=row[11] or None,
        )
    except (ValueError, TypeError, AttributeError, DomainError):
        return None


def _opens(committed: str, salt: bytes | None, private: str) -> bool:
    try:
        return commitment_opens(committed, bytes(salt or b""), json.loads(private))
    except (ValueError, DomainError, RecursionError):
        return False
