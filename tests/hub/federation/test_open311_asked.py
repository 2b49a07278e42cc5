from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.hub.federation.domain.asked import (
    SPAN,
    asked,
    attributes,
    check_jurisdiction,
    read_location,
    w3_date,
)
from cityloop.kernel.errors import DomainError

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)


def test_without_dates_the_last_ninety_days() -> None:
    wanted = asked({"start_date": "", "status": ""}, now=NOW)
    assert wanted.start == NOW - SPAN and wanted.end is not None and wanted.end > NOW


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        ({"start_date": "2026-01-01T00:00:00Z"}, "2026-01-01", "2026-04-01"),
        ({"end_date": "2026-04-01T00:00:00Z"}, "2026-01-01", "2026-04-01"),
    ],
)
def test_one_date_gives_ninety_days(dates: dict[str, str], start: str, end: str) -> None:
    wanted = asked(dates, now=NOW)
    assert wanted.start is not None and wanted.end is not None
    assert (wanted.start.date().isoformat(), wanted.end.date().isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
            "open311.span",
        ),
        (
            {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
            "open311.span",
        ),
        ({"start_date": "2026-01-01"}, "open311.date"),
        ({"start_date": "2026-02-30T00:00:00Z"}, "open311.date"),
        ({"end_date": "2026-01-01T00:00:00"}, "open311.date"),
        ({"start_date": "0001-01-01T00:00:00+08:00"}, "open311.date"),
        ({"end_date": "9999-12-31T23:59:59-08:00"}, "open311.date"),
        ({"status": "open,gone"}, "open311.status"),
        ({"page": "0"}, "open311.number"),
        ({"page_size": "1001"}, "open311.number"),
    ],
)
def test_what_cannot_be_asked_is_refused(query: dict[str, str], code: str) -> None:
    with pytest.raises(DomainError) as caught:
        asked(query, now=NOW)
    assert caught.value.code == code


def test_ids_override_everything_else() -> None:
    wanted = asked({"service_request_id": "1, 2,,1", "start_date": "nonsense"}, now=NOW)
    assert wanted.ids == ("1", "2") and wanted.start is None


def test_plus_that_became_a_blank_is_understood() -> None:
    moment = w3_date("2026-01-01T08:00:00 08:00", "start_date")
    assert moment == datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        assert w3_date(text, "x").utcoffset() is not None
    except DomainError as error:
        assert error.code == "open311.date"


@given(st.datetimes(timezones=st.timezones()).filter(lambda d: d.utcoffset() is not None))
def test_written_date_comes_back(moment: datetime) -> None:
    offset = moment.utcoffset() or timedelta()
    if offset.total_seconds() % 60 or not 1971 <= moment.year < 2199:
        return
    assert w3_date(moment.isoformat(), "x") == moment.astimezone(UTC)


@pytest.mark.parametrize(("lat", "long"), [("39", ""), ("", "116"), ("nan", "1"), ("a", "b")])
def test_half_or_no_location_is_refused(lat: str, long: str) -> None:
    with pytest.raises(DomainError):
        read_location(lat, long)


def test_attributes_are_read_in_both_forms() -> None:
    given = [("attribute[A]", ["1"]), ("attribute[B][]", ["2", "3"]), ("lat", ["4"])]
    assert attributes(given) == {"A": ["1"], "B": ["2", "3"]}


def test_other_jurisdiction_is_not_found_and_none_is_fine() -> None:
    check_jurisdiction("", "city.example")
    check_jurisdiction("anything", "")
    with pytest.raises(DomainError) as caught:
        check_jurisdiction("other.example", "city.example")
    assert caught.value.status == 404
