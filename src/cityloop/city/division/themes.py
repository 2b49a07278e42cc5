"""Layers of grids over one district (general, patrol, fire ...): each with a window of its own.

The general one are the cells of the area tree. Those of another theme stand in the registers as
elements of the kind `grid.<theme>`: with history, export, map and OGC collection like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cityloop.city.division.weights import OWN, USUAL, limits
from cityloop.city.elements.domain import Family, GeometryKind, KindSpec
from cityloop.city.profile import load_profile
from cityloop.engines.partition import HOUSEHOLDS, Window
from cityloop.kernel.errors import DomainError, NotFound

GENERAL = "general"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_GENERAL = {"key": GENERAL, "zh": "单元网格", "en": "Cells", "weight": HOUSEHOLDS,
            "lo": 300, "hi": 500}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theme:
    """A layer of grids, and the window that is usual for it."""

    key: str
    zh: str
    en: str
    window: Window

    @property
    def is_general(self) -> bool:
        """Whether its cells are those of the area tree, in which cases lie."""
        return self.key == GENERAL

    @property
    def kind(self) -> str:
        """The kind of element its cells are, unless it is the general one."""
        return f"grid.{self.key}"

    def spec(self) -> KindSpec:
        """That kind, as the registers declare it."""
        own = {
            "number": {"type": "integer", "title_zh": "序号", "title_en": "Number"},
            "buildings": {"type": "integer", "title_zh": "建筑数", "title_en": "Buildings"},
            "weight": {"type": "integer", "title_zh": "规模", "title_en": "Weight"},
            "weighs": {"type": "string", "title_zh": "规模指标", "title_en": "Weighed by"},
        }
        return KindSpec(
            self.kind, Family.PLACE, self.zh, self.en, GeometryKind.POLYGON,
            {"type": "object", "properties": own},
        )  # fmt: skip


def themes() -> dict[str, Theme]:
    """The themes of the profile ([[grids]]), the general one always among them and first.

    Raises: DomainError("division.themes") for a theme that cannot be.
    """
    given = load_profile().settings.get("grids", [])
    found = {one.key: one for one in map(_theme, [_GENERAL, *given])}
    return dict(sorted(found.items(), key=lambda pair: pair[0] != GENERAL))


def theme_of(key: str) -> Theme:
    """Raises: NotFound("division.no_theme")."""
    known = themes()
    if key not in known:
        raise NotFound(
            "division.no_theme",
            f"There is no theme of grids {key[:40]!r}; there are: {', '.join(known)}. The profile "
            "declares them ([[grids]] in profile.toml).",
            f"没有网格专题 {key[:40]!r}，现有：{'、'.join(known)}。"
            "由 profile.toml 的 [[grids]] 定义。",
            where="theme",
        )
    return known[key]


def _theme(raw: dict[str, Any]) -> Theme:
    key, weight = str(raw.get("key", "")), str(raw.get("weight", HOUSEHOLDS))
    names = str(raw.get("zh", "")), str(raw.get("en", ""))
    lo, hi = raw.get("lo"), raw.get("hi")
    whole = type(lo) is int and type(hi) is int
    weighs = weight in USUAL or weight.startswith(OWN)
    if not (_KEY.fullmatch(key) and all(names) and whole and weighs):
        allowed = f"{', '.join(USUAL)}, {OWN}<field>"
        raise DomainError(
            "division.themes",
            f"profile.toml [[grids]] {raw!r:.120}: key (lower case), zh, en, whole numbers lo and "
            f"hi, and weight as one of {allowed} are needed.",
            f"profile.toml 的 [[grids]] {raw!r:.120}：须有 key（小写）、zh、en、整数 lo 与 hi，"
            f"weight 应为 {allowed} 之一。",
            where="grids",
        )
    return Theme(key, *names, limits(USUAL.get(weight), weight, lo, hi))
