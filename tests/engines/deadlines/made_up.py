"""Calendars, instants and limits for property tests, crowded around switch days and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from cityloop.engines.deadlines import Limit, Unit, WorkCalendar

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Amsterdam")
# Both switch days of both zones with daylight saving, the Chinese National Day, a turn of the year.
DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2025-03-09",
        "2025-03-30",
        "2025-10-01",
        "2025-10-26",
        "2025-11-02",
        "2025-12-31",
    )
)


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def office_hours(draw: st.DrawFn) -> tuple[tuple[time, time], ...]:
    """One to three periods a day, some over midnight's edge, some in the switch hour."""
    bounds = st.one_of(st.integers(0, 1440), st.sampled_from([0, 60, 90, 120, 150, 180, 1440]))
    count = draw(st.sampled_from([2, 2, 4, 6]))
    chosen = sorted(draw(st.lists(bounds, min_size=count, max_size=count, unique=True)))
    return tuple((_time(a), _time(b)) for a, b in zip(chosen[::2], chosen[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any zone; office hours usual or odd; days off and swapped days near the days of interest."""
    near = st.builds(lambda day, n: day + timedelta(n), st.sampled_from(DAYS), st.integers(-3, 4))
    holidays = draw(st.frozensets(near, max_size=6))
    usual = st.just(WorkCalendar().periods)
    return WorkCalendar(
        timezone=draw(st.sampled_from(ZONES)),
        periods=draw(st.one_of(usual, office_hours())),
        weekend=draw(st.sampled_from([frozenset({5, 6}), frozenset({4}), frozenset()])),
        holidays=holidays,
        workdays=draw(st.frozensets(near, max_size=4)) - holidays,
    )


def instants(*, whole_minutes: bool = False) -> st.SearchStrategy[datetime]:
    """Aware instants within some days of the days of interest."""
    step = 60_000_000 if whole_minutes else 1
    span = 4 * 86_400 * 1_000_000 // step
    return st.builds(
        lambda day, n: (
            datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(microseconds=n * step)
        ),
        st.sampled_from(DAYS),
        st.integers(-span, span),
    )


def limits() -> st.SearchStrategy[Limit]:
    """Limits in every unit, whole and broken numbers."""
    values = st.one_of(st.integers(1, 40).map(float), st.floats(0.01, 40.0))
    return st.builds(Limit, values, st.sampled_from(Unit))
