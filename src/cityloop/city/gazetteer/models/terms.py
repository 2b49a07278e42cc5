"""Which name carries which terms."""

from __future__ import annotations

from cityloop.city.gazetteer.models.rows import Named
from cityloop.city.terms import TermIndex

TERMS = TermIndex("gazetteer_terms", "named_id")


def empty_with_its_table(**_: object) -> None:
    """After the tables were emptied as a whole: the index is no table that Django would empty."""
    if TERMS.exists() and not Named.objects.exists():
        TERMS.clear()
