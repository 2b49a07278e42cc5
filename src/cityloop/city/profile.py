"""The profile: a city as data (profiles/<name>/), read once a process."""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from cityloop.kernel.errors import DomainError


class Profile:
    """One folder of data. Files are read when first asked for."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "profile.toml").is_file():
            raise DomainError(
                "profile.missing",
                f"There is no profile.toml in {folder}. Set CITYLOOP_PROFILE to a folder of "
                "profiles/ that has one.",
                f"{folder} 中没有 profile.toml，"
                "请将 CITYLOOP_PROFILE 设为 profiles/ 下的有效目录。",
            )
        self.folder = folder
        self.settings: dict[str, Any] = tomllib.loads((folder / "profile.toml").read_text("utf-8"))
        extended = self.settings.get("extends")
        # What a profile does not say itself is said by the one it extends.
        self._base = Profile(folder.parent / extended) if extended else None
        if self._base is not None:
            self.settings = self._base.settings | self.settings

    def path(self, name: str) -> Path:
        """A file of the profile, or of the one it extends."""
        own = self.folder / name
        return own if own.exists() or self._base is None else self._base.path(name)

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file of the profile."""
        with self.path(name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def toml(self, name: str) -> dict[str, Any]:
        """A TOML file of the profile."""
        return tomllib.loads(self.path(name).read_text("utf-8"))


@lru_cache(maxsize=4)
def load_profile(name: str | None = None) -> Profile:
    """The profile in use (settings.PROFILE), or another by its name."""
    return Profile(Path(settings.PROFILES) / (name or settings.PROFILE))
