"""Counts as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from cityloop.city.elements.domain.counts import Count, read_count


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (12, Count(12)), (12.0, Count(12)), (-3, Count(-3)), ("12", Count(12)),
        (" 12.0 ", Count(12)),
        ("1,200", Count(1200)), ("３００户", Count(300)), ("300 households", Count(300)),
        ("-5", Count(-5)), (12.4, Count(12, exact=False)), ("12.5", Count(13, exact=False)),
        ("约300", Count(300, exact=False)), ("300余户", Count(300, exact=False)),
        ("约 300 户左右", Count(300, exact=False)), ("～300", Count(300, exact=False)),
        (None, None), ("", None), ("-", None), ("无", None), (float("nan"), None), ("不详", None),
        ("300-350", Count(None)), ("三百", Count(None)), (True, Count(None)), ("1,2", Count(None)),
        (float("inf"), Count(None)), ("12a", Count(None)),
    ],
)  # fmt: skip
def test_what_a_value_says_of_a_number(value: Any, found: Count | None) -> None:
    assert read_count(value) == found
