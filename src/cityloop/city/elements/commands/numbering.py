"""Which code a row has: its own, the known one of its source's key, or a new one.

A new component gets sixteen digits: six of the district, four of its class, six in order
(GB/T 30428.2). Other kinds are numbered by their source and its key.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cityloop.city.elements.domain import ElementRow
from cityloop.city.elements.models import Element, Kind
from cityloop.city.places import queries as places
from cityloop.kernel.errors import DomainError

_NOWHERE = "000000"  # of a component that stands in no district
_MOST = 999_999


class Numbering:
    """Codes for the rows of one file."""

    def __init__(self, kind: Kind, source: str) -> None:
        self.kind = kind
        self.source = source
        self._by_key: dict[str, str] | None = None
        self._last: dict[str, int] = {}

    def codes(self, rows: Sequence[ElementRow], cells: np.ndarray) -> list[str]:
        """The code of every row. Raises: DomainError("element.numbers_used_up")."""
        if all(row.code for row in rows):
            return [row.code for row in rows]
        pairs = zip(rows, cells.tolist(), strict=True)
        return [row.code or self._code(row, cell) for row, cell in pairs]

    def _code(self, row: ElementRow, cell: int) -> str:
        known = self._known()
        code = known.get(row.source_key)
        if code is None:
            code = known[row.source_key] = self._new(row, cell)
        return code

    def _known(self) -> dict[str, str]:
        if self._by_key is None:
            own = Element.objects.filter(
                kind=self.kind, source=self.source, valid_to__isnull=True
            ).exclude(source_key="")
            self._by_key = dict(own.values_list("source_key", "code"))
        return self._by_key

    def _new(self, row: ElementRow, cell: int) -> str:
        if not self.kind.component_code:
            return f"{self.source}-{row.source_key}"[:80]
        return self.next_number(cell)

    def next_number(self, cell: int) -> str:
        """The next free number of a component in the district of this cell."""
        prefix = _district(cell) + self.kind.component_code
        last = self._last.get(prefix)
        if last is None:
            last = self._highest(prefix)
        if last >= _MOST:
            raise DomainError(
                "element.numbers_used_up",
                f"All numbers {prefix}000001 to {prefix}999999 are used. Give the rows codes of "
                "their own.",
                f"编码 {prefix}000001 至 {prefix}999999 已用完，请自行填写编码。",
                where="code",
            )
        self._last[prefix] = last + 1
        return f"{prefix}{last + 1:06d}"

    def _highest(self, prefix: str) -> int:
        own = Element.objects.filter(
            kind=self.kind, code__gte=prefix, code__lt=prefix + ":"
        )  # ":" follows "9"
        codes = own.order_by("-code").values_list("code", flat=True)[:50]
        numbers = (c[len(prefix) :] for c in codes)
        return max((int(n) for n in numbers if len(n) == 6 and n.isdigit()), default=0)


def _district(cell: int) -> str:
    if cell < 0:
        return _NOWHERE
    tree = places.tree()
    district = tree.find(tree.path(cell).district_id)
    code = district.code if district else _NOWHERE
    return code[:6] if code[:6].isdigit() and len(code) >= 6 else _NOWHERE
