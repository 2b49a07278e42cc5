"""Where CityLoop keeps what it writes: one folder, set by CITYLOOP_DATA."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cityloop.engines.sealing.secret_file import open_secret

REPO = Path(__file__).resolve().parents[3]


def data_folder() -> Path:
    """The folder of database, media, keys; made on first use, readable by its owner alone."""
    folder = Path(os.environ.get("CITYLOOP_DATA") or REPO / "var").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def profiles_folder() -> Path:
    """Folder of the profiles: CITYLOOP_PROFILES, or the checkout's."""
    given = os.environ.get("CITYLOOP_PROFILES")
    return Path(given) if given else REPO / "profiles"


def front_folder() -> Path:
    """Folder of the built front end: CITYLOOP_FRONT, or the checkout's build."""
    given = os.environ.get("CITYLOOP_FRONT")
    return Path(given).resolve() if given else REPO / "frontend" / "dist"


def docs_folder() -> Path:
    """Folder of the documents: CITYLOOP_DOCS, or the checkout's; the guides are served from it."""
    given = os.environ.get("CITYLOOP_DOCS")
    return Path(given).resolve() if given else REPO / "docs"


def secret(name: str, *, length: int = 50) -> str:
    """A secret from the environment, else from a file made on first run (mode 0600)."""
    given = os.environ.get(f"CITYLOOP_{name.upper()}")
    if given:
        return given
    made = open_secret(data_folder() / f"{name}.secret", lambda: secrets.token_urlsafe(length))
    return made.strip()
