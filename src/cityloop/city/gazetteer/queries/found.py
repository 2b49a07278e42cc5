"""What is read of the index: names by hash, by term, by house number; where they lie."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from cityloop.city.gazetteer.models import House, Named, Seen, Spelling
from cityloop.city.gazetteer.models.terms import TERMS
from cityloop.city.places import queries as places
from cityloop.city.places.domain import AreaTree, Level
from cityloop.engines.addresses import KnownNames, Name

_COLUMNS = (
    "id",
    "kind",
    "detail",
    "name_zh",
    "name_en",
    "sound",
    "stem",
    "area",
    "lon",
    "lat",
    "source",
    "source_id",
    "public",
)
_CHUNK = 400
_ROWS_WITH = (
    f"SELECT {', '.join(_COLUMNS)} FROM {Named._meta.db_table} "  # noqa: S608
    "WHERE id IN ({carrying}) ORDER BY id"
)
_SPELT = 2000  # names of one spelling: more are no answer
_ROWS_SPELT = (
    f"SELECT spelt.hash, {', '.join(f'named.{c}' for c in _COLUMNS)} "  # noqa: S608
    f"FROM {Spelling._meta.db_table} spelt JOIN {Named._meta.db_table} named "
    "ON named.id = spelt.named_id WHERE spelt.hash IN ({marks}) "
    "ORDER BY spelt.hash, named.id LIMIT %s"
)
_VERSION = f"SELECT stamp FROM {Seen._meta.db_table} WHERE source = ''"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Row:
    """A name of the index. `area`: where no point is known, or the area itself."""

    id: int
    kind: str
    detail: str
    name_zh: str
    name_en: str
    sound: str
    stem: int
    area: int | None
    lon: float | None
    lat: float | None
    source: str
    source_id: int
    public: bool

    def name(self) -> Name:
        return Name(self.name_zh, self.name_en, self.sound)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. lon, lat: WGS84 degrees, None where only the area is known.

    `number`: the house or building, "" = none asked or none registered; `confidence`: probability;
    `radius_m`: of the circle in which the place is expected, None = no point (a street, an area);
    `note`: what was made of words like "opposite".
    """

    kind: str
    name_zh: str
    name_en: str
    number: str
    lon: float | None
    lat: float | None
    confidence: float
    area_id: int | None
    area_zh: str
    area_en: str
    public: bool = True
    radius_m: float | None = None
    note_zh: str = ""
    note_en: str = ""


class _Kept:
    """The hashes of all names, read again when the index has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, KnownNames] | None = None

    def __call__(self) -> KnownNames:
        with connection.cursor() as cursor:
            cursor.execute(_VERSION)
            row = cursor.fetchone()
        at = int(row[0]) if row else 0
        kept = self._kept
        if kept is not None and kept[0] == at and at:
            return kept[1]
        with self._lock:
            hashes = np.fromiter(
                Spelling.objects.values_list("hash", flat=True).iterator(chunk_size=20_000),
                np.int64,
            )
            self._kept = (at, KnownNames(hashes))
            return self._kept[1]


known_names = _Kept()


def rows_by_hash(hashes: Iterable[int]) -> dict[int, list[Row]]:
    """Names by the hash of one of their spellings."""
    wanted = sorted(set(hashes))
    found: dict[int, list[Row]] = {}
    with connection.cursor() as cursor:  # every search asks: a tenth of what the ORM takes
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(_ROWS_SPELT.format(marks=marks), [*part, _SPELT])
            for value, *row, public in cursor.fetchall():
                found.setdefault(value, []).append(Row(*row, public=bool(public)))
    return found


def rows_with(groups: Sequence[Sequence[int]], most: int) -> list[Row]:
    """Names that carry all terms of one of the groups."""
    groups = [g for g in groups if g]
    if not groups:
        return []
    carrying, given = TERMS.carrying(groups, most=most)
    with connection.cursor() as cursor:  # in one turn: half of a search is going to and fro
        cursor.execute(_ROWS_WITH.format(carrying=carrying), given)
        return [Row(*row[:-1], public=bool(row[-1])) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A numbered house or building."""

    stem: int
    number: str
    unit: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    source: str


def houses_with(stems: Iterable[int], numbers: Iterable[str]) -> list[HouseRow]:
    """Houses of these names with these numbers, also with a letter or a part behind them."""
    chosen = House.objects.filter(stem__in=sorted(set(stems)), number__in=sorted(set(numbers)))
    columns = ("stem", "number", "unit", "name_zh", "name_en", "lon", "lat", "source")
    return [HouseRow(*row) for row in chosen.order_by("pk").values_list(*columns)[:500]]


@dataclass(frozen=True, slots=True)
class Where:
    """The areas a place lies in: ids from its cell or area upwards, and their names to show."""

    id: int | None
    line: frozenset[int]
    zh: str
    en: str


NOWHERE = Where(None, frozenset(), "", "")


def wheres(
    points: Sequence[tuple[float | None, float | None, int | None]], tree: AreaTree
) -> list[Where]:
    """Where places lie: (lon, lat, area) each; the area decides, the point where there is none."""
    if not points:
        return []
    with_point = [k for k, (lon, _, area) in enumerate(points) if lon is not None and area is None]
    cells, _ = places.locate([points[k][0] for k in with_point], [points[k][1] for k in with_point])
    of_point = dict(zip(with_point, cells.tolist(), strict=True))
    return [_where(tree, of_point.get(k, area)) for k, (_, _, area) in enumerate(points)]


def _where(tree: AreaTree, area_id: int | None) -> Where:
    if area_id is None or tree.find(area_id) is None:
        return NOWHERE
    chain = tree.chain(area_id)
    shown = [a for a in chain if a.level in (Level.SUBDISTRICT, Level.COMMUNITY)]
    return Where(
        area_id,
        frozenset(a.id for a in chain),
        "".join(a.name_zh for a in shown),
        ", ".join(a.name_en or a.name_zh for a in reversed(shown)),
    )
