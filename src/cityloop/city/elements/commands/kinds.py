"""Declaring what a city registers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.elements.domain import KindSpec
from cityloop.city.elements.models import Kind
from cityloop.city.elements.rules import need_keeper
from cityloop.city.profile import load_profile

_FIELDS = (
    "family", "name_zh", "name_en", "geometry", "component_code", "searchable",
    "inspect_every_days",
)  # fmt: skip


def register_kinds(specs: Iterable[KindSpec], *, actor: Viewer, now: datetime) -> list[str]:
    """Declare kinds, or change declared ones; elements keep what they have.

    Returns: codes of the kinds that are new or changed.
    Raises: DomainError element.kind, element.schema; nothing is written then.
    """
    need_keeper(actor)
    wanted = list(specs)
    for spec in wanted:
        spec.check()
    changed: list[str] = []
    with write():
        known = {row.code: row for row in Kind.objects.all()}
        for spec in wanted:
            row = known.get(spec.code) or Kind(code=spec.code)
            before = _told(row) if row.pk else None
            for name in _FIELDS:
                setattr(row, name, getattr(spec, name))
            row.schema = dict(spec.schema)
            if _told(row) != before:
                row.save()
                changed.append(spec.code)
        if changed:
            draft = Draft("elements.kinds", "elements", 1, {"kinds": changed})
            record(draft, actor=actor, now=now)
    return changed


def _told(row: Kind) -> tuple[object, ...]:
    return (*(getattr(row, name) for name in _FIELDS), row.schema)


def register_profile_kinds(*, actor: Viewer, now: datetime) -> list[str]:
    """The kinds of the profile (elements.toml); kinds that a city added or changed since stay.

    Returns: codes of the kinds that were not declared yet.
    """
    known = set(Kind.objects.values_list("code", flat=True))
    fresh = [spec for spec in profile_kinds() if spec.code not in known]
    return register_kinds(fresh, actor=actor, now=now) if fresh else []


def profile_kinds() -> list[KindSpec]:
    """What the profile declares. Raises: DomainError element.kind, element.schema."""
    declared = load_profile().toml("elements.toml").get("kind", {})
    return [KindSpec.read(code, raw) for code, raw in declared.items()]
