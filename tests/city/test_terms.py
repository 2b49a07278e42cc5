"""An index of terms: entered, found, changed, taken out."""

from __future__ import annotations

import pytest
from django.db import connection

from cityloop.city.gazetteer.models.terms import TERMS

pytestmark = pytest.mark.django_db


def carrying(*groups: tuple[int, ...], most: int = 10) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(*TERMS.carrying(groups, most=most))
        return [row[0] for row in cursor.fetchall()]


def test_rows_are_found_by_all_terms_of_one_group_until_they_go() -> None:
    TERMS.write([(1, [5, -7]), (2, [5, 9]), (3, [-7, 9])])
    assert carrying((5,)) == [1, 2]
    assert carrying((5, -7), (9,)) == [1, 2, 3]
    assert carrying((5, -7), (9,), most=2) == [1, 2]
    TERMS.replace(2, [5, 9], [11])
    assert carrying((5,)) == [1]
    assert carrying((11,)) == [2]
    TERMS.remove([(1, [5, -7])])
    assert carrying((5,), (-7,)) == [3]
    TERMS.clear()
    assert carrying((9,), (11,)) == []


@pytest.mark.parametrize("groups", [[], [()], [(1,), ()]])
def test_a_search_without_terms_is_refused(groups: list[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="at least one term"):
        TERMS.carrying(groups, most=1)
