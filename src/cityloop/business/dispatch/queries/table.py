"""The rules and departments of the moment, compiled once and kept in the process."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Max

from cityloop.business.dispatch.domain import (
    LEAD_BY_AREA,
    Compiled,
    Known,
    Then,
    check_then,
    compile_tree,
)
from cityloop.business.dispatch.models import Rule
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.places.domain import AreaPath
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import DomainError

log = logging.getLogger(__name__)
FRESH_S = 1.0


@dataclass(frozen=True)
class LiveRule:
    """A rule ready to run; `fault` says why it cannot be."""

    row_id: int
    key: str
    version: int
    zh: str
    en: str
    reason_zh: str
    reason_en: str
    area_id: int | None
    compiled: Compiled | None
    then: Then
    fault: str = ""

    def concerns(self, class_key: str) -> bool:
        """Whether it could hold for this class; a broken rule concerns every class."""
        if self.compiled is None or self.compiled.classes is None:
            return True
        return class_key in self.compiled.classes


@dataclass(frozen=True)
class Offices:
    """Departments as routing needs them: active ones by key, and who answers for an area."""

    ids: dict[str, int]
    fallback: dict[str, int]
    names: dict[str, int]

    def find(self, key: str, path: AreaPath) -> int | None:
        """The department behind a key; a fallback department gives way to its area's own one.

        Convention: the office of one area has the key of the general one, "-" and the area's
        code: subdistrict, subdistrict-110105005.
        """
        if key == LEAD_BY_AREA or key in self.fallback:
            return self.of_area(path)
        return self.ids.get(key)

    def of_area(self, path: AreaPath) -> int | None:
        """The fallback department of the smallest area that has one, else the general one."""
        if len(self.fallback) > 1:
            areas = tree()
            for area_id in reversed(path.ids()):
                ending = f"-{areas.get(area_id).code}"
                for key, pk in self.fallback.items():
                    if key.endswith(ending):
                        return pk
        return next(iter(self.fallback.values()), None)


@dataclass
class RoutingTable:
    """Rules in order, departments, and the candidates of each class as they are asked for."""

    rules: tuple[LiveRule, ...]
    offices: Offices
    stamp: tuple[int, int]
    _of_class: dict[str, tuple[LiveRule, ...]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Names the set of rules: the last row written and how many are in force."""
        return f"rules-{self.stamp[0]}.{self.stamp[1]}"

    @cached_property
    def uses_areas(self) -> bool:
        """Whether a rule looks at area codes."""
        return any(r.compiled is not None and "area" in r.compiled.uses for r in self.rules)

    def candidates(self, class_key: str) -> tuple[LiveRule, ...]:
        """Rules that could hold for a class, in order."""
        found = self._of_class.get(class_key)
        if found is None:
            found = tuple(rule for rule in self.rules if rule.concerns(class_key))
            self._of_class[class_key] = found
        return found


_table: tuple[float, RoutingTable] | None = None


def routing_table() -> RoutingTable:
    """The table in force; whether it changed is asked at most once a second."""
    global _table  # noqa: PLW0603  one snapshot a process
    if _table is not None and time.monotonic() - _table[0] < FRESH_S:
        return _table[1]
    stamp = _stamp()
    offices = read_offices()
    if _table is None or _table[1].stamp != stamp or _table[1].offices != offices:
        rows = Rule.objects.filter(ended_at=None).order_by("position", "key")
        rules = tuple(live_rule(row, offices) for row in rows)
        _table = (time.monotonic(), RoutingTable(rules, offices, stamp))
    else:
        _table = (time.monotonic(), _table[1])
    return _table[1]


def forget() -> None:
    """Drop what is cached, after a change or between tests."""
    global _table  # noqa: PLW0603
    _table = None


def table_with(rules: Iterable[LiveRule]) -> RoutingTable:
    """The table in force with other rules, for a dry run."""
    now = routing_table()
    return RoutingTable(tuple(rules), now.offices, now.stamp)


def table_at(moment: datetime) -> RoutingTable:
    """The rules that were in force at a moment, with the departments of today."""
    offices = read_offices()
    held = Rule.objects.filter(saved_at__lte=moment).exclude(ended_at__lte=moment)
    rows = list(held.order_by("position", "key"))
    stamp = (max((row.pk for row in rows), default=0), len(rows))
    return RoutingTable(tuple(live_rule(row, offices) for row in rows), offices, stamp)


def live_rule(row: Rule, offices: Offices) -> LiveRule:
    """A row compiled; one that cannot be is kept, with its fault, and stops what reaches it."""
    compiled, then, fault = None, Then(), ""
    known = Known(departments=set(offices.ids))
    try:
        compiled = compile_tree(row.when)
        then = check_then(row.then, known)
    except (DomainError, TypeError, ValueError, KeyError, AttributeError) as error:
        fault = str(error)
        log.error("Routing rule %s v%s is broken: %s", row.key, row.version, fault)
    names: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("key", "version", "zh", "en", "reason_zh", "reason_en", "area_id")
    }
    return LiveRule(row_id=row.pk or 0, compiled=compiled, then=then, fault=fault, **names)


def read_offices() -> Offices:
    """Active departments; general fallback offices (no code in the key) first."""
    rows = [d for d in departments_by_key().values() if d.active]
    fallback = sorted((d for d in rows if d.is_fallback), key=lambda d: ("-" in d.key, d.key))
    names: dict[str, int] = {}
    for row in rows:
        for name in (row.key, row.name_zh, row.name_en):
            if name:
                names.setdefault(name, row.pk)
    return Offices({d.key: d.pk for d in rows}, {d.key: d.pk for d in fallback}, names)


def _stamp() -> tuple[int, int]:
    said = Rule.objects.aggregate(last=Max("pk"))
    live = Rule.objects.filter(ended_at=None).aggregate(count=Count("pk"))
    return said["last"] or 0, live["count"]
