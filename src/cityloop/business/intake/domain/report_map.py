"""What a mapping file says, as values. How each key is written: docs/guide/import.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cityloop.business.intake.domain.expressions import Expression

EMPTY: Mapping[str, str] = MappingProxyType({})
# Fields of [columns], in the order in which they are documented.
FIELDS = ("external_id", "title", "text", "happened_at", "lon", "lat", "address")
REPORTER_FIELDS = ("name", "phone", "contact")


@dataclass(frozen=True, slots=True)
class FileForm:
    """[file]: how the file is to be opened, where it is not found out by itself."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    fill_merged: bool = False


@dataclass(frozen=True, slots=True)
class DateRule:
    """[dates]: zone "" = the city's own; unusable = refuse | missing."""

    formats: tuple[str, ...] = ()
    timezone: str = ""
    dayfirst: bool | None = None
    unusable: str = "refuse"


@dataclass(frozen=True, slots=True)
class PointRule:
    """[coordinates].

    Args:
        crs: reference system of the numbers.
        pair: one column that holds both, such as "(39.29, -76.61)".
        order: of `pair`: "lat,lon" or "lon,lat".
        missing: points that mean "not known", as (lon, lat).
        min_decimals: with fewer in both numbers the point is too coarse and counts as missing.
        outside: keep | refuse, for points in no area of the city.
        unusable: refuse | missing, for what is no point at all.
    """

    crs: str = "wgs84"
    pair: str = ""
    order: str = "lat,lon"
    missing: tuple[tuple[float, float], ...] = ()
    min_decimals: int = 1
    outside: str = "keep"
    unusable: str = "refuse"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value found by looking texts of the row up in a table (class, area, language).

    Args:
        sources: tried in order; the first whose text stands in `values` decides.
        values: folded text -> value; empty: the text itself is the value.
        default: when none decides.
    """

    sources: tuple[Expression, ...] = ()
    values: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    default: str = ""


@dataclass(frozen=True, slots=True)
class SkipRule:
    """[[skip]]: rows that are left out, counted under `name`. All that is given must hold."""

    name: str
    column: str
    equals: frozenset[str] | None = None
    contains: str = ""
    empty: bool | None = None

    def holds(self, value: str) -> bool:
        """Whether a row with this cell is left out."""
        value = value.strip()
        if self.equals is not None and value.casefold() not in self.equals:
            return False
        if self.contains and self.contains not in value.casefold():
            return False
        return self.empty is None or self.empty == (not value)


@dataclass(frozen=True, slots=True)
class ReportMap:
    """A mapping file, checked."""

    name: str = ""
    channel: str = ""
    optional: tuple[str, ...] = ()
    file: FileForm = FileForm()
    fields: Mapping[str, Expression] = field(default_factory=dict)
    dates: DateRule = DateRule()
    point: PointRule = PointRule()
    case_class: Choice = Choice()
    area: Choice = Choice()
    language: Choice = Choice()
    reporter: Mapping[str, Expression] = field(default_factory=dict)
    confidential: Choice = Choice()
    keep: tuple[str, ...] = ()
    skip: tuple[SkipRule, ...] = ()

    def columns(self) -> list[str]:
        """Every column it names, once, in order."""
        return list(dict.fromkeys(self._all_columns()))

    def columns_of(self, where: str) -> tuple[str, ...]:
        """Columns behind a field of a report, for telling which cell was wrong."""
        if where in {"lon", "lat", "lon,lat"} and self.point.pair:
            return (self.point.pair,)
        if where == "lon,lat":
            return (*self.columns_of("lat"), *self.columns_of("lon"))
        choices = {"class_key": self.case_class, "area_code": self.area, "language": self.language}
        if where in choices:
            return tuple(c for e in choices[where].sources for c in e.columns)
        known = self.fields.get(where) or self.reporter.get(where.removeprefix("reporter."))
        return known.columns if known else ()

    def _all_columns(self) -> Iterator[str]:
        for made in (*self.fields.values(), *self.reporter.values()):
            yield from made.columns
        if self.point.pair:
            yield self.point.pair
        for choice in (self.case_class, self.area, self.language, self.confidential):
            for made in choice.sources:
                yield from made.columns
        yield from self.keep
        yield from (rule.column for rule in self.skip)
