"""Codes of areas by template: how many digits each level has, and whose prefix is the parent's.

China: district 6, + 3 subdistrict, + 3 community, + 2 or 3 cell; systems differ, so the template
is data of the profile ([[areas.level]] in profile.toml).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cityloop.city.places.domain.levels import LEVEL_NAMES, LEVELS, Level
from cityloop.kernel.errors import DomainError

_NATIONAL: dict[Level, tuple[int, ...]] = {
    Level.CITY: (4, 6),
    Level.DISTRICT: (6,),
    Level.SUBDISTRICT: (9,),
    Level.COMMUNITY: (12,),
    Level.CELL: (14, 15),
}


@dataclass(frozen=True, slots=True)
class CodeTemplate:
    """Allowed lengths of the code of each level; `pattern` is what a code is made of."""

    lengths: Mapping[Level, tuple[int, ...]] = field(default_factory=lambda: dict(_NATIONAL))
    pattern: str = r"[0-9]+"

    @classmethod
    def of(cls, areas: Mapping[str, Any]) -> CodeTemplate:
        """From [areas] of a profile: each level adds `digits` (one number or several) to `under`.

        A level the profile does not name keeps the national template.
        """
        lengths = dict(_NATIONAL)
        for row in areas.get("level", ()):
            under = row.get("under")
            stems = lengths[Level(under)] if under else (0,)
            added = _listed(row["digits"])
            lengths[Level(row["key"])] = tuple(sorted({s + d for s in stems for d in added}))
        return cls(lengths, str(areas.get("pattern", cls().pattern)))

    def check(self, level: Level, code: str) -> str:
        """The code, if it fits. Raises: DomainError("place.code")."""
        allowed = self.lengths[level]
        if len(code) in allowed and re.fullmatch(self.pattern, code):
            return code
        shown = " or ".join(map(str, allowed))
        zh = LEVEL_NAMES[level][0]
        raise DomainError(
            "place.code",
            f"{code!r} is no code of a {level.value}: {shown} characters of {self.pattern}, "
            f"this has {len(code)}. The template is [[areas.level]] of the profile.",
            f"{code!r} 不是{zh}级编码：应为 {'或'.join(map(str, allowed))} 位（{self.pattern}），"
            f"此编码 {len(code)} 位。模板见配置 [[areas.level]]。",
            where="code",
            details={"value": code, "allowed": list(allowed)},
        )

    def digits_under(self, level: Level, above: str) -> int:
        """Digits that an area of this level adds to the code of the one above it: the most the
        template allows, 3 where it has no longer code."""
        return max((n - len(above) for n in self.lengths[level] if n > len(above)), default=3)

    def parent_stems(self, level: Level, code: str) -> list[tuple[Level, str]]:
        """What the code of the parent can be, nearest level first.

        A city is written 1101 or 110100, so its district 110105 asks for both.
        """
        stems = []
        for upper in reversed(LEVELS[: LEVELS.index(level)]):
            shortest = min(self.lengths[upper])
            for length in sorted(self.lengths[upper], reverse=True):
                if length < len(code):
                    stems.append((upper, code[:length]))
                if length > shortest and len(code) > shortest:
                    stems.append((upper, code[:shortest].ljust(length, "0")))
        return stems


def _listed(value: Any) -> list[int]:
    return [int(v) for v in (value if isinstance(value, list | tuple) else [value])]
