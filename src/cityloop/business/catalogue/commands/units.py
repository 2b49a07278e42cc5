"""From the names of handling units to departments."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cityloop.business.catalogue.commands.versions import ClassSpec
from cityloop.city.accounts.commands import set_department
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key

AREA = "@area"
"""Whoever answers for the area; dispatch puts the area's own office in its place."""
_BETWEEN = re.compile(r"[、，,;；/\n]+")
# Words that stand for "whoever it is here": owners, the local office, local law enforcement.
_WHOEVER = re.compile(r"^(?:及?各|所属|属地|辖区|产权|权属|使用管理|责任)")
SHORTEST_ENDING = 4


@dataclass
class Units:
    """How unit names were understood: to a department, to the area's office, or not at all."""

    matched: dict[str, str] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    created: list[str] = field(default_factory=list)


def names_of(text: str) -> list[str]:
    """The units named in a text, in order."""
    return list(dict.fromkeys(n.strip() for n in _BETWEEN.split(text) if n.strip()))


def match_units(classes: Sequence[ClassSpec], *, departments: Iterable[tuple[str, str]]) -> Units:
    """Which department each unit name means: (key, name) given for each department.

    The same name; or the only department whose name ends the unit's name, or the other way
    round (运城市排水服务中心 and 排水服务中心).
    """
    by_name = {name: key for key, name in departments}
    found = Units()
    for spec in classes:
        for condition in spec.conditions:
            for name in names_of(condition.units_text):
                key = found.matched.get(name) or _key_of(name, by_name)
                if key is None:
                    found.unknown[name] += 1
                else:
                    found.matched[name] = key
    return found


def _key_of(name: str, by_name: dict[str, str]) -> str | None:
    if name in by_name:
        return by_name[name]
    if _WHOEVER.match(name):
        return AREA
    ends = {
        key
        for other, key in by_name.items()
        if min(len(name), len(other)) >= SHORTEST_ENDING
        and (name.endswith(other) or other.endswith(name))
    }
    return ends.pop() if len(ends) == 1 else None


def active_departments() -> list[tuple[str, str]]:
    """Key and Chinese name of every active department."""
    return [(d.key, d.name_zh) for d in departments_by_key().values() if d.active]


def create_units(found: Units, *, actor: Viewer, now: datetime) -> None:
    """Make a department of each unknown name; its key is made of the name, so twice is once."""
    for name in list(found.unknown):
        key = f"unit-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
        set_department(key, name_zh=name[:120], kind="imported", actor=actor, now=now)
        found.matched[name] = key
        found.created.append(name)
    found.unknown.clear()


def with_departments(classes: Sequence[ClassSpec], found: Units) -> list[ClassSpec]:
    """The classes with departments filled from their unit names, unless the file gave keys.

    The order of the source is kept: the first unit named leads.
    """
    return [
        replace(
            spec,
            conditions=tuple(
                c if c.departments else replace(c, departments=_keys(c.units_text, found))
                for c in spec.conditions
            ),
        )
        for spec in classes
    ]


def _keys(text: str, found: Units) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.matched[n] for n in names_of(text) if n in found.matched))
