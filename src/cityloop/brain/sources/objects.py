"""Rows of what Python holds: lists, generators, functions, data frames, dlt sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cityloop.brain.values import Row
from cityloop.kernel.errors import DomainError


def rows_of_anything(source: Any) -> Iterator[tuple[str, Iterable[Row]]]:
    """(name or "", rows) of a list, a generator, a function, a data frame, or a dlt source or
    resource (of a dlt source: the resources selected, by the names of their tables).

    Raises: DomainError("brain.row") for what is no row, DomainError("brain.rows") where the source
        itself fails half-way.
    """
    is_frame = has_frame(source)
    made = callable(source) and not hasattr(source, "__iter__") and not is_frame
    given = _called(source) if made else source
    resources = getattr(given, "selected_resources", None)  # a dlt source: those not left out
    if resources is None:
        resources = getattr(given, "resources", None)
    if isinstance(resources, Mapping):
        for name, resource in resources.items():
            yield _table(resource, str(name)), _rows_of(resource, str(name))
        return
    name = str(getattr(given, "name", "") or "") if not is_frame else ""
    yield _table(given, name), _rows_of([given] if is_frame else given, name or "the source")


def _table(source: Any, name: str) -> str:
    """The table a resource names, as a table may be called here: roads-2026 → roads_2026."""
    wanted = getattr(source, "table_name", None)
    plain = re.sub(r"[^A-Za-z0-9_]", "_", wanted if isinstance(wanted, str) else name)
    return f"t_{plain}"[:63] if plain[:1].isdigit() else plain[:63]


def _called(source: Callable[[], Any]) -> Any:
    try:
        return source()
    except Exception as error:
        raise _broken(getattr(source, "__name__", "the source"), error) from error


def _rows_of(rows: Iterable[Any], name: str) -> Iterator[Row]:
    """Rows one by one; what the source itself throws is told as ours, with its own words."""
    try:
        yield from _mappings(rows)
    except DomainError:
        raise
    except Exception as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> DomainError:
    return DomainError(
        "brain.rows",
        f"{name} failed while it was read ({type(error).__name__}: {error}). Nothing of it was "
        "kept; rows kept before stay.",
        f"读取 {name} 时出错（{type(error).__name__}：{error}）。"
        "本次未保存任何记录，此前的记录不变。",
        where=name,
    )


def has_frame(rows: Any) -> bool:
    """Whether it is a table of Arrow or a data frame of pandas or polars."""
    return (
        hasattr(rows, "to_pylist")
        or hasattr(rows, "to_dicts")
        or (hasattr(rows, "to_dict") and hasattr(rows, "columns"))
    )


def of_frame(frame: Any) -> Iterable[Row]:
    """Its rows."""
    for way in ("to_pylist", "to_dicts"):  # Arrow, polars
        if hasattr(frame, way):
            return list(getattr(frame, way)())
    return list(frame.to_dict("records"))  # pandas


def _mappings(rows: Iterable[Any]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if isinstance(row, list):  # dlt yields pages
            yield from _mappings(row)
        elif isinstance(row, Mapping):
            yield row
        elif has_frame(row):  # dlt also yields tables
            yield from of_frame(row)
        else:
            raise no_row(number, row)


def no_row(number: int, row: object) -> DomainError:
    """Something that came where a row was due."""
    return DomainError(
        "brain.row",
        f"Row {number} is a {type(row).__name__}; a row is a mapping of names to values.",
        f"第 {number} 行是 {type(row).__name__}，每行应为“字段名→值”的映射。",
    )
