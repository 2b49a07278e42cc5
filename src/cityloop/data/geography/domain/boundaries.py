"""Boundaries without codes: who lies in whom, and which code each gets by the city's template.

A map of boundaries (OpenStreetMap) knows names and levels, seldom codes. The district has its
national code from whoever imports; what lies in it is found by its shape. An area that is
registered by the same name under the same parent keeps its code; a new one gets the next number,
west to east, north to south.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.places.domain import LEVEL_NAMES, LEVELS, CodeTemplate, Level
from cityloop.engines.partition.numbering import number_cells
from cityloop.kernel.errors import DomainError

_NUMBERED = (Level.SUBDISTRICT, Level.COMMUNITY)  # above, codes are national
_WITHIN = 0.9  # share of an area that lies in its parent: borders drawn twice differ a little


@dataclass(slots=True)
class Boundary:
    """An area of a file; the shape in WGS84. `made`: its code is new, by the template."""

    level: Level
    code: str
    name: str
    shape: BaseGeometry
    parent: str = ""
    made: bool = False
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """An area that the city has, or had. `shape`: None where it has none."""

    level: Level
    code: str
    name: str
    parent: str
    current: bool
    shape: BaseGeometry | None


def number_boundaries(
    given: Sequence[Boundary],
    registered: Iterable[Registered],
    template: CodeTemplate,
    named: Mapping[str, str],
) -> None:
    """Give every boundary its parent and its code, or the reason why it has none.

    Args:
        given: of any level above the cell; changed in place.
        registered: the city's areas; codes of those that ended are never given again.
        named: codes by name, as whoever brings the file says them.
    """
    old = list(registered)
    holders = [Boundary(a.level, a.code, a.name, a.shape, a.parent)
               for a in old if a.current and a.shape is not None]  # fmt: skip
    for level in LEVELS[:-1]:
        own = [b for b in given if b.level is level and b.error is None]
        for one in own:
            one.error = _placed(one, holders)
        placed = [b for b in own if b.error is None]
        for one in placed:
            _known_code(one, old, template, named)
        _numbered([b for b in placed if not b.code and b.error is None], placed, old, template)
        _refuse_twice(placed)
        fresh = [b for b in placed if b.error is None]
        # What the file says of an area counts before what is registered.
        known = {b.code for b in fresh}
        holders = [h for h in holders if h.code not in known] + fresh


def _placed(one: Boundary, holders: Sequence[Boundary]) -> DomainError | None:
    """Find the parent: the lowest, smallest area above that holds a point of it."""
    above = LEVELS[: LEVELS.index(one.level)]
    point = shapely.point_on_surface(one.shape)
    around = [h for h in holders if h.level in above and shapely.intersects_xy(
        h.shape, point.x, point.y)]  # fmt: skip
    if not around:
        return None if one.level not in _NUMBERED else _no_parent(one)
    best = max(around, key=lambda h: (LEVELS.index(h.level), -h.shape.area))
    if one.level in _NUMBERED and best.level is not above[-1]:
        return _no_parent(one)
    share = shapely.intersection(one.shape, best.shape).area / one.shape.area
    if share < _WITHIN:
        return _crosses(one, best, share)
    one.parent = best.code
    return None


def _known_code(
    one: Boundary, old: Sequence[Registered], template: CodeTemplate, named: Mapping[str, str]
) -> None:
    """The code the file gives, whoever brings it gives, or the register has for it."""
    if not one.code:
        same = [a.code for a in old if a.current and a.level is one.level and a.name == one.name
                and (a.parent == one.parent or not a.parent or not one.parent)]  # fmt: skip
        one.code = named.get(one.name, "") or (same[0] if len(same) == 1 else "")
    if not one.code:
        one.error = None if one.level in _NUMBERED else _no_code(one)
        return
    try:
        template.check(one.level, one.code)
    except DomainError as error:
        one.error = error


def _numbered(
    new: Sequence[Boundary],
    level: Sequence[Boundary],
    old: Sequence[Registered],
    template: CodeTemplate,
) -> None:
    by_parent: dict[str, list[Boundary]] = {}
    for one in new:
        by_parent.setdefault(one.parent, []).append(one)
    for parent, some in by_parent.items():
        digits = template.digits_under(some[0].level, parent)
        used = {a.code for a in old} | {b.code for b in level if b.code}
        taken = [int(c[len(parent):]) for c in used if c.startswith(parent)
                 and len(c) == len(parent) + digits and c[len(parent):].isdigit()]  # fmt: skip
        numbers = number_cells([b.shape for b in some], [None] * len(some), taken)
        for one, number in zip(some, numbers, strict=True):
            one.code, one.made = f"{parent}{number:0{digits}d}", True
            try:
                template.check(one.level, one.code)
            except DomainError as error:
                one.error = error


def _refuse_twice(level: Sequence[Boundary]) -> None:
    seen: dict[str, Boundary] = {}
    for one in level:
        first = seen.setdefault(one.code, one)
        if first is not one and one.error is None:
            one.error = DomainError(
                "geography.twice",
                f"{one.name} has the code {one.code} of {first.name}, which stands in the file "
                "before it.",
                f"{one.name} 的编码 {one.code} 与文件中在前的 {first.name} 重复。",
                where="code",
            )


def _no_parent(one: Boundary) -> DomainError:
    need = LEVELS[LEVELS.index(one.level) - 1]
    zh, en = LEVEL_NAMES[need]
    return DomainError(
        "geography.no_parent",
        f"{one.name}: no {en.lower()} holds it, neither in the file (it may have been refused) nor "
        "registered. Bring in the level above first.",
        f"{one.name}：文件中（可能已被拒收）与已登记区域中均没有包含它的{zh}级区域，请先导入上级。",
        where="geometry",
    )


def _crosses(one: Boundary, other: Boundary, share: float) -> DomainError:
    return DomainError(
        "geography.crosses",
        f"{one.name} lies with {share:.0%} of its area in {other.name} ({other.code}) and with the "
        "rest outside: borders cross. Correct one of them.",
        f"{one.name} 仅有 {share:.0%} 的面积位于 {other.name}（{other.code}）内，边界相互交叉，"
        "请更正其一。",
        where="geometry",
    )


def _no_code(one: Boundary) -> DomainError:
    zh, en = LEVEL_NAMES[one.level]
    return DomainError(
        "geography.no_area_code",
        f"{one.name}: a {en.lower()} needs its official code; neither the file nor the register "
        f"has it. If it is yours, give it under codes of areas (--area-code): {one.name}=CODE.",
        f"{one.name}：{zh}级区域须有官方编码，文件与登记中均无。若属本市，请在“区域编码”"
        f"（--area-code）中给出：{one.name}=编码。",
        where="code",
    )
