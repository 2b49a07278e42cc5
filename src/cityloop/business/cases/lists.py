"""Lists of cases: one page of what a viewer may know of, narrowed, sorted, found by words.

Words are looked up newest first, in windows of WINDOW matching cases: the work of one request is
bounded however frequent a word is, and `after` leads on to older matches, so none is out of reach.
Within a window the rows are sorted as asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr

from cityloop.business.cases.domain.terms import Wanted, area_term, wanted
from cityloop.business.cases.filters import HEAT, bad, check_order, filter_of
from cityloop.business.cases.models import Case, Report
from cityloop.business.cases.models.case import HAS_CLOCK
from cityloop.business.cases.models.terms import newest_with
from cityloop.business.cases.rules import AREA_READERS, in_words, owes_next_move, visible
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.db import is_sqlite
from cityloop.kernel.errors import DomainError

MOST = 200
WINDOW, WINDOWS = 5_000, 3
# The newest need no sorting among all matches: a few first, more where few of them may be seen.
NEWEST_WINDOWS = (400, 1_600, WINDOW)
EXCERPT = 160
LIST_FIELDS = (
    "id",
    "number",
    "state",
    "title",
    "channel",
    "urgency",
    "case_class__key",
    "case_class__name_zh",
    "case_class__name_en",
    "subdistrict_id",
    "community_id",
    "cell_id",
    "lon",
    "lat",
    "address",
    "owner_role",
    "owner_department_id",
    "owner_user_id",
    "lead_department_id",
    "received_at",
    "stage_started_at",
    "due_at",
    "alert",
    "late_ever",
    "report_count",
    "urged",
    "returns",
    "reworks",
    "version",
)
# What people read off a screen or a receipt: a number or its beginning, or its last seven digits.
_NUMBER = re.compile(r"20\d{6,18}(?:-\d{0,3})?")
_TAIL = re.compile(r"…?(\d{7})")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `after` leads to the next one, None at the end."""

    items: list[dict[str, Any]]
    after: str | None


@dataclass(frozen=True, slots=True)
class Sought:
    """A list that was asked for."""

    rows: QuerySet[Case]
    words: Wanted | None
    areas: tuple[int, ...]  # terms, one of which a case must carry


def cases_of(viewer: Viewer) -> QuerySet[Case]:
    """Every case the viewer may know of."""
    return Case.objects.filter(visible(viewer))


def case_page(
    viewer: Viewer,
    filters: Mapping[str, Any] | None = None,
    *,
    order: str = "due",
    after: str = "",
    limit: int = 50,
) -> Page:
    """One page of the desk's list, by a key and not by an offset, so page 1000 costs as page 1.

    Args:
        filters: those of `filter_of`; `mine`: the next move is the viewer's; `text`: words of
            reports, title and address, or a case number.
        order: due, heat (open cases only), received (newest first), oldest.
    Raises: DomainError("list.order", "list.after", "list.filter", "list.text_short").
    """
    _, _, only_open = check_order(order)
    sought = _sought(viewer, filters or {})
    rows = sought.rows.filter(HAS_CLOCK) if only_open else sought.rows
    limit = max(1, min(limit, MOST))
    if sought.words is None:
        items, key = _cut(rows, order, after, limit)
        return Page(_with_excerpts(viewer, items), key)
    items, key = _found(rows, sought, order, after, limit)
    return Page(_with_excerpts(viewer, items), key)


def list_of(viewer: Viewer, filters: Mapping[str, Any]) -> QuerySet[Case]:
    """Every case of a list, for exports. Of words the newest WINDOW * WINDOWS matches."""
    sought = _sought(viewer, filters)
    if sought.words is None:
        return sought.rows
    ids = newest_with(sought.words.terms, areas=sought.areas, most=WINDOW * WINDOWS)
    return sought.rows.filter(among(ids))


def count_cases(viewer: Viewer, filters: Mapping[str, Any], *, most: int) -> int:
    """How many cases a list has; counting stops at `most`.

    Of words only the newest WINDOW matches are counted.
    """
    sought = _sought(viewer, filters)
    rows = sought.rows
    if sought.words is not None:
        rows = rows.filter(among(newest_with(sought.words.terms, areas=sought.areas, most=WINDOW)))
    return rows.order_by().values("pk")[:most].count()


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of a list with the areas its case lies in."""

    row: dict[str, Any]
    path: tuple[int, ...]


LEVELS = ("city_id", "district_id", "subdistrict_id", "community_id", "cell_id")


def rows_of(viewer: Viewer, case_ids: Sequence[int]) -> list[PlacedRow]:
    """Rows of these cases as far as the viewer may know of them, newest first."""
    fields = dict.fromkeys((*LIST_FIELDS, *LEVELS))
    found = list(cases_of(viewer).filter(pk__in=case_ids).order_by("-pk").values(*fields))
    found = _with_excerpts(viewer, found)
    kept = (*LIST_FIELDS, "excerpt")
    return [
        PlacedRow(
            {name: row[name] for name in kept},
            tuple(row[level] for level in LEVELS if row[level] is not None),
        )
        for row in found
    ]


def _sought(viewer: Viewer, filters: Mapping[str, Any]) -> Sought:
    given = dict(filters)
    text, mine = str(given.pop("text", None) or "").strip(), given.pop("mine", None)
    rows = cases_of(viewer).filter(filter_of(given))
    if mine is not None:
        rows = rows.filter(owes_next_move(viewer) if mine else ~owes_next_move(viewer))
    if not text:
        return Sought(rows, None, ())
    tail = _TAIL.fullmatch(text)
    if tail:
        return Sought(rows.filter(pk=int(tail[1])), None, ())
    if _NUMBER.fullmatch(text):
        return Sought(rows.filter(filter_of({"number": text})), None, ())
    return _by_words(viewer, rows, text, given.get("area"))


def _by_words(viewer: Viewer, rows: QuerySet[Case], text: str, area: Any) -> Sought:
    words = wanted(text)
    if not words.terms:
        raise DomainError(
            "list.text_short",
            f"'{text[:20]}' is too short to search by. Give a word, two characters of Chinese, "
            "or a case number.",
            f"“{text[:20]}”太短，无法检索，请输入至少两个汉字、一个单词或案卷编号。",
            where="text",
        )
    for word in words.short:  # beside longer words a single character is looked for in the texts
        said = Report.objects.filter(case_id=OuterRef("pk"), text__contains=word)
        rows = rows.filter(Q(title__contains=word) | Q(address__contains=word) | Exists(said))
    if area is not None:
        words = Wanted((*words.terms, area_term(int(area))), words.short)
    return Sought(rows, words, _areas_seen(viewer))


def _areas_seen(viewer: Viewer) -> tuple[int, ...]:
    """Terms of the areas that bound what the viewer sees; none where other things bound it."""
    readers = [h for h in viewer.holdings if h.role in AREA_READERS]
    if viewer.is_system or viewer.departments() or viewer.holds(Role.CITIZEN):
        return ()
    if any(h.area_id is None for h in readers):
        return ()
    return tuple(area_term(h.area_id) for h in readers if h.area_id is not None)


def _cut(
    rows: QuerySet[Case], order: str, after: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Up to `limit` rows beyond `after`, and the key that leads on."""
    column, descending, _ = check_order(order)
    fields: tuple[str, ...] = LIST_FIELDS
    if column == "heat":
        rows, fields = rows.annotate(heat=HEAT), (*LIST_FIELDS, "heat")
    sign = "-" if descending else ""
    rows = rows.filter(_beyond(after, column, descending)).order_by(f"{sign}{column}", f"{sign}id")
    found = list(rows.values(*fields)[: limit + 1])
    page = found[:limit]
    return page, _key(page[-1], column) if len(found) > limit else None


def _key(row: Mapping[str, Any], column: str) -> str:
    value = row[column]
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{row['id']}"


def _beyond(after: str, column: str, descending: bool) -> Q:
    if not after:
        return Q()
    try:
        at, pk = after.split("~")
        value: Any = int(at) if column == "heat" else datetime.fromisoformat(at)
        key = int(pk)
        naive = isinstance(value, datetime) and value.tzinfo is None
        if naive or not 0 <= key < 2**63 or (column == "heat" and not 0 <= value < 2**31):
            raise ValueError(after)
    except ValueError as error:
        raise bad("list.after", "after", after[:80], "the `after` of the page before") from error
    sign = "lt" if descending else "gt"
    # Both forms: the first bounds the index scan, the second cuts exactly.
    return Q(**{f"{column}__{sign}e": value}) & (
        Q(**{f"{column}__{sign}": value}) | Q(**{column: value, f"id__{sign}": key})
    )


def _found(
    rows: QuerySet[Case], sought: Sought, order: str, after: str, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """As `_cut`, among the cases that carry the words, window by window."""
    assert sought.words is not None
    below, inner = _window(after)
    items: list[dict[str, Any]] = []
    sizes = [WINDOW] * WINDOWS
    if order == "received":  # windows go from new to old, too
        sizes = [min(size, WINDOW) for size in NEWEST_WINDOWS]
    for size in sizes:
        ids = newest_with(sought.words.terms, areas=sought.areas, below=below, most=size)
        page, key = _cut(rows.filter(among(ids)), order, inner, limit - len(items))
        items += page
        if key is not None:
            return items, f"{ids[0] + 1}|{key}"
        if len(ids) < size:
            return items, None
        below, inner = ids[-1], ""
        if len(items) == limit:
            break
    return items, f"{below}|"


def among(case_ids: Sequence[int]) -> Q:
    """Filter for these cases; thousands of ids as one value, not as thousands."""
    if is_sqlite():
        ids: Any = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(case_ids))])
    else:
        ids = RawSQL("SELECT unnest(%s::bigint[])", [list(case_ids)])
    return Q(pk__in=ids)


def _window(after: str) -> tuple[int | None, str]:
    if not after:
        return None, ""
    below, bar, inner = after.partition("|")
    if not (bar and below.isascii() and below.isdigit() and int(below) < 2**62):
        raise bad("list.after", "after", after[:80], "the `after` of the page before")
    return int(below), inner


def _with_excerpts(viewer: Viewer, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with the beginning of what the first report says beyond its title."""
    said = _first_texts([row["id"] for row in items])
    for row in items:
        text, title = said.get(row["id"], ""), row["title"]
        beyond = text[len(title) :] if text.startswith(title) else text
        row["excerpt"] = beyond.strip()[:EXCERPT]
    return [in_words(viewer, row) for row in items]


def _first_texts(ids: Sequence[int]) -> dict[int, str]:
    # Long enough that something is left behind a title of three hundred characters.
    rows = Report.objects.filter(case_id__in=ids).order_by("-pk")
    start = Substr("text", 1, EXCERPT + 300)
    return dict(rows.values_list("case_id", start))  # of several the first report wins
