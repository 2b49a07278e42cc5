"""Departments: kept by the system administrator."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.models import Department
from cityloop.city.accounts.rules import need_role
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError


def set_department(
    key: str,
    *,
    name_zh: str,
    name_en: str = "",
    kind: str = "",
    skills: str = "",
    is_fallback: bool = False,
    active: bool = True,
    actor: Viewer,
    now: datetime,
) -> int:
    """The department of this key, made or changed; its id. Doing it twice changes nothing.

    Raises: NotAllowed, DomainError("department.invalid") naming the field.
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    values = {
        "name_zh": name_zh.strip(),
        "name_en": name_en.strip(),
        "kind": kind.strip(),
        "skills": skills.strip(),
        "is_fallback": is_fallback,
        "active": active,
    }
    with write():
        row = Department.objects.select_for_update().filter(key=key).first()
        old = {name: getattr(row, name) for name in values} if row else None
        if row is not None and old == values:
            return row.pk
        row = row or Department(key=key)
        for name, value in values.items():
            setattr(row, name, value)
        _check(row)
        row.save()
        done = "department.changed" if old else "department.created"
        data = {"key": key, "fallback": is_fallback, "active": active}
        record(Draft(done, "department", row.pk, data), actor=actor, now=now)
    return row.pk


def _check(row: Department) -> None:
    try:
        row.clean_fields()
    except ValidationError as error:
        field, said = next(iter(error.message_dict.items()))
        raise DomainError(
            "department.invalid",
            f"Department {row.key!r}: {field} {getattr(row, field)!r:.80}: {said[0]}",
            f"部门 {row.key!r} 的 {field} 无效：{said[0]}",
            where=field,
        ) from error
