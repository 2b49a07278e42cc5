"""What every test may use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.made import empty_database, keep

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


# Minutes rather than seconds: begun first, so that no worker waits for another at the end.
LONG = (
    "business/intake/test_real_files.py",
    "web/test_fuzz.py",
    "business/cases/test_state_machine.py",
    "hub/demo/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--again`: a second database's turn."""
    told = "leave out what the first database has decided: tests without one, and those marked once"
    parser.addoption("--again", action="store_true", help=told)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first; on a second database only what asks it."""
    if config.getoption("again"):
        left_out = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _asks_a_database(item)]
    if config.getoption("loadscopereorder", True):  # only where files are given out one by one
        return
    places = [str(REPO / "tests" / name) for name in LONG]
    order = {name: n for n, name in enumerate(places)}

    def rank(item: pytest.Item) -> int:
        return next((n for name, n in order.items() if str(item.path).startswith(name)), len(order))

    items.sort(key=rank)


def _asks_a_database(item: pytest.Item) -> bool:
    """Whether a test touches the database, by its mark or one of its fixtures."""
    if item.get_closest_marker("once"):
        return False
    asked = {"db", "transactional_db", "django_db_setup"}
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(asked & set(getattr(item, "fixturenames", ())))


_held: list[sqlite3.Connection] = []  # what is in memory lives as long as its connection


def _copy_the_empty_database() -> None:
    """Test databases in memory begin as copies of the migrated one; the first one is kept."""
    from django.db.backends.sqlite3.creation import DatabaseCreation

    path = empty_database()
    begin, create = DatabaseCreation._create_test_db, DatabaseCreation.create_test_db

    def begun(self: Any, *given: Any, **more: Any) -> Any:
        name = begin(self, *given, **more)
        if path.exists():
            held = sqlite3.connect(name, uri=True, isolation_level=None)
            _held.append(held)
            with closing(sqlite3.connect(path)) as source:
                source.backup(held)
            _open_the_trace(held)
        return name

    def created(self: Any, *given: Any, **more: Any) -> Any:
        name = create(self, *given, **more)
        if not path.exists():
            keep(self.connection.connection, path)
        return name

    DatabaseCreation._create_test_db, DatabaseCreation.create_test_db = begun, created


def _open_the_trace(database: sqlite3.Connection) -> None:
    """No test database guards the trace: it is emptied between tests (audit/guards.py)."""
    triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        if name.startswith("audit_"):
            database.execute(f'DROP TRIGGER "{name}"')


def pytest_configure() -> None:
    """No deadlines on examples; passwords of people who do not exist need no slow hash."""
    from django.conf import settings
    from hypothesis import settings as hypothesis_settings

    # A busy machine is slow by turns; slowness belongs to benchmarks, not to tests.
    hypothesis_settings.register_profile("cityloop", deadline=None)
    hypothesis_settings.load_profile("cityloop")
    _copy_the_empty_database()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
