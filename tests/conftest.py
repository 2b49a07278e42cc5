"""What every test may use."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world import World

REPO = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CITYLOOP_SHARED") or REPO.parent / "shared")


@pytest.fixture
def now() -> datetime:
    """A Monday, 10:00 in Shanghai: within office hours, far from holidays."""
    return datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


@pytest.fixture
def world(db: None, now: datetime) -> World:
    """The small synthetic city of tests/world.py."""
    from tests.world import laid_out

    return laid_out(now)


def real_data(*parts: str) -> Path:
    """A file of real data kept beside the checkout; the test skips, visibly, without it."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"real data not here: {'/'.join(parts)} (set CITYLOOP_SHARED)")
    return path


@pytest.fixture(autouse=True)
def _fresh_caches(request: pytest.FixtureRequest) -> None:
    """Snapshots kept in the process must not outlive a test's database."""
    databases = {"db", "transactional_db"} & set(request.fixturenames)
    if "django_db" not in request.keywords and not databases:
        return
    from cityloop.ai.triage import queries as triage
    from cityloop.business.appraisal import past
    from cityloop.business.catalogue import queries as catalogue
    from cityloop.business.dispatch import queries as dispatch
    from cityloop.hub.overview import centre
    from cityloop.hub.overview import queries as overview

    for app in (triage, catalogue, dispatch, past, overview, centre):
        app.forget()


def pytest_configure() -> None:
    """No deadlines on examples; passwords of people who do not exist need no slow hash."""
    from django.conf import settings
    from hypothesis import settings as hypothesis_settings

    # A busy machine is slow by turns; slowness belongs to benchmarks, not to tests.
    hypothesis_settings.register_profile("cityloop", deadline=None)
    hypothesis_settings.load_profile("cityloop")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
