"""One file of many tiles: read back whole, by another reader too, and refused when it is none."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.tiles import Address, open_archive, tile_number, write_archive
from cityloop.engines.tiles.wire import numbers_of, varints
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

BOX = Bounds(116.9, 39.1, 117.0, 39.2)


def written(path: Path, tiles: list[tuple[int, bytes]], zooms: tuple[int, int] = (8, 15)) -> Path:
    write_archive(path, tiles, zooms=zooms, bounds=BOX, metadata={"name": "城", "made": 1})
    return path


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=50))
def test_numbers_come_back(values: list[int]) -> None:
    flat, sizes = varints(np.array(values, np.int64))
    assert numbers_of(flat.tobytes()).tolist() == values
    assert sizes.sum() == len(flat)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 16), st.data())
def test_tiles_are_numbered_as_the_format_says(zoom: int, data: st.DataObject) -> None:
    peer = pytest.importorskip("pmtiles.tile", reason="extra geo is not installed")
    x, y = (data.draw(st.integers(0, 2**zoom - 1)) for _ in "xy")
    assert tile_number(Address(zoom, x, y)) == peer.zxy_to_tileid(zoom, x, y)


@pytest.mark.parametrize("count", [1, 700, 9_000])
def test_what_was_written_is_read_by_us_and_by_another_reader(tmp_path: Path, count: int) -> None:
    """9,000 tiles, every second one missing, need directories below the root."""
    held = [Address(14, 8000 + k % 100, 3000 + k // 100) for k in range(0, 2 * count, 2)]
    tiles = {tile_number(a): f"tile {a.x} {a.y}".encode() for a in held}
    path = written(tmp_path / "a.pmtiles", sorted(tiles.items()))
    found = open_archive(path)
    assert (found.zooms, found.metadata["name"]) == ((8, 15), "城")
    assert found.bounds.as_tuple() == pytest.approx(BOX.as_tuple())
    assert dict(found) == tiles
    assert all(found.tile(a) == tiles[tile_number(a)] for a in held[::97])
    assert found.tile(Address(14, 8001, 3000)) == found.tile(Address(3, 0, 0)) == b""
    peer = pytest.importorskip("pmtiles.reader", reason="extra geo is not installed")
    with path.open("rb") as file:
        reader = peer.Reader(peer.MmapSource(file))
        assert reader.metadata() == found.metadata
        assert all(reader.get(a.z, a.x, a.y) == tiles[tile_number(a)] for a in held[::97])


def test_tiles_out_of_order_are_refused_and_leave_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tile 4 comes after tile 5"):
        written(tmp_path / "a.pmtiles", [(5, b"x"), (4, b"y")])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_or_is_cut_off_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.pmtiles", [(k, b"x" * 99) for k in range(50)]).read_bytes()
    broken = {"empty": b"", "other": gzip.compress(b"x" * 500), "header": whole[:200],
              "version": whole[:7] + b"\2" + whole[8:]}  # fmt: skip
    for name, body in broken.items():
        (tmp_path / name).write_bytes(body)
        with pytest.raises(DomainError, match=r"tiles\.damaged"):
            open_archive(tmp_path / name)
    (tmp_path / "body").write_bytes(whole[:-10])
    with pytest.raises(DomainError, match=r"tiles\.damaged"):
        list(open_archive(tmp_path / "body"))
