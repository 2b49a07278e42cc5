"""What a new catalogue would change against the active one, class by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cityloop.business.catalogue.commands.versions import ClassSpec
from cityloop.business.catalogue.models import CaseClass, Version

_CLASS = ("big_zh", "big_en", "name_zh", "name_en", "urgency")
_CONDITION = (
    "file_zh", "file_en", "close_zh", "close_en", "limit_value", "limit_unit", "evidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A class that is new, changed or gone. what: the fields that differ."""

    key: str
    name_zh: str
    name_en: str
    what: tuple[str, ...] = ()


@dataclass
class Difference:
    """Classes by what happens to them."""

    added: list[ClassChange] = field(default_factory=list)
    changed: list[ClassChange] = field(default_factory=list)
    gone: list[ClassChange] = field(default_factory=list)
    unchanged: int = 0


def difference(classes: Sequence[ClassSpec]) -> Difference:
    """The classes against those of the active version; all are new where there is none."""
    active = Version.objects.filter(active=True).first()
    rows = CaseClass.objects.filter(version=active).prefetch_related("conditions")
    known = {row.key: row for row in rows} if active else {}
    found = Difference()
    for spec in sorted(classes, key=lambda c: c.key):
        row = known.pop(spec.key, None)
        if row is None:
            found.added.append(ClassChange(spec.key, spec.name_zh, spec.name_en))
            continue
        what = _differs(spec, row)
        if what:
            found.changed.append(ClassChange(spec.key, spec.name_zh, spec.name_en, what))
        else:
            found.unchanged += 1
    found.gone = [ClassChange(r.key, r.name_zh, r.name_en) for r in known.values()]
    return found


def _differs(spec: ClassSpec, row: CaseClass) -> tuple[str, ...]:
    what = [name for name in _CLASS if getattr(spec, name) != getattr(row, name)]
    if "|".join(spec.aliases) != row.aliases:
        what.append("aliases")
    old = sorted(row.conditions.all(), key=lambda c: c.seq)
    if len(old) != len(spec.conditions):
        what.append("conditions")
        return tuple(what)
    for new, there in zip(spec.conditions, old, strict=True):
        what += [n for n in _CONDITION if getattr(new, n) != getattr(there, n) and n not in what]
        if new.departments and list(new.departments) != there.departments:
            what.append("departments")
    return tuple(dict.fromkeys(what))
