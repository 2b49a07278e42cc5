"""The area tree in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cityloop.city.places.domain.levels import AreaInfo, AreaPath, Level
from cityloop.kernel.errors import NotFound

_FIELD = {level: f"{level.value}_id" for level in Level}


class AreaTree:
    """All areas by id; replaced ones keep their place so that old cases keep their path.

    Args:
        areas: every area, current or not, in any order; parents among them.
        version: what the tree was read at.
    """

    def __init__(self, areas: Iterable[AreaInfo], version: int = 0) -> None:
        self.version = version
        self._by_id = {area.id: area for area in areas}
        self._by_code = {a.code: a for a in self._by_id.values() if a.current}
        self._children: dict[int | None, list[AreaInfo]] = {}
        for area in sorted(self._by_id.values(), key=lambda a: (a.code, a.id)):
            self._children.setdefault(area.parent_id, []).append(area)
        self._paths: dict[int, AreaPath] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def roots(self) -> list[AreaInfo]:
        """Current areas without a parent."""
        return self.children(None)

    def find(self, area_id: int | None) -> AreaInfo | None:
        """The area of this id, or None."""
        return None if area_id is None else self._by_id.get(area_id)

    def get(self, area_id: int) -> AreaInfo:
        """The area of this id. Raises: NotFound("place.unknown")."""
        area = self._by_id.get(area_id)
        if area is None:
            raise NotFound("place.unknown", f"There is no area {area_id}.", f"没有区域 {area_id}。")
        return area

    def find_code(self, code: str) -> AreaInfo | None:
        """The current area of this code, or None."""
        return self._by_code.get(code)

    def by_code(self, code: str) -> AreaInfo:
        """The current area of this code. Raises: NotFound("place.unknown_code")."""
        area = self._by_code.get(code)
        if area is None:
            raise NotFound(
                "place.unknown_code",
                f"There is no area with the code {code!r} now.",
                f"当前没有编码为 {code!r} 的区域。",
                where="area_code",
            )
        return area

    def path(self, area_id: int) -> AreaPath:
        """City ... cell of an area. Raises: NotFound("place.unknown")."""
        known = self._paths.get(area_id)
        if known is None:
            known = self._paths[area_id] = AreaPath(
                **{_FIELD[area.level]: area.id for area in self.chain(area_id)}
            )
        return known

    def chain(self, area_id: int) -> list[AreaInfo]:
        """The area and those above it, highest first."""
        chain = [self.get(area_id)]
        while chain[-1].parent_id is not None:
            chain.append(self.get(chain[-1].parent_id))
        return chain[::-1]

    @property
    def fallback(self) -> AreaPath:
        """The path of a matter whose place is not known: as far down as there is no choice,
        and never below the subdistrict."""
        path, below = AreaPath(), self.roots
        while len(below) == 1 and below[0].level not in {Level.COMMUNITY, Level.CELL}:
            path = self.path(below[0].id)
            below = self.children(below[0].id)
        return path

    def children(self, area_id: int | None) -> list[AreaInfo]:
        """Current areas directly below, by code."""
        return [a for a in self._children.get(area_id, []) if a.current]

    def subtree(self, area_id: int) -> list[int]:
        """The area and everything below it, replaced areas included, as ids."""
        found = [self.get(area_id).id]
        for known in found:  # grows while it is walked: breadth first
            found += [child.id for child in self._children.get(known, [])]
        return found

    def below(self, area_id: int | None, level: Level) -> list[AreaInfo]:
        """Current areas of a level at or below an area (None = everywhere), by code."""
        if area_id is None:
            chosen: Iterable[AreaInfo] = self._by_id.values()
        else:
            chosen = (self._by_id[i] for i in self.subtree(area_id))
        return sorted((a for a in chosen if a.current and a.level == level), key=lambda a: a.code)

    def __iter__(self) -> Iterator[AreaInfo]:
        return iter(self._by_id.values())
