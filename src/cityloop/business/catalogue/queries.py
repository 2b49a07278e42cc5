"""The catalogue as the loop reads it: one snapshot a version, kept in the process.

A version never changes once it is written, so a snapshot by version id is good for ever; only
which version is active is asked again, at most once a second.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from datetime import time as wall_time
from functools import lru_cache
from typing import Any

from django.conf import settings

from cityloop.business.catalogue.domain import DutyInfo, DutyTable
from cityloop.business.catalogue.models import CaseClass, Condition, Duty, Version, WorkDay
from cityloop.business.catalogue.rules import need_reader
from cityloop.city.accounts.domain import Viewer
from cityloop.city.profile import load_profile
from cityloop.engines.deadlines import Limit, Unit, WorkCalendar
from cityloop.kernel.errors import NotFound

FRESH_S = 1.0
AREA_OWNER = "@area"
"""In place of a department's key: whoever answers for the area."""


@dataclass(frozen=True, slots=True)
class ConditionInfo:
    """立案条件 as a value."""

    id: int
    class_id: int
    class_key: str
    seq: int
    limit: Limit
    departments: tuple[str, ...]
    evidence: str
    file_zh: str
    file_en: str
    close_zh: str
    close_en: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class of a version as a value."""

    id: int
    key: str
    kind: str
    big_zh: str
    big_en: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    urgency: str
    conditions: tuple[ConditionInfo, ...]

    @property
    def usual_condition(self) -> int | None:
        """The one it is filed under unless somebody says otherwise."""
        usual = next((c.id for c in self.conditions if c.is_default), None)
        return usual or next((c.id for c in self.conditions), None)


@dataclass(frozen=True)
class Catalogue:
    """One version, whole."""

    version_id: int
    number: int
    name: str
    classes: dict[str, ClassInfo]
    _by_id: dict[int, ClassInfo] = field(repr=False)
    _conditions: dict[int, ConditionInfo] = field(repr=False)

    def class_by_id(self, class_id: int) -> ClassInfo | None:
        """A class by its row id."""
        return self._by_id.get(class_id)

    def condition(self, condition_id: int) -> ConditionInfo | None:
        """A condition by its row id."""
        return self._conditions.get(condition_id)


_active: tuple[float, int] | None = None


def active_version_id() -> int:
    """The version new cases take. Raises: NotFound("catalogue.none") before one is imported."""
    global _active  # noqa: PLW0603  one number a process, asked again each second
    if _active is not None and time.monotonic() - _active[0] < FRESH_S:
        return _active[1]
    found = Version.objects.filter(active=True).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(
            "catalogue.none",
            "No catalogue is active. Run `cityloop import catalogue` or `cityloop load profile`.",
            "尚无启用的案卷目录，请运行 cityloop import catalogue 或 cityloop load profile。",
        )
    _active = (time.monotonic(), found)
    return found


def version_by_number(number: int | None = None) -> Version:
    """A version by its number; the active one by default. Raises: NotFound."""
    if number is None:
        return Version.objects.get(pk=active_version_id())
    found = Version.objects.filter(number=number).first() if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(
            "catalogue.unknown",
            f"There is no catalogue version {number}.",
            f"没有版本为 {number} 的目录。",
            where="number",
        )
    return found


def versions(*, viewer: Viewer, after: int = 0, limit: int = 50) -> list[Version]:
    """Versions by number, those after a number."""
    need_reader(viewer)
    rows = Version.objects.filter(number__gt=after).order_by("number")
    return list(rows[: max(1, min(limit, 200))])


def catalogue_by_number(number: int | None = None) -> Catalogue:
    """A version as a value, by its number; the active one by default."""
    return catalogue(version_by_number(number).pk if number is not None else None)


def find_classes(
    known: Catalogue, *, kind: str | None = None, search: str = "", after: str = ""
) -> list[ClassInfo]:
    """Classes by key, those after a key; search looks at code, names and other names."""
    words = search.strip().casefold()

    def fits(row: ClassInfo) -> bool:
        said = " ".join((row.key, row.name_zh, row.name_en, *row.aliases)).casefold()
        return row.key > after and kind in (None, row.kind) and words in said

    return [known.classes[key] for key in sorted(known.classes) if fits(known.classes[key])]


def get_condition(condition_id: int) -> tuple[ConditionInfo, ClassInfo]:
    """A condition of any version with its class. Raises: NotFound("catalogue.no_condition")."""
    found = condition_info(condition_id)
    version_id = version_of_condition(condition_id) if found else None
    cls = catalogue(version_id).class_by_id(found.class_id) if found and version_id else None
    if found is None or cls is None:
        raise NotFound(
            "catalogue.no_condition",
            f"There is no condition {condition_id}.",
            f"没有编号为 {condition_id} 的立案条件。",
            where="condition_id",
        )
    return found, cls


def forget() -> None:
    """Drop what is cached, after an import or between tests."""
    global _active  # noqa: PLW0603
    _active = None
    _snapshot.cache_clear()
    _condition_version.cache_clear()
    _class_key.cache_clear()
    duty_table.cache_clear()
    work_calendar.cache_clear()
    stage_limit.cache_clear()
    _keys_up_to.cache_clear()


def catalogue(version_id: int | None = None) -> Catalogue:
    """A version of the catalogue; the active one by default."""
    return _snapshot(version_id or active_version_id())


@lru_cache(maxsize=16)
def _snapshot(version_id: int) -> Catalogue:
    version = Version.objects.get(pk=version_id)
    conditions: dict[int, list[ConditionInfo]] = {}
    rows = Condition.objects.filter(case_class__version_id=version_id)
    for row in rows.select_related("case_class").order_by("case_class_id", "seq"):
        conditions.setdefault(row.case_class_id, []).append(_condition(row))
    classes = [
        _class(row, tuple(conditions.get(row.pk, ())))
        for row in CaseClass.objects.filter(version_id=version_id)
    ]
    return Catalogue(
        version_id=version_id,
        number=version.number,
        name=version.name,
        classes={c.key: c for c in classes},
        _by_id={c.id: c for c in classes},
        _conditions={c.id: c for rows in conditions.values() for c in rows},
    )


def _class(row: CaseClass, conditions: tuple[ConditionInfo, ...]) -> ClassInfo:
    return ClassInfo(
        id=row.pk,
        key=row.key,
        kind=row.kind,
        big_zh=row.big_zh,
        big_en=row.big_en,
        name_zh=row.name_zh,
        name_en=row.name_en,
        aliases=tuple(a for a in row.aliases.split("|") if a),
        urgency=row.urgency,
        conditions=conditions,
    )


def _condition(row: Condition) -> ConditionInfo:
    return ConditionInfo(
        id=row.pk,
        class_id=row.case_class_id,
        class_key=row.case_class.key,
        seq=row.seq,
        limit=Limit(row.limit_value, Unit(row.limit_unit)),
        departments=tuple(row.departments),
        evidence=row.evidence,
        file_zh=row.file_zh,
        file_en=row.file_en,
        close_zh=row.close_zh,
        close_en=row.close_en,
        is_default=row.is_default,
    )


@lru_cache(maxsize=4096)
def _condition_version(condition_id: int) -> int | None:
    rows = Condition.objects.filter(pk=condition_id)
    return rows.values_list("case_class__version_id", flat=True).first()


def condition_info(condition_id: int) -> ConditionInfo | None:
    """A condition of any version, open cases' old ones included."""
    if not 0 < condition_id < 2**63:
        return None
    version_id = _condition_version(condition_id)
    if version_id is None:
        _condition_version.cache_clear()  # it may be written a moment later
        return None
    return _snapshot(version_id).condition(condition_id)


def version_of_condition(condition_id: int | None) -> int | None:
    """The catalogue version a condition belongs to."""
    return _condition_version(condition_id) if condition_id else None


@lru_cache(maxsize=16)
def duty_table(version_id: int) -> DutyTable:
    """权责 of a version."""
    rows = Duty.objects.filter(version_id=version_id).order_by("pk")
    return DutyTable(DutyInfo(d.pattern, d.area_id, d.lead, tuple(d.co), d.remark) for d in rows)


@lru_cache(maxsize=1)
def work_calendar() -> WorkCalendar:
    """Office hours of the profile with the holidays and swapped workdays entered."""
    week = load_profile().settings.get("work", {})
    days = list(WorkDay.objects.values_list("day", "works"))
    periods = week.get("periods", [["08:00", "12:00"], ["14:00", "18:00"]])
    return WorkCalendar(
        timezone=settings.TIME_ZONE,
        periods=tuple((wall_time.fromisoformat(a), wall_time.fromisoformat(b)) for a, b in periods),
        weekend=frozenset(week.get("weekend", [5, 6])),
        holidays=frozenset(day for day, works in days if not works),
        workdays=frozenset(day for day, works in days if works),
    )


def special_days(year: int | None = None) -> dict[date, str]:
    """Names of the holidays and swapped workdays entered."""
    rows = WorkDay.objects.all() if year is None else WorkDay.objects.filter(day__year=year)
    return dict(rows.values_list("day", "name"))


def calendar_of(year: int) -> dict[str, Any]:
    """Office hours, weekend, and the days of a year that differ from the week's pattern."""
    known = work_calendar()
    rows = WorkDay.objects.filter(day__year=year).order_by("day")
    return {
        "year": year,
        "periods": [[a.isoformat("minutes"), b.isoformat("minutes")] for a, b in known.periods],
        "weekend": sorted(known.weekend),
        "days": [{"day": r.day, "works": r.works, "name": r.name} for r in rows],
    }


def duty_rows(version_id: int | None = None) -> list[dict[str, Any]]:
    """The duty table of a version (the active one) as rows."""
    rows = Duty.objects.filter(version_id=version_id or active_version_id()).order_by("pk")
    return [
        {
            "pattern": d.pattern,
            "area_id": d.area_id,
            "area_name": d.area.name_zh if d.area else "",
            "lead": d.lead,
            "co": d.co,
            "remark": d.remark,
        }
        for d in rows.select_related("area").defer("area__boundary")[:5000]
    ]


def classes_without_owner(departments: Collection[str]) -> list[ClassInfo]:
    """Classes of the active version for which neither a condition nor the duty table names an
    owner that exists: their cases wait for a dispatcher."""
    known = catalogue()
    table = duty_table(known.version_id)
    owners = {*departments, AREA_OWNER}
    return [
        row
        for key, row in sorted(known.classes.items())
        if not any(owners & set(c.departments) for c in row.conditions)
        and not ((duty := table.find(key, [])) is not None and duty.lead in owners)
    ]


STAGE_DEFAULTS: dict[str, tuple[float, str]] = {
    "accept": (15, "clock_minute"),
    "check": (30, "clock_minute"),
    "dispatch": (15, "clock_minute"),
    "respond": (2, "clock_hour"),
    "feed_back": (24, "clock_hour"),
    "verify": (30, "clock_minute"),
    "close": (60, "clock_minute"),
    "satisfaction": (3, "clock_day"),
}


@lru_cache(maxsize=32)
def stage_limit(name: str) -> Limit:
    """How long a stage may take: profile.toml [stages], `accept = [15, "clock_minute"]`."""
    value, unit = load_profile().settings.get("stages", {}).get(name, STAGE_DEFAULTS[name])
    return Limit(float(value), Unit(unit))


@lru_cache(maxsize=8192)
def _class_key(class_id: int) -> str:
    return CaseClass.objects.filter(pk=class_id).values_list("key", flat=True).first() or ""


def class_keys(class_ids: set[int | None]) -> dict[int, str]:
    """Class keys by row id, of any version."""
    return {i: _class_key(i) for i in class_ids if i}


def class_ids(key: str) -> list[int]:
    """Row ids of a class key in every version."""
    return list(CaseClass.objects.filter(key=key).values_list("pk", flat=True))


def every_class_key() -> tuple[str, ...]:
    """The keys of all versions; what happened under an old one is still counted under it."""
    return _keys_up_to(active_version_id())


@lru_cache(maxsize=4)
def _keys_up_to(version_id: int) -> tuple[str, ...]:
    return tuple(CaseClass.objects.order_by("key").values_list("key", flat=True).distinct())
