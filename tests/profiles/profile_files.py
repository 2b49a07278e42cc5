"""A profile folder as rows; nothing of Django is needed to check a city's data."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Files:
    """One profile, read from its folder."""

    folder: Path

    def path(self, name: str) -> Path:
        """A file of the profile, or of the one it extends."""
        own = self.folder / name
        if own.exists():
            return own
        told = tomllib.loads((self.folder / "profile.toml").read_text("utf-8"))
        return Files(self.folder.parent / told["extends"]).path(name)

    def rows(self, name: str) -> list[dict[str, str]]:
        with self.path(name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True, restkey="too many", restval="too few"))

    def toml(self, name: str) -> dict[str, Any]:
        told = tomllib.loads(self.path(name).read_text("utf-8"))
        if name != "profile.toml" or "extends" not in told:
            return told
        return Files(self.folder.parent / told["extends"]).toml(name) | told

    def class_keys(self) -> list[str]:
        return [class_key(row) for row in self.rows("classes.csv")]

    def departments(self) -> set[str]:
        return {row["key"] for row in self.rows("departments.csv")}


def class_key(row: dict[str, str]) -> str:
    """C0101 or E0101."""
    return {"component": "C", "event": "E"}[row["kind"]] + row["code"]
