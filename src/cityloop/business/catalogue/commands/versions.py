"""Writing a version: whole or not at all; open cases stay on theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Max

from cityloop.business.catalogue.models import CaseClass, Condition, Duty, Version
from cityloop.business.catalogue.queries import forget, version_by_number
from cityloop.business.catalogue.rules import need_writer
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import allocate_ids, write
from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """A condition to be written. departments: keys, lead first."""

    file_zh: str
    close_zh: str
    limit_value: float
    limit_unit: str
    file_en: str = ""
    close_en: str = ""
    units_text: str = ""
    supervisors_text: str = ""
    remark: str = ""
    departments: tuple[str, ...] = ()
    evidence: str = "none"
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class ClassSpec:
    """A class with its conditions."""

    kind: str
    code: str
    big_zh: str
    name_zh: str
    conditions: tuple[ConditionSpec, ...]
    big_en: str = ""
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    urgency: str = "normal"

    @property
    def key(self) -> str:
        return f"{self.kind[0].upper()}{self.code}"


@dataclass(frozen=True, slots=True)
class DutySpec:
    """A row of the duty table."""

    pattern: str
    lead: str
    co: tuple[str, ...] = ()
    area_id: int | None = None
    remark: str = ""


def fingerprint(classes: Sequence[ClassSpec], duties: Sequence[DutySpec]) -> str:
    """The same content gives the same fingerprint, so that a repeated import is noticed."""
    said = [[asdict(c) for c in classes], [asdict(d) for d in duties]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def write_version(
    *,
    name: str,
    source: str,
    classes: Sequence[ClassSpec],
    duties: Sequence[DutySpec],
    actor: Viewer,
    now: datetime,
    activate_it: bool = True,
) -> Version:
    """Write a new version and make it the active one.

    Raises: DomainError("catalogue.empty", "catalogue.twice") naming the class.
    """
    _check(classes)
    with write():
        last = Version.objects.aggregate(last=Max("number"))["last"] or 0
        version = Version.objects.create(
            number=last + 1,
            name=name,
            source=source,
            fingerprint=fingerprint(classes, duties),
            created_at=now,
        )
        _write_classes(version, classes)
        Duty.objects.bulk_create(
            [
                Duty(
                    version=version,
                    pattern=d.pattern,
                    area_id=d.area_id,
                    lead=d.lead,
                    co=list(d.co),
                    remark=d.remark[:200],
                )
                for d in duties
            ]
        )
        counts = {"classes": len(classes), "conditions": sum(len(c.conditions) for c in classes)}
        draft = Draft("catalogue.written", "catalogue", version.pk, {"number": last + 1, **counts})
        record(draft, actor=actor, now=now)
        if activate_it:
            activate(version, actor=actor, now=now)
    forget()
    return version


def activate(version: Version, *, actor: Viewer, now: datetime) -> None:
    """New cases take this version from now on."""
    with write():
        Version.objects.filter(active=True).update(active=False)
        version.active = True
        version.save(update_fields=["active"])
        draft = Draft("catalogue.activated", "catalogue", version.pk, {"number": version.number})
        record(draft, actor=actor, now=now)
    forget()


def choose_version(number: int, *, actor: Viewer, now: datetime) -> Version:
    """Make an earlier version the active one. Raises: NotAllowed, NotFound."""
    need_writer(actor)
    version = version_by_number(number)
    if not version.active:
        activate(version, actor=actor, now=now)
    return version


def _check(classes: Sequence[ClassSpec]) -> None:
    if not classes:
        raise DomainError(
            "catalogue.empty",
            "The catalogue holds no class. Check that the right sheet and header were read.",
            "目录中没有任何类别，请检查工作表与表头。",
        )
    seen: set[str] = set()
    for spec in classes:
        if spec.key in seen:
            raise DomainError(
                "catalogue.twice",
                f"Class {spec.key} ({spec.name_zh}) stands twice. Merge its conditions.",
                f"类别 {spec.key}（{spec.name_zh}）重复，请合并其立案条件。",
                where=spec.key,
            )
        seen.add(spec.key)


def _write_classes(version: Version, classes: Sequence[ClassSpec]) -> None:
    ids = allocate_ids(CaseClass, len(classes))
    CaseClass.objects.bulk_create(
        [
            CaseClass(
                id=pk,
                version=version,
                kind=c.kind,
                code=c.code,
                key=c.key,
                big_zh=c.big_zh,
                big_en=c.big_en,
                name_zh=c.name_zh,
                name_en=c.name_en,
                aliases="|".join(c.aliases),
                urgency=c.urgency,
            )
            for pk, c in zip(ids, classes, strict=True)
        ]
    )
    Condition.objects.bulk_create(
        [
            Condition(case_class_id=pk, seq=n, **_columns(condition))
            for pk, c in zip(ids, classes, strict=True)
            for n, condition in enumerate(c.conditions, start=1)
        ]
    )


def _columns(condition: ConditionSpec) -> dict[str, object]:
    columns = asdict(condition)
    columns["departments"] = list(condition.departments)
    return columns
