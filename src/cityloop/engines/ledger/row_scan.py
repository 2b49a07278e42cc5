"""One streaming pass of rows beside the leaves of the log.

Clean tiles (nearly all) cost one comparison of bytes. Where a tile differs, every row of it gets a
home: the entry whose content it holds, looked for in the neighbouring tiles at once, so that rows
renumbered after an insertion or a removal shrink to one run however many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from cityloop.kernel.errors import DomainError

from .intervals import Interval
from .store import WIDTH, TileStore, hashes_of
from .tile_check import leaf_tile

Row = tuple[int, bytes]  # entry number as stored, leaf hash recomputed from the row


@dataclass
class Run:
    """Rows first..last hold the entries first + offset..last + offset."""

    first: int
    last: int
    offset: int
    surplus: bool


@dataclass
class RowScan:
    """What differs so far. `surplus` rows have a number that another row has, or none of the log.

    Args:
        limit: rows with content of unknown origin that are kept to be named.
    """

    store: TileStore
    size: int
    limit: int = 100_000
    rows: int = 0
    wrong: list[Interval] = field(default_factory=list)
    missing: list[Interval] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    strangers: list[tuple[int, bytes, bool]] = field(default_factory=list)
    beyond_limit: list[int] = field(default_factory=lambda: [0, -1, -1])  # count, first, last

    def tile(self, index: int, group: list[Row]) -> None:
        """Take in the rows of one tile that is not clean."""
        leaves = hashes_of(leaf_tile(self.store, index, self.size))
        near = self._near(index)
        rows: dict[int, list[bytes]] = {}
        for number, leaf in group:
            rows.setdefault(number, []).append(leaf)
        for number, leaf in enumerate(leaves, index * WIDTH):
            held = rows.pop(number, [])
            if leaf in held:
                held.remove(leaf)
            elif held:
                _extend(self.wrong, number)
                self._place(number, held.pop(0), near, surplus=False)
            else:
                _extend(self.missing, number)
            for other in held:
                self._place(number, other, near, surplus=True)
        for number, others in rows.items():
            if not 0 <= number < self.size:  # else its leaf is lost: the tile check names that
                for other in others:
                    self._place(number, other, near, surplus=True)

    def skip(self, low: int, high: int) -> None:
        """No row at all for these entries."""
        if low < high:
            self.missing.append((low, high))

    def find_strangers(self) -> None:
        """Look for the homes that were not near: one more pass, only when there are any."""
        wanted = {leaf: -1 for _, leaf, _ in self.strangers}
        for index in range(-(-self.size // WIDTH) if wanted else 0):
            tile = hashes_of(leaf_tile(self.store, index, self.size))
            for at, leaf in enumerate(tile):
                if wanted.get(leaf) == -1:
                    wanted[leaf] = index * WIDTH + at
        left = []
        for number, leaf, surplus in self.strangers:
            if wanted[leaf] < 0:
                left.append((number, leaf, surplus))
            else:
                self._run(number, wanted[leaf], surplus=surplus)
        self.strangers = left

    def _near(self, index: int) -> dict[bytes, int]:
        last = max(0, (self.size - 1) // WIDTH)
        tiles = {min(max(i, 0), last) for i in (index - 1, index, index + 1)}
        return {
            leaf: tile * WIDTH + at
            for tile in sorted(tiles, reverse=True)
            for at, leaf in enumerate(hashes_of(leaf_tile(self.store, tile, self.size)))
        }

    def _place(self, number: int, leaf: bytes, near: dict[bytes, int], *, surplus: bool) -> None:
        home = near.get(leaf)
        if home is not None:
            self._run(number, home, surplus=surplus)
        elif len(self.strangers) < self.limit:
            self.strangers.append((number, leaf, surplus))
        else:
            count, first, _ = self.beyond_limit
            self.beyond_limit = [count + 1, number if count == 0 else first, number]

    def _run(self, number: int, home: int, *, surplus: bool) -> None:
        run = self.runs[-1] if self.runs else None
        follows = run and run.surplus == surplus and number - run.last == 1
        if run and follows and home - number == run.offset:
            run.last = number
        else:
            self.runs.append(Run(number, number, home - number, surplus))


def tiles_of_rows(rows: Iterable[Row]) -> Iterator[tuple[int, list[Row]]]:
    """Rows tile by tile. Raises: DomainError("ledger.rows_unsorted")."""
    last = None
    for index, group in groupby(rows, key=lambda row: row[0] // WIDTH):
        taken = list(group)
        numbers = [number for number, _ in taken]
        if (last is not None and numbers[0] < last) or numbers != sorted(numbers):
            raise DomainError(
                "ledger.rows_unsorted",
                f"The rows around entry {numbers[0]} are not in the order of their entry number; "
                "read them with ORDER BY that number.",
                f"第 {numbers[0]} 条附近的记录未按条目编号排序，请按编号升序读取。",
                where=f"rows[{numbers[0]}]",
            )
        last = numbers[-1]
        yield index, taken


def _extend(intervals: list[Interval], number: int) -> None:
    if intervals and intervals[-1][1] == number:
        intervals[-1] = (intervals[-1][0], number + 1)
    else:
        intervals.append((number, number + 1))
