"""The quick way to a leaf gives the bytes of the slow one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cityloop.city.audit.domain import leaf_of, public_part
from cityloop.engines.ledger.entry import canonical_bytes, row_leaf


@pytest.mark.parametrize("committed", [None, "ab" * 32])
@pytest.mark.parametrize(
    "data", [{}, {"b": 1, "a": [None, True, "城"], "z": {"k": 2**60}, "f": 0.5}]
)
def test_a_leaf_made_around_its_data_is_the_leaf_of_the_whole(
    data: dict[str, object], committed: str | None
) -> None:
    facts = {
        "event_id": 7,
        "at": datetime(2026, 3, 16, 2, 0, tzinfo=UTC),
        "kind": "case.file",
        "subject_type": "case",
        "subject_id": 9,
        "actor_kind": "person",
        "actor_id": 3,
    }
    quick = leaf_of(canonical_bytes(data), committed=committed, **facts)  # type: ignore[arg-type]
    assert quick == row_leaf(public_part(data=data, **facts), committed)  # type: ignore[arg-type]
