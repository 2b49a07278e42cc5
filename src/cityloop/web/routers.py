"""Which router stands where."""

from __future__ import annotations

from ninja import Router

from cityloop.city.accounts.api import router as accounts
from cityloop.city.audit.api import router as ledger
from cityloop.city.places.api import router as places
from cityloop.hub.overview.api import router as overview

PRIVATE: list[tuple[str, Router]] = [
    ("", accounts),
    ("/overview", overview),
    ("", places),
]
PUBLIC: list[tuple[str, Router]] = [("/ledger", ledger)]
