"""Which row is the header, and how its columns are called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

SEARCHED_ROWS = 20


def header_place(rows: Sequence[Sequence[Any]], known: Collection[str]) -> int | None:
    """Index of the header among the first rows of a sheet, None when all are blank.

    With `known` names: the row that has most of them (at least one). Otherwise: the first row
    with at least half as many filled cells as the fullest row; a title above fills only one
    (one value, also where it is merged over all columns).
    """
    wanted = {_key(name) for name in known}
    hits = [len({_key(cell) for cell in row} & wanted) for row in rows]
    if any(hits):
        return hits.index(max(hits))
    filled = [_filled(row) for row in rows]
    widest = max(filled, default=0)
    if not widest:
        return None
    return next(index for index, count in enumerate(filled) if count * 2 >= widest)


def _filled(row: Sequence[Any]) -> int:
    values = [key for key in map(_key, row) if key]
    return len(values) if len(set(values)) > 1 else len(set(values))


def column_names(cells: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Names of the columns, and remarks (English) about those that had to be made up.

    Blank names become "column 5", a name that comes twice gets "(2)". Blank columns at the right
    end are left out.
    """
    names = [" ".join(str(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    taken: set[str] = set(names)
    seen: dict[str, int] = {}
    remarks = []
    for index, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if name and seen[name] == 1:
            continue
        unique = f"{name} ({seen[name]})" if name else f"column {index + 1}"
        while unique in taken:
            unique += "*"
        remarks.append(f"column {index + 1}: {name[:80]!r} is read as {unique[:80]!r}")
        names[index] = unique
        taken.add(unique)
    return names, remarks


def _key(cell: Any) -> str:
    return "".join(str(cell).split()).casefold()
