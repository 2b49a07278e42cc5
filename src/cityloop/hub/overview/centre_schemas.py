"""What the operations centre is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from cityloop.city.places.domain import LEVEL_NAMES


class CountedCasesOut(Schema):
    """How many cases, and the query string of /cases/ that lists exactly these."""

    n: int
    query: str


class CentreAreaOut(Schema):
    id: int
    code: str
    level: str
    level_zh: str
    level_en: str
    zh: str
    en: str

    @staticmethod
    def resolve_level_zh(area: Any) -> str:
        return LEVEL_NAMES[area.level][0]

    @staticmethod
    def resolve_level_en(area: Any) -> str:
        return LEVEL_NAMES[area.level][1]

    @staticmethod
    def resolve_zh(area: Any) -> str:
        return str(area.name_zh)

    @staticmethod
    def resolve_en(area: Any) -> str:
        return str(area.name_en or area.name_zh)


class AgainstOut(Schema):
    """A flow of today until now; `yesterday` and `week_ago` are of the same span of those days."""

    measure: str
    today: CountedCasesOut
    yesterday: CountedCasesOut
    yesterday_whole: CountedCasesOut
    week_ago: CountedCasesOut


class OpenStateOut(Schema):
    state: str
    zh: str
    en: str
    cases: CountedCasesOut


class AreaBelowOut(Schema):
    area: CentreAreaOut
    open: CountedCasesOut
    near: CountedCasesOut
    late: CountedCasesOut


class CentreOut(Schema):
    """This moment of an area. Every figure carries the question that lists its cases."""

    area: CentreAreaOut
    above: list[CentreAreaOut]
    bounds: list[float] | None
    as_of: datetime
    flows: list[AgainstOut]
    open: CountedCasesOut
    near: CountedCasesOut
    late: CountedCasesOut
    unanswered: CountedCasesOut
    long_unanswered: CountedCasesOut
    states: list[OpenStateOut]
    children: list[AreaBelowOut]


class CentreRateOut(Schema):
    """Good over good and bad, 0 to 1; null where there is nothing to judge."""

    key: str
    value: float | None
    before: float | None
    good: CountedCasesOut
    bad: CountedCasesOut


class HotClassOut(Schema):
    key: str
    zh: str
    en: str
    cases: CountedCasesOut
    before: int


class RankedUnitOut(Schema):
    """A department; `outcome` 0 to 1, null where fewer than five of its cases are handled."""

    id: int
    zh: str
    en: str
    outcome: float | None
    cases: CountedCasesOut
    handled: int
    rates: dict[str, float | None]


class TrendDayOut(Schema):
    day: date
    reported: CountedCasesOut
    closed: CountedCasesOut


class CentrePeriodOut(Schema):
    since: date
    until: date
    as_of: datetime
    received: CountedCasesOut
    received_before: CountedCasesOut
    rates: list[CentreRateOut]
    hot: list[HotClassOut]
    units: list[RankedUnitOut]
    trend: list[TrendDayOut]


class LivePlacesOut(Schema):
    """Areas by id: `id` is the difference to the one before, `above` the place in this list of the
    area above, -1 for none. Cells have no name here."""

    id: list[int]
    level: list[str]
    above: list[int]
    zh: list[str]
    en: list[str]


class CaseColumnsOut(Schema):
    """Columns of equal length. `id` is the difference to the case before; `lon` and `lat` count
    steps from the origin; `state`, `clock`, `place` are places in their lists."""

    id: list[int]
    number: list[str]
    lon: list[int | None]
    lat: list[int | None]
    state: list[int]
    clock: list[int]
    place: list[int]


class LiveMapOut(Schema):
    """Open cases of an area; the stream /api/v1/live goes on from `position`."""

    area_id: int
    as_of: datetime
    position: int
    origin: list[float]
    steps: int
    states: list[str]
    clocks: list[str]
    places: LivePlacesOut
    cases: CaseColumnsOut


class CellDutyOut(Schema):
    """`answered` says for each cell which of `how` holds; persons are not named."""

    as_of: datetime
    workers: int
    how: list[str]
    cell: list[int]
    answered: list[int]
