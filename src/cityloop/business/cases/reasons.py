"""Reasons to pick from, by move: data of the profile (reasons.csv)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cityloop.business.cases.domain import MOVES
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

# Sentences for those who decide on a request stand beside those of the moves.
DECISIONS = ("extension", "suspension", "appeal")
_GAP = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Reason:
    """A template; whoever picks it fills the gaps or edits the sentence."""

    key: str
    move: str
    zh: str
    en: str
    gaps: tuple[str, ...]


def reasons_for(move: str = "") -> list[Reason]:
    """Reasons of one move or decision, or of all.

    Raises: DomainError("move.unknown", "reasons.profile").
    """
    if move and move not in MOVES and move not in DECISIONS:
        raise DomainError(
            "move.unknown",
            f"There is no move '{move[:40]}'. Moves: {', '.join(MOVES)}.",
            f"没有“{move[:40]}”这一操作。可用操作：{'、'.join(MOVES)}。",
            where="move",
        )
    return [r for r in _all() if not move or r.move == move]


@lru_cache(maxsize=1)
def _all() -> tuple[Reason, ...]:
    return tuple(_read(row) for row in load_profile().rows("reasons.csv"))


def _read(row: dict[str, str]) -> Reason:
    gaps = tuple(dict.fromkeys(_GAP.findall(row["zh"])))
    if row["move"] not in (*MOVES, *DECISIONS) or set(gaps) != set(_GAP.findall(row["en"])):
        raise DomainError(
            "reasons.profile",
            f"reasons.csv: '{row['key']}' names no move, or its gaps differ between the languages.",
            f"reasons.csv 中“{row['key']}”的环节不存在，或中英文空位不一致。",
            where=row["key"],
        )
    return Reason(row["key"], row["move"], row["zh"], row["en"], gaps)
