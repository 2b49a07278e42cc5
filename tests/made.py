"""What a whole run makes once and copies: a migrated, empty database, and a small demo district.

A single test run has nothing of it and makes what it needs by itself.
"""

from __future__ import annotations

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


def empty_database() -> Path | None:
    """The migrated database, where one was made."""
    made = os.environ.get(MADE)
    return Path(made, "empty.sqlite3") if made else None


def begin_empty(folder: Path) -> None:
    """A data folder with a migrated database."""
    made = empty_database()
    if made:
        shutil.copy(made, folder / "cityloop.sqlite3")
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
    with closing(sqlite3.connect(folder / "empty.sqlite3")) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # a copy in memory can keep no other file
    call_command("demo", *DISTRICT, "--only-seed")


if __name__ == "__main__":
    main()
