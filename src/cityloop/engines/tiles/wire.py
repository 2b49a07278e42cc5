"""The bytes of Protocol Buffers that a vector tile is written in."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Value = str | bool | int | float


def varint(n: int) -> bytes:
    """A whole number >= 0, seven bits a byte, lowest first.

    Example: >>> varint(300).hex()
        'ac02'
    """
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number: int, body: bytes) -> bytes:
    """A field of bytes with its length before it."""
    return varint(number << 3 | 2) + varint(len(body)) + body


def zigzag(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Small numbers of either sign as small numbers >= 0: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return np.asarray((values << 1) ^ (values >> 63), np.int64)


def varints(values: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Many numbers 0..2**63-1 at once.

    Returns: the bytes one after the other, and how many bytes each number took, shape (n,).
    """
    given = values.astype(np.uint64)
    most = int(given.max()) if len(given) else 0
    width = max(1, -(-most.bit_length() // 7))
    length = np.ones(len(given), np.int64)
    for k in range(1, width):
        length += given >= np.uint64(1 << 7 * k)
    table = np.empty((len(given), width), np.uint8)
    for k in range(width):
        more = np.where(length > k + 1, 128, 0).astype(np.uint8)
        table[:, k] = (given >> np.uint64(7 * k)).astype(np.uint8) & 127 | more
    return table[np.arange(width)[None, :] < length[:, None]], length


@dataclass(frozen=True, slots=True)
class Ragged:
    """Pieces of bytes one after the other: `flat` cut at `sizes`, shape (n,)."""

    flat: NDArray[np.uint8]
    sizes: NDArray[np.int64]

    @staticmethod
    def of(pieces: list[bytes]) -> Ragged:
        """Pieces as they are."""
        sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
        return Ragged(np.frombuffer(b"".join(pieces), np.uint8), sizes)

    @staticmethod
    def same(piece: bytes, count: int) -> Ragged:
        """One piece so many times."""
        return Ragged(
            np.tile(np.frombuffer(piece, np.uint8), count), np.full(count, len(piece), np.int64)
        )

    @staticmethod
    def numbers(values: NDArray[np.int64]) -> Ragged:
        """A number in each piece."""
        return Ragged(*varints(values))


def woven(parts: Sequence[Ragged]) -> Ragged:
    """The n-th pieces of all parts joined, for every n; all parts have as many pieces."""
    sizes = np.zeros(len(parts[0].sizes), np.int64)
    for part in parts:
        sizes += part.sizes
    at = np.cumsum(sizes) - sizes
    flat = np.empty(int(sizes.sum()), np.uint8)
    for part in parts:
        own = np.cumsum(part.sizes) - part.sizes
        flat[np.repeat(at - own, part.sizes) + np.arange(len(part.flat))] = part.flat
        at = at + part.sizes
    return Ragged(flat, sizes)


def attribute(value: Value) -> bytes:
    """A `Value` message of the tile: text, boolean, whole number or double."""
    if isinstance(value, bool):
        return varint(7 << 3) + varint(int(value))
    if isinstance(value, str):
        return field(1, value.encode())
    if isinstance(value, float):
        return varint(3 << 3 | 1) + struct.pack("<d", value)
    if value >= 0:
        return varint(5 << 3) + varint(value)
    return varint(6 << 3) + varint(-2 * value - 1)


def numbers_of(body: bytes) -> NDArray[np.int64]:
    """The numbers that `varints` wrote. Raises: ValueError when the last one is cut off."""
    given = np.frombuffer(body, np.uint8)
    ends = np.flatnonzero(given < 128)
    if not len(ends) or ends[-1] != len(given) - 1:
        raise ValueError("a number is cut off")
    starts = np.append(0, ends[:-1] + 1)
    shift = (np.arange(len(given)) - np.repeat(starts, ends - starts + 1)) * 7
    return np.add.reduceat((given & 127).astype(np.int64) << shift, starts)
