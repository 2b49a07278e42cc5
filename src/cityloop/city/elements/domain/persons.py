"""What a city declares before it may keep any person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityloop.kernel.errors import DomainError

FIELDS = ("name", "phone", "address", "note")


@dataclass(frozen=True, slots=True)
class PersonRules:
    """Whether cards are kept at all, how long, and for what (key -> zh, en)."""

    enabled: bool
    days: int
    purposes: Mapping[str, tuple[str, str]]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> PersonRules:
        """From the [persons] table of a profile; absent = switched off."""
        purposes = {p["key"]: (p["zh"], p["en"]) for p in raw.get("purpose", ())}
        return cls(bool(raw.get("enabled", False)), int(raw.get("days", 365)), purposes)

    def check_purpose(self, purpose: str) -> None:
        """Raises: DomainError("persons.purpose") for one that is not declared."""
        if purpose in self.purposes:
            return
        en = ", ".join(f"{k} ({en})" for k, (_, en) in self.purposes.items()) or "none"
        zh = "、".join(f"{k}（{zh}）" for k, (zh, _) in self.purposes.items()) or "无"
        raise DomainError(
            "persons.purpose",
            f"{purpose!r:.40} is not declared; the profile allows: {en}.",
            f"用途 {purpose!r:.40} 未申明；方案允许：{zh}。",
            where="purpose",
        )
