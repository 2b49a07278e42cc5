"""Duty grids, shifts and place names from tables (CSV, XLSX): row by row, idempotent.

Good rows are written together; a refused row is reported with its number, column and reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.utils.timezone import get_default_timezone_name

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.queries import active_users
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places.commands.duty import assign_worker, check_span, set_duty_grid
from cityloop.city.places.commands.names import NewName, placed_name, write_names
from cityloop.city.places.models import Shift
from cityloop.city.places.rules import need_duty_keeper
from cityloop.engines.tables import RefusedRow, open_table
from cityloop.engines.tables.dates import parse_datetime
from cityloop.kernel.errors import DomainError

T = TypeVar("T")
Row = dict[str, str]
_BATCH = 1000

COLUMNS: dict[str, tuple[str, ...]] = {
    "duty_grid": ("责任网格", "责任网格编码"),
    "name": ("名称", "地名", "责任网格名称"),
    "cells": ("单元网格", "网格"),
    "workers": ("网格员",),
    "username": ("用户名", "工号"),
    "starts_at": ("开始", "上岗时间"),
    "ends_at": ("结束", "下岗时间"),
    "kind": ("类别", "类型"),
    "lon": ("经度",),
    "lat": ("纬度",),
    "crs": ("坐标系",),
    "area_code": ("区域编码",),
}


@dataclass(slots=True)
class TableImport:
    """What came in: rows that made something new, rows already there, rows refused."""

    added: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def import_duty(path: str | Path, *, actor: Viewer, now: datetime) -> TableImport:
    """Duty grids with their cells and workers.

    Columns: duty_grid (code), name, cells (codes, separated by blanks, commas or ;), workers
    (user names, the first answers first; may be empty). Chinese headings are known too.
    """
    done, rows = _read(path, ("duty_grid", "name", "cells"), _duty_row)
    for number, (code, name, cells, workers) in rows:
        try:
            with write():
                set_duty_grid(code, name=name, cell_codes=cells, actor=actor, now=now)
                known = active_users(workers)
                for rank, username in enumerate(workers, start=1):
                    user_id = _known_user(username, known)
                    assign_worker(code, user_id, rank=rank, actor=actor, now=now)
            done.added += 1
        except DomainError as error:
            done.refused.append(RefusedRow(number, error.where or "", code, error))
    return done


def import_shifts(path: str | Path, *, actor: Viewer, now: datetime) -> TableImport:
    """Shifts: columns username, starts_at, ends_at; times without a zone are local time."""
    need_duty_keeper(actor)
    done, rows = _read(path, ("username", "starts_at", "ends_at"), _shift_row)
    workers = active_users((r[0] for _, r in rows), role=Role.GRID_WORKER)
    with write():
        ids = set(workers.values())
        known = {
            key
            for key in Shift.objects.values_list("user_id", "starts_at", "ends_at")
            if key[0] in ids
        }
        fresh: list[Shift] = []
        for number, (username, starts_at, ends_at) in rows:
            if username not in workers:
                done.refused.append(RefusedRow(number, "username", username, _no_worker(username)))
                continue
            key = (workers[username], starts_at, ends_at)
            if key in known:
                done.unchanged += 1
                continue
            known.add(key)
            fresh.append(Shift(user_id=key[0], starts_at=starts_at, ends_at=ends_at))
        Shift.objects.bulk_create(fresh, batch_size=_BATCH)
        done.added = len(fresh)
        if fresh:
            draft = Draft("duty.shifts_imported", "places", 1, {"added": len(fresh)})
            record(draft, actor=actor, now=now)
    return done


def import_names(path: str | Path, *, actor: Viewer, now: datetime) -> TableImport:
    """Names of places: columns name, kind, and lon + lat (crs, wgs84 by default) or area_code."""
    done, rows = _read(path, ("name", "kind"), _new_name)
    fine = []
    for number, new in rows:
        try:
            fine.append(placed_name(new))
        except DomainError as error:
            done.refused.append(RefusedRow(number, error.where or "", new.name, error))
    done.added = write_names(fine, actor=actor, now=now)
    done.unchanged = len(fine) - done.added
    return done


def _read(
    path: str | Path, needed: tuple[str, ...], read: Callable[[Row], T]
) -> tuple[TableImport, list[tuple[int, T]]]:
    """The rows of a table under our own column names, each read or refused."""
    names = {alias: own for own, aliases in COLUMNS.items() for alias in (own, *aliases)}
    table = open_table(path, known=names)
    columns = {c: names[c.strip().lower()] for c in table.columns if c.strip().lower() in names}
    missing = [own for own in needed if own not in columns.values()]
    if missing:
        raise DomainError(
            "table.columns",
            f"The columns {', '.join(missing)} are missing; the file has "
            f"{', '.join(table.columns[:20])}.",
            f"缺少列 {'、'.join(missing)}；文件中有 {'、'.join(table.columns[:20])}。",
            details={"missing": missing},
        )
    done, rows = TableImport(remarks=list(table.remarks)), []
    for number, raw in table.rows(done.refused.append):
        row = {own: _text(raw[column]) for column, own in columns.items()}
        try:
            rows.append((number, read(row)))
        except DomainError as error:
            where = error.where or ""
            done.refused.append(RefusedRow(number, where, row.get(where, ""), error))
    return done, rows


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value).strip()


def _duty_row(row: Row) -> tuple[str, str, list[str], list[str]]:
    return row["duty_grid"], row["name"], _words(row["cells"]), _words(row.get("workers", ""))


def _words(text: str) -> list[str]:
    for mark in ",，;；、\n":
        text = text.replace(mark, " ")
    return text.split()


def _shift_row(row: Row) -> tuple[str, datetime, datetime]:
    zone = get_default_timezone_name()
    starts_at = parse_datetime(row["starts_at"], timezone=zone, where="starts_at")
    ends_at = parse_datetime(row["ends_at"], timezone=zone, where="ends_at")
    check_span(starts_at, ends_at)
    return row["username"], starts_at, ends_at


def _new_name(row: Row) -> NewName:
    lon, lat = (_number(row.get(c, ""), c) for c in ("lon", "lat"))
    crs = row.get("crs") or "wgs84"
    return NewName(row["name"], row["kind"], row.get("area_code", ""), lon, lat, crs)


def _number(text: str, where: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise DomainError(
            "place.not_finite",
            f"{where} {text!r:.40} is no number.",
            f"{where} {text!r:.40} 不是数字。",
            where=where,
        ) from None


def _known_user(username: str, known: dict[str, int]) -> int:
    if username not in known:
        raise _no_worker(username)
    return known[username]


def _no_worker(username: str) -> DomainError:
    return DomainError(
        "duty.not_a_grid_worker",
        f"{username!r} is no active grid worker. Make the user and grant the role first.",
        f"{username!r} 不是在任网格员，请先建立用户并授予角色。",
        where="username",
    )
