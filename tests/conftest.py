"""What every test may use."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CITYLOOP_SHARED") or REPO.parent / "shared")


@pytest.fixture
def now() -> datetime:
    """A Monday, 10:00 in Shanghai: within office hours, far from holidays."""
    return datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


def real_data(*parts: str) -> Path:
    """A file of real data kept beside the checkout; the test skips, visibly, without it."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"real data not here: {'/'.join(parts)} (set CITYLOOP_SHARED)")
    return path


@pytest.fixture(autouse=True)
def _fresh_caches(request: pytest.FixtureRequest) -> None:
    """Snapshots kept in the process must not outlive a test's database."""
    if "django_db" not in request.keywords and "db" not in request.fixturenames:
        return
    from cityloop.business.catalogue.queries import forget

    forget()
