"""Parameters of the standard: what is taken, what is refused."""

from __future__ import annotations

import pytest

from cityloop.hub.ogc.domain.asked import Asked, asked, form_of
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds


def ask(**given: str) -> Asked:
    return asked({k: [v] for k, v in given.items()}, Bounds(116.9, 39.1, 117.0, 39.2))


def test_nothing_asked_is_the_first_hundred() -> None:
    assert ask() == Asked(limit=100)


def test_more_than_is_given_at_once_is_no_error() -> None:
    assert ask(limit="50000").limit == 1000


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("116.9,39.1,117,39.2", (116.9, 39.1, 117, 39.2)),
        ("116.9,39.1,-10,117,39.2,8000", (116.9, 39.1, 117, 39.2)),
        ("116,39,-116,40", (116, 39, 180, 40)),
    ],
)
def test_box_of_four_numbers_six_or_over_the_meridian(bbox: str, found: tuple[float, ...]) -> None:
    box = ask(bbox=bbox).bbox
    assert box is not None and box.as_tuple() == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "-1"), ("limit", "ten"), ("limit", ""), ("bbox", "1,2,3"),
        ("bbox", "1,2,3,x"), ("bbox", "1,50,2,40"), ("bbox", "nan,1,2,3"), ("bbox", "1,2,3,400"),
        ("datetime", "yesterday"), ("datetime", "2026-03-02T00:00:00Z/2026-03-01T00:00:00Z"),
        ("datetime", "20260301"), ("datetime", "2026-03-01T00:00:00"), ("datetime", ".."),
        ("datetime", "2026-02-30"), ("datetime", "2026-03-01 00:00:00Z"),
        ("colour", "red"), ("Bbox", "1,2,3,4"),
    ],
)  # fmt: skip
def test_impossible_and_unknown_parameters_are_refused(name: str, value: str) -> None:
    with pytest.raises(DomainError, match=r"ogc\.parameter"):
        ask(**{name: value})


def test_parameter_given_twice_is_refused() -> None:
    with pytest.raises(DomainError, match=r"ogc\.parameter"):
        asked({"limit": ["1", "2"]}, None)


def test_open_spans_of_time() -> None:
    first, last = ask(datetime="2026-03-01T00:00:00Z/..").span or (None, None)
    assert first is not None and last is None
    assert ask(datetime="../2026-03-01").span is not None


def test_a_day_is_all_of_it_and_letters_may_be_small() -> None:
    first, last = ask(datetime="2026-03-01").span or (None, None)
    assert first is not None and last is not None
    assert (first.isoformat(), last.isoformat()) == (
        "2026-03-01T00:00:00+00:00", "2026-03-01T23:59:59.999999+00:00",
    )  # fmt: skip
    eight = ask(datetime="2026-03-01t08:00:00+08:00").span
    assert eight == ask(datetime="2026-03-01T00:00:00z").span


@pytest.mark.parametrize(
    ("f", "accept", "form"),
    [
        (None, "", "json"), (None, "*/*", "json"), (None, "application/geo+json", "json"),
        (None, "text/html,application/xhtml+xml,*/*;q=0.8", "html"), ("json", "text/html", "json"),
        ("html", "", "html"), (None, "application/json, text/html;q=0.5", "json"),
        (None, "text/html;q=0.1, application/geo+json", "json"), (None, "text/html;q=x", "json"),
        (None, "application/geo+json;q=0.2, text/html;q=0.9", "html"),
    ],
)  # fmt: skip
def test_form_by_parameter_then_by_what_the_program_accepts(
    f: str | None, accept: str, form: str
) -> None:
    assert form_of(f, accept) == form
