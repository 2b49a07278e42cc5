"""Tiles of the Merkle log, kept in the database beside the events."""

from __future__ import annotations

from cityloop.city.audit.models import Tile as TileRow
from cityloop.engines.ledger.store import Tile


class TableTiles:
    """A TileStore; `write` joins the transaction it is called in."""

    def read(self, level: int, index: int) -> bytes | None:
        """The joined hashes of a tile, None when it was never written."""
        found = TileRow.objects.filter(level=level, index=index).values_list("hashes", flat=True)
        hashes = found.first()
        return None if hashes is None else bytes(hashes)

    def write(self, tiles: list[Tile]) -> None:
        """Put these tiles in the place of what was there."""
        TileRow.objects.bulk_create(
            [TileRow(level=level, index=index, hashes=data) for level, index, data in tiles],
            update_conflicts=True,
            unique_fields=["level", "index"],
            update_fields=["hashes"],
        )
