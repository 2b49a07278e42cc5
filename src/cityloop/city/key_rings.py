"""The key rings of a deployment, and every column that is sealed under one of them.

    register(Sealed("webhooks", Webhook, ("secret",), lambda row, _: f"webhook:{row.pk}"))

stands in `sealed.py` of the app whose column it is: what is not registered would be lost when its
key is forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.module_loading import autodiscover_modules

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record
from cityloop.city.bulk import update_rows
from cityloop.city.db import write
from cityloop.engines.sealing import INDEX, KeyRing, change_ring
from cityloop.kernel.errors import Conflict, DomainError, NotFound

MARKS = ("v1", "s1")
OTHER = "?"  # under a key that the ring has not
GIVEN = "CITYLOOP_KEYS"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Columns of one table under one ring. context: what a value of a row's field is bound to."""

    ring: str
    model: type[models.Model]
    fields: tuple[str, ...]
    context: Callable[[Any, str], str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many values are sealed under which key of a ring."""

    ring: str
    current: str
    values: dict[str, int]

    @property
    def old(self) -> int:
        """Values that another key than the current one opens."""
        return sum(n for key_id, n in self.values.items() if key_id != self.current)


@dataclass(slots=True)
class Resealed:
    """What a run did. broken: where a value stands that does not open, and why."""

    values: int = 0
    broken: list[tuple[str, str]] = field(default_factory=list)


_sealed: dict[type[models.Model], Sealed] = {}


def register(columns: Sealed) -> None:
    """Say which columns a ring seals."""
    _sealed[columns.model] = columns


def key_ring(name: str) -> KeyRing:
    """The ring CITYLOOP_KEYS, else the file `<name>.keys` made on first use (mode 0600)."""
    given = os.environ.get(GIVEN)
    ring = _parsed(given) if given else _opened(_file(name))
    ring.look()
    return ring


_parsed = lru_cache(maxsize=2)(KeyRing.parse)
_opened = lru_cache(maxsize=16)(KeyRing.open)


def _file(name: str) -> Path:
    return Path(settings.DATA) / f"{name}.keys"


def ring_names() -> list[str]:
    """Rings that seal something."""
    autodiscover_modules("sealed")
    return sorted({columns.ring for columns in _sealed.values()})


def standing(name: str) -> Standing:
    """Counted, nothing changed. Keys that seal nothing count 0."""
    ring = key_ring(name)
    values = {key_id: 0 for key_id in ring.key_ids if key_id != INDEX}
    for columns in _of(name):
        for key_id, n in _counted(columns, list(values)).items():
            values[key_id] = values.get(key_id, 0) + n
    return Standing(name, ring.current, values)


def add_key(name: str, *, now: datetime) -> str:
    """A new key that seals from now on, in every running process; its id. The old ones still open.

    Raises: Conflict("keys.given") where the ring is CITYLOOP_KEYS.
    """
    _refuse_given()
    key_ring(name)
    ring = change_ring(_file(name), KeyRing.with_new_key)
    with write():
        draft = Draft("keys.rotated", "keys", 0, {"ring": name, "key": ring.current})
        record(draft, actor=SYSTEM, now=now)
    return ring.current


def reseal(name: str, done: Resealed, *, batch: int = 500) -> Iterator[int]:
    """Bring every value of a ring under its current key, a transaction a batch; how many each.

    May be ended at any moment and begun again: what is done stays done. A value that does not
    open is left as it is and named in `done`.
    """
    ring = key_ring(name)
    for columns in _of(name):
        after = 0
        while True:
            with write():
                rows = list(_stale(columns, ring, after)[:batch])
                count = sum(_reseal_row(columns, ring, row, done) for row in rows)
                update_rows(columns.model, rows, columns.fields)
            if not rows:
                break
            after = rows[-1].pk
            done.values += count
            yield count


def forget_key(name: str, key_id: str, *, now: datetime) -> None:
    """Take a key out of a ring for good.

    Raises: NotFound("keys.unknown"), Conflict("keys.given" | "keys.in_use").
    """
    _refuse_given()
    stands = standing(name)
    if key_id not in stands.values or key_id == OTHER:
        raise NotFound(
            "keys.unknown",
            f"The ring {name} has no key {key_id!r:.40}; it has {', '.join(stands.values)}.",
            f"密钥环 {name} 中没有密钥 {key_id!r:.40}，现有：{'、'.join(stands.values)}。",
            where="key",
        )
    if key_id == stands.current or stands.values[key_id]:
        raise Conflict(
            "keys.in_use",
            f"The key {key_id} seals {stands.values[key_id]} values"
            f"{' and is the current one' if key_id == stands.current else ''}. Run keys rotate "
            "first.",
            f"密钥 {key_id} 仍加密 {stands.values[key_id]} 个值"
            f"{'，且为当前密钥' if key_id == stands.current else ''}，请先运行 keys rotate。",
            where="key",
        )
    change_ring(_file(name), lambda ring: ring.without_key(key_id))
    with write():
        draft = Draft("keys.forgotten", "keys", 0, {"ring": name, "key": key_id})
        record(draft, actor=SYSTEM, now=now)


def _of(name: str) -> list[Sealed]:
    if name not in ring_names():
        raise NotFound(
            "keys.no_ring",
            f"There is no ring {name!r:.40}; there are: {', '.join(ring_names())}.",
            f"没有密钥环 {name!r:.40}，可用：{'、'.join(ring_names())}。",
            where="ring",
        )
    return [columns for columns in _sealed.values() if columns.ring == name]


def _counted(columns: Sealed, key_ids: list[str]) -> dict[str, int]:
    """Values by key, of all fields together."""
    asked = {
        f"{field}_{n}": Count("pk", filter=_under(field, key_id))
        for field in columns.fields
        for n, key_id in enumerate(key_ids)
    }
    every = {f"{field}_all": Count("pk", filter=~Q(**{field: ""})) for field in columns.fields}
    found = columns.model._default_manager.aggregate(**asked, **every)
    counts = {
        key_id: sum(found[f"{field}_{n}"] for field in columns.fields)
        for n, key_id in enumerate(key_ids)
    }
    other = sum(found[f"{field}_all"] for field in columns.fields) - sum(counts.values())
    return counts | ({OTHER: other} if other else {})


def _under(field: str, key_id: str) -> Q:
    first, second = (Q(**{f"{field}__startswith": f"{mark}.{key_id}."}) for mark in MARKS)
    return first | second


def _stale(columns: Sealed, ring: KeyRing, after: int) -> models.QuerySet[Any]:
    """Rows with a value that the current key did not seal, locked, by id."""
    wanted = Q()
    for name in columns.fields:
        wanted |= ~Q(**{name: ""}) & ~Q(**{f"{name}__startswith": ring.head})
    rows = columns.model._default_manager.select_for_update(of=("self",))
    return rows.filter(wanted, pk__gt=after).order_by("pk")


def _reseal_row(columns: Sealed, ring: KeyRing, row: models.Model, done: Resealed) -> int:
    count = 0
    for name in columns.fields:
        token = getattr(row, name)
        if not token or ring.is_current(token):
            continue
        place = columns.context(row, name)
        try:
            setattr(row, name, ring.reseal(token, context=place))
            count += 1
        except DomainError as error:
            done.broken.append((place, error.code))
    return count


def _refuse_given() -> None:
    if os.environ.get(GIVEN):
        raise Conflict(
            "keys.given",
            f"The ring is given by {GIVEN}, which this command cannot change. `cityloop keys next` "
            "prints it with a new key: put that there, restart web and worker, run keys rotate.",
            f"密钥环由 {GIVEN} 给出，本命令无法修改。请用 cityloop keys next 生成含新密钥的密钥环，"
            "替换后重启 web 与 worker，再运行 keys rotate。",
        )
