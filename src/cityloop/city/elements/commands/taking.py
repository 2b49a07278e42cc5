"""Taking rows into a register: new, changed, the same, refused; a million at a time.

Rows are made ready outside of the transaction, batch by batch; each batch is compared and written
in one transaction with its row in the trace. What is refused never stops the others, and a second
run of the same file changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np
from django.db.models import F

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.elements.commands.numbering import Numbering
from cityloop.city.elements.commands.writing import insert
from cityloop.city.elements.domain import ElementRow, FieldCheck, GeometryKind, Refusal, Taken
from cityloop.city.elements.domain.preparing import Prepared, prepare
from cityloop.city.elements.models import Element, Kind
from cityloop.city.elements.queries.kinds import kind_row
from cityloop.city.elements.rules import need_keeper
from cityloop.city.places import queries as places
from cityloop.kernel.errors import DomainError

BATCH = 20_000
_CHUNK = 900


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a current row."""

    id: int
    version: int
    fingerprint: int
    registered_at: datetime
    inspected_at: datetime | None


@dataclass(slots=True)
class _Run:
    kind: Kind
    source: str
    actor: Viewer
    now: datetime
    done: Taken
    check: FieldCheck
    numbering: Numbering
    is_new_register: bool


def take(
    rows: Iterable[ElementRow],
    *,
    kind: str,
    source: str,
    actor: Viewer,
    now: datetime,
    dry_run: bool = False,
) -> Taken:
    """Take rows into the register of a kind, each located in its cell.

    A known code with other content closes its version and opens the next one; the same content is
    left alone. Rows are written in batches of 20,000, each in one transaction.

    Args:
        kind: code of a declared kind.
        source: where the rows come from ("osm", "generator", a file's name), at most 40 characters.
        dry_run: tell what would happen, refused rows included, and write nothing.
    Raises: NotAllowed role.needed, token.scope; NotFound("element.no_kind");
        DomainError("element.source"). What is wrong with one row stands in `refused`.
    """
    need_keeper(actor)
    if not source or len(source) > 40:
        raise DomainError(
            "element.source",
            f"source is {source[:60]!r}; say in 1 to 40 characters where the rows come from.",
            f"来源为 {source[:60]!r}；请用 1 至 40 个字符说明数据来源。",
            where="source",
        )
    row = kind_row(kind)
    run = _Run(
        row, source, actor, now, Taken(dry_run=dry_run), FieldCheck(row.schema),
        Numbering(row, source),
        not Element.objects.filter(kind=row, valid_to__isnull=True).exists(),
    )  # fmt: skip
    for batch in _batches(rows):
        _take_batch(run, batch)
    run.done.refused.sort(key=lambda r: r.row)
    return run.done


def _batches(rows: Iterable[ElementRow]) -> Iterator[list[ElementRow]]:
    coming, number = iter(rows), 0
    while batch := list(islice(coming, BATCH)):
        for row in batch:
            number += 1
            if row.row is None:
                row.row = number
        yield batch


def _take_batch(run: _Run, batch: list[ElementRow]) -> None:
    ready = prepare(
        batch,
        geometry=GeometryKind(run.kind.geometry),
        check=run.check,
        bounds=places.bounds(),
        refused=run.done.refused,
    )
    if not ready.rows:
        return
    cells, _ = places.locate(ready.lon, ready.lat)
    if run.done.dry_run:
        _compare(run, ready, cells)
        return
    with write():
        before = (run.done.new, run.done.changed)
        chosen, versions, known = _compare(run, ready, cells)
        if chosen:
            _write(run, ready, cells, chosen, versions, known)
            counts = {
                "kind": run.kind.code,
                "source": run.source,
                "new": run.done.new - before[0],
                "changed": run.done.changed - before[1],
            }
            record(
                Draft("elements.taken", "elements", run.kind.pk, counts),
                actor=run.actor,
                now=run.now,
            )


def _compare(
    run: _Run, ready: Prepared, cells: np.ndarray
) -> tuple[list[int], list[int], list[Known]]:
    """Which rows are written, as which version, and which current ones they replace."""
    codes = run.numbering.codes(ready.rows, cells)
    known = {} if run.is_new_register else known_elements(run.kind.pk, codes)
    done, chosen, versions, replaced = run.done, [], [], []
    for k, (row, code) in enumerate(zip(ready.rows, codes, strict=True)):
        if code in done.codes:
            done.refused.append(Refusal(row.row or 0, code, _twice(code)))
            continue
        done.codes.add(code)
        row.code = code
        old = known.get(code)
        if old is not None and old.fingerprint == ready.fingerprints[k]:
            done.same += 1
            continue
        if old is None:
            done.new += 1
        else:
            done.changed += 1
            replaced.append(old)
        chosen.append(k)
        versions.append(0 if old is None else old.version)
    done.outside += int(np.count_nonzero(cells[chosen] < 0))
    return chosen, versions, replaced


def known_elements(kind_id: int, codes: list[str]) -> dict[str, Known]:
    """Current rows of these codes."""
    found: dict[str, Known] = {}
    current = Element.objects.filter(kind_id=kind_id, valid_to__isnull=True)
    for start in range(0, len(codes), _CHUNK):
        rows = current.filter(code__in=codes[start : start + _CHUNK])
        for code, *rest in rows.values_list("code", *Known.__slots__):
            found[code] = Known(*rest)
    return found


def _write(
    run: _Run,
    ready: Prepared,
    cells: np.ndarray,
    chosen: list[int],
    versions: list[int],
    replaced: list[Known],
) -> None:
    close([old.id for old in replaced], run.now)
    again, old = _again(run, ready, chosen, versions), iter(replaced)
    carried = [next(old) if v else None for v in versions]
    insert(
        ready,
        cells,
        chosen,
        [
            (v or again.get(ready.rows[k].code, 0)) + 1
            for k, v in zip(chosen, versions, strict=True)
        ],
        [run.now if c is None else c.registered_at for c in carried],
        [None if c is None else c.inspected_at for c in carried],
        kind_id=run.kind.pk,
        source=run.source,
        now=run.now,
    )
    touch(run.kind.pk)


def _again(run: _Run, ready: Prepared, chosen: list[int], versions: list[int]) -> dict[str, int]:
    """The last version of codes that were retired and now come back."""
    codes = [ready.rows[k].code for k, v in zip(chosen, versions, strict=True) if not v]
    past = Element.objects.filter(kind_id=run.kind.pk, valid_to__isnull=False)
    if not codes or not past.exists():
        return {}
    found: dict[str, int] = {}
    for start in range(0, len(codes), _CHUNK):
        rows = past.filter(code__in=codes[start : start + _CHUNK])
        for code, version in rows.values_list("code", "version"):
            found[code] = max(version, found.get(code, 0))
    return found


def close(ids: list[int], now: datetime) -> None:
    """End these versions; inside the caller's transaction."""
    for start in range(0, len(ids), _CHUNK):
        Element.objects.filter(pk__in=ids[start : start + _CHUNK]).update(valid_to=now)


def touch(kind_id: int) -> None:
    """Readers of this kind read anew."""
    Kind.objects.filter(pk=kind_id).update(stamp=F("stamp") + 1)


def _twice(code: str) -> DomainError:
    return DomainError(
        "element.twice",
        f"The code {code} stands in the file a second time; the first row was taken.",
        f"编码 {code} 在文件中重复出现，已采用第一行。",
        where="code",
    )
