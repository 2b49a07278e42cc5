"""Departments and staff from tables (CSV, XLSX): row by row, idempotent, with a dry run.

Staff get accounts with one-time passwords; the roles in the file are asked for, since only the
security administrator grants them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import get_default_timezone_name

from cityloop.city.accounts.commands.departments import set_department
from cityloop.city.accounts.commands.role_requests import ask_for_role, known_role
from cityloop.city.accounts.commands.users import Created, create_user
from cityloop.city.accounts.domain import DEPARTMENT_ROLES, ROLE_NAMES, Role, Viewer
from cityloop.city.accounts.models import Department, RoleHolding, User
from cityloop.city.accounts.rules import LEVEL_OF_ROLE, need_role
from cityloop.city.db import write
from cityloop.engines.tables import RefusedRow, open_table
from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

Row = dict[str, str]
MOST_ROWS = 5000
DEPARTMENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("部门编码", "部门代码"),
    "name_zh": ("部门名称", "名称"),
    "name_en": ("英文名称",),
    "kind": ("类别", "类型"),
    "skills": ("职责", "职责范围"),
    "is_fallback": ("兜底",),
}
STAFF_COLUMNS: dict[str, tuple[str, ...]] = {
    "username": ("用户名", "工号", "账号"),
    "display_name": ("姓名",),
    "role": ("角色", "岗位"),
    "area": ("区域编码", "区域"),
    "department": ("部门编码", "部门"),
    "until": ("任期至", "截止日期"),
}
_YES = frozenset({"1", "是", "true", "yes"})
_ROLE_WORDS = {word: role for role, names in ROLE_NAMES.items() for word in names}


@dataclass(slots=True)
class StaffImport:
    """What came in. passwords: one-time, of the accounts just made, shown this once."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    requests: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    passwords: list[Created] = field(default_factory=list)
    written: bool = False


def import_departments(
    path: str | Path, *, dry_run: bool = False, actor: Viewer, now: datetime
) -> StaffImport:
    """Departments by key: made or changed. Columns: see DEPARTMENT_COLUMNS.

    Raises: NotAllowed, DomainError as `open_table`, "table.columns", "table.too_long".
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    done = StaffImport()
    with write():
        known = {d.key: d for d in Department.objects.all()}
        for number, row in _rows(path, DEPARTMENT_COLUMNS, ("key", "name_zh"), done):
            try:
                with transaction.atomic():
                    _take_department(row, known, done, actor, now)
            except DomainError as error:
                done.refused.append(RefusedRow(number, error.where or "", row["key"], error))
        transaction.set_rollback(dry_run)
    done.written = not dry_run
    return done


def import_staff(
    path: str | Path, *, dry_run: bool = False, actor: Viewer, now: datetime
) -> StaffImport:
    """Accounts and the roles they need; a person with several roles has several rows.

    Raises: as `import_departments`.
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    done = StaffImport()
    with write():
        places = _areas()
        departments = dict(Department.objects.filter(active=True).values_list("key", "pk"))
        for number, row in _rows(path, STAFF_COLUMNS, ("username", "display_name"), done):
            try:
                wanted = _wanted(row, places, departments)
                with transaction.atomic():
                    user_id = _account(row, done, actor, now)
                    if wanted is not None:
                        asked = ask_for_role(user_id, **wanted, actor=actor, now=now)
                        done.requests += asked is not None
            except DomainError as error:
                said = row.get(error.where or "", "")
                done.refused.append(RefusedRow(number, error.where or "", said, error))
        transaction.set_rollback(dry_run)
    done.written = not dry_run
    if dry_run:
        done.passwords.clear()
    return done


def _rows(
    path: str | Path,
    columns: dict[str, tuple[str, ...]],
    needed: tuple[str, ...],
    done: StaffImport,
) -> Iterator[tuple[int, Row]]:
    names = {alias: own for own, aliases in columns.items() for alias in (own, *aliases)}
    table = open_table(path, known=names)
    there = {names[c.strip().lower()]: c for c in table.columns if c.strip().lower() in names}
    missing = [f"{columns[own][0]} ({own})" for own in needed if own not in there]
    if missing:
        raise DomainError(
            "table.columns",
            f"The columns {', '.join(missing)} are missing; the file has "
            f"{', '.join(table.columns[:20])}. Start from the template.",
            f"缺少列 {'、'.join(missing)}；文件中有 {'、'.join(table.columns[:20])}。"
            "请以模板为准。",
            where="columns",
        )
    done.remarks += table.remarks
    for count, (number, raw) in enumerate(table.rows(done.refused.append)):
        if count >= MOST_ROWS:
            raise DomainError(
                "table.too_long",
                f"The file has more than {MOST_ROWS} rows. Split it.",
                f"文件超过 {MOST_ROWS} 行，请拆分。",
                where="file",
            )
        yield number, {own: _text(raw[column]) for own, column in there.items()}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value or "").strip()


def _take_department(
    row: Row, known: dict[str, Department], done: StaffImport, actor: Viewer, now: datetime
) -> None:
    given: dict[str, Any] = {name: row[name] for name in row if name != "key"}
    old = known.get(row["key"])
    base = {n: getattr(old, n) for n in DEPARTMENT_COLUMNS if n != "key"} if old else {}
    given["is_fallback"] = row.get("is_fallback", "").lower() in _YES
    values = base | given
    set_department(row["key"], **values, actor=actor, now=now)
    if old is None:
        done.added += 1
    elif base == values:
        done.unchanged += 1
    else:
        done.changed += 1


def _account(row: Row, done: StaffImport, actor: Viewer, now: datetime) -> int:
    known = User.objects.filter(username__iexact=row["username"]).values_list("pk", flat=True)
    if known:
        done.unchanged += 1
        return known[0]
    name = row["display_name"]
    made = create_user(row["username"], display_name=name, actor=actor, now=now)
    done.added += 1
    done.passwords.append(made)
    return made.user_id


def _wanted(
    row: Row, places: dict[str, tuple[int, str]], departments: dict[str, int]
) -> dict[str, Any] | None:
    if not row.get("role"):
        return None
    role = _ROLE_WORDS.get(row["role"]) or known_role(row["role"])
    area, level = places.get(row.get("area", ""), (None, None))
    if row.get("area") and area is None:
        raise _fault("area", row["area"], "the code of an area in force", "在用区域的编码")
    need = LEVEL_OF_ROLE.get(role)
    if need and level != need:
        raise _fault("area", row.get("area", ""), f"the code of a {need}", f"{need} 级区域的编码")
    department = departments.get(row.get("department", ""))
    if (row.get("department") or role in DEPARTMENT_ROLES) and department is None:
        raise _fault(
            "department", row.get("department", ""), "the key of an active department", "部门编码"
        )
    until = row.get("until", "")
    zone = get_default_timezone_name()
    ends = parse_datetime(until, timezone=zone, where="until") if until else None
    return {"role": role, "area_id": area, "department_id": department, "until": ends}


def _areas() -> dict[str, tuple[int, str]]:
    model = RoleHolding._meta.get_field("area").related_model
    rows = model._default_manager.filter(valid_until__isnull=True)  # type: ignore[union-attr]
    return {code: (pk, level) for pk, code, level in rows.values_list("pk", "code", "level")}


def _fault(where: str, value: str, allowed: str, zh: str) -> DomainError:
    return DomainError(
        "staff.row",
        f"{where} is {value!r:.60}; allowed: {allowed}.",
        f"{where} 的值为 {value!r:.60}；应为：{zh}。",
        where=where,
    )
