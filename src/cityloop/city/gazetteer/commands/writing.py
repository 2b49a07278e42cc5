"""Rows of the index: written in bulk, removed by their source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F

from cityloop.city.bulk import blank, insert_rows
from cityloop.city.db import allocate_ids, write
from cityloop.city.gazetteer.domain import (
    Entry,
    HouseEntry,
    houses_of,
    is_numbered,
    mesh_of,
    spellings_of,
    stem_hash,
    stem_kind,
)
from cityloop.city.gazetteer.models import House, Named, Seen, Spelling
from cityloop.city.gazetteer.models.terms import TERMS
from cityloop.engines.addresses import name_terms, sound_of

BATCH = 5_000
_CHUNK = 900
INDEX = ""


@dataclass(slots=True)
class Changed:
    """How many names and houses came and went."""

    entered: int = 0
    removed: int = 0


def enter(entries: Iterable[Entry]) -> int:
    """Enter places that are not there, in transactions of 5,000. Returns how many."""
    done, batch = 0, []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            done += _enter(batch)
            batch = []
    return done + _enter(batch)


def remove(source: str, source_ids: Sequence[int]) -> int:
    """Take places out. Returns how many."""
    for start in range(0, len(source_ids), _CHUNK):
        part = source_ids[start : start + _CHUNK]
        with write():
            House.objects.filter(source=source, source_id__in=part).delete()
            _remove_named(Named.objects.filter(source=source, source_id__in=part))
            _touch()
    return len(source_ids)


def _enter(batch: Sequence[Entry]) -> int:
    if not batch:
        return 0
    houses = [house for entry in batch for house in houses_of(entry) if entry.lon is not None]
    named = [e for e in batch if e.name_zh and not is_numbered(e)]
    ready = [(entry, sound_of(entry.name_zh)) for entry in named]
    with write():
        rows = _write_named(ready)
        _write_houses(houses)
        _write_implied(houses, {row.stem for row in rows})
        _touch()
    return len(batch)


def _write_named(ready: Sequence[tuple[Entry, str]]) -> list[Named]:
    rows, spellings = [], []
    for (entry, sound), pk in zip(ready, allocate_ids(Named, len(ready)), strict=True):
        row = blank(Named)
        row.id, row.source, row.source_id = pk, entry.source, entry.source_id
        row.kind, row.detail, row.public = entry.kind, entry.detail, entry.public
        row.name_zh, row.name_en = entry.name_zh[:200], entry.name_en[:200]
        row.sound, row.stem, row.area = sound[:600], stem_hash(entry.name_zh), entry.area
        row.lon, row.lat = entry.lon, entry.lat
        row.mesh = _mesh(entry)
        rows.append(row)
        spellings += [(pk, h) for h in spellings_of(row.name_zh, row.name_en, row.kind)]
    insert_rows(Named, rows)
    made = []
    for (named_id, value), pk in zip(
        spellings, allocate_ids(Spelling, len(spellings)), strict=True
    ):
        spelling = blank(Spelling)
        spelling.id, spelling.hash, spelling.named_id = pk, value, named_id
        made.append(spelling)
    insert_rows(Spelling, made)
    TERMS.write((row.id, _terms(row)) for row in rows)
    return rows


def _write_houses(houses: Sequence[HouseEntry]) -> None:
    rows = []
    for house, pk in zip(houses, allocate_ids(House, len(houses)), strict=True):
        entry, row = house.entry, blank(House)
        row.id, row.source, row.source_id = pk, entry.source, entry.source_id
        row.stem, row.number, row.unit = stem_hash(house.stem), house.number[:24], house.unit
        row.name_zh = (entry.name_zh or entry.address)[:200]
        row.name_en, row.public = entry.name_en[:200], entry.public
        row.detail = entry.detail
        row.lon, row.lat, row.mesh = entry.lon, entry.lat, _mesh(entry)
        rows.append(row)
    insert_rows(House, rows)


def _write_implied(houses: Sequence[HouseEntry], fresh: set[int]) -> None:
    """A name of which only numbers are registered can be found, too; it lies where they lie."""
    first = {stem_hash(h.stem): h for h in houses}
    wanted = [s for s in first if s not in fresh]
    known: set[int] = set()
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        known.update(Named.objects.filter(stem__in=part).values_list("stem", flat=True))
    ready = []
    for stem in (s for s in wanted if s not in known):
        house = first[stem]
        entry = house.entry
        implied = Entry(
            "implied", stem, stem_kind(house), house.stem, detail="implied",
            lon=entry.lon, lat=entry.lat, public=entry.public,
        )  # fmt: skip
        ready.append((implied, sound_of(house.stem)))
    _write_named(ready)


def drop_implied() -> None:
    """Names that nothing implies any more, or that are registered by now."""
    gone = []
    for row in Named.objects.filter(source="implied").iterator():
        if (
            Named.objects.filter(stem=row.stem).exclude(source="implied").exists()
            or not House.objects.filter(stem=row.stem).exists()
        ):
            gone.append(row.pk)
    for start in range(0, len(gone), _CHUNK):
        with write():
            _remove_named(Named.objects.filter(pk__in=gone[start : start + _CHUNK]))
            _touch()


def _remove_named(chosen: object) -> None:
    rows = list(chosen)  # type: ignore[call-overload]
    if rows:
        TERMS.remove([(row.pk, _terms(row)) for row in rows])
        ids = [row.pk for row in rows]
        Spelling.objects.filter(named__in=ids).delete()
        Named.objects.filter(pk__in=ids).delete()


def _terms(row: Named) -> list[int]:
    return name_terms(row.name_zh, row.sound, row.name_en)


def _mesh(entry: Entry) -> int | None:
    if entry.lon is None or entry.lat is None:
        return None
    return mesh_of(entry.lon, entry.lat)


def _touch() -> None:
    row, _ = Seen.objects.get_or_create(source=INDEX)
    Seen.objects.filter(pk=row.pk).update(stamp=F("stamp") + 1)
