"""What a whole run makes once and copies: a migrated, empty database, and a small demo district.

A single run of pytest keeps the empty database for the next one with the same migrations.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
MADE = "CITYLOOP_TEST_MADE"  # the folder of it
MAKING = [sys.executable, "-m", "tests.made"]
CLI = [sys.executable, "-m", "cityloop.config.cli"]
DISTRICT = ["--size", "community", "--days", "2", "--no-simulator"]


def own_env(folder: Path) -> dict[str, str]:
    """The environment of an installation with a data folder and a SQLite database of its own."""
    left_out = {"DATABASE_URL", "CITYLOOP_DATA", "CITYLOOP_DEMO"}
    env = {k: v for k, v in os.environ.items() if k not in left_out}
    return env | {"CITYLOOP_DATA": str(folder), "PYTHONPATH": str(REPO / "src")}


def empty_database() -> Path:
    """Where the migrated database is, or belongs."""
    made = os.environ.get(MADE)
    if made:
        return Path(made, "empty.sqlite3")
    import django

    seen = hashlib.sha256(django.__version__.encode())
    for path in sorted((REPO / "src").rglob("migrations/*.py")):
        seen.update(path.read_bytes())
    return REPO / "var" / f"empty-{seen.hexdigest()[:16]}.sqlite3"


def keep(database: sqlite3.Connection, path: Path) -> None:
    """Write a database into a file that is there whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as copy:
        database.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, which can be copied as it is
    unfinished.replace(path)


def begin_empty(folder: Path) -> None:
    """A data folder with a migrated database."""
    if os.environ.get(MADE):
        shutil.copy(empty_database(), folder / "cityloop.sqlite3")
    else:
        migrate = [*CLI, "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=own_env(folder), check=True)


def begin_in_district(folder: Path) -> None:
    """The data folder of the demo; where none was made, the demo makes its own."""
    made = os.environ.get(MADE)
    if made:
        shutil.copytree(Path(made, "demo"), folder, dirs_exist_ok=True)


def main() -> None:
    folder = Path(os.environ[MADE])
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"CITYLOOP_DATA": str(folder / "demo"), "CITYLOOP_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "cityloop.config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    keep(connection.connection, empty_database())
    call_command("demo", *DISTRICT, "--only-seed")


if __name__ == "__main__":
    main()
