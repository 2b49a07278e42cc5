"""The bytes of Protocol Buffers that a vector tile is written in."""

from __future__ import annotations

import struct

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


def varints(values: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """Many numbers 0..2**32-1 at once.

    Returns: the bytes, and how many bytes each number took, shape (n,).
    """
    given = values.astype(np.uint32)
    length = np.ones(len(given), np.int64)
    for bits in (7, 14, 21, 28):
        length += given >= np.uint32(1 << bits)
    width = int(length.max()) if len(given) else 1
    table = np.empty((len(given), width), np.uint8)
    for k in range(width):
        more = np.where(length > k + 1, 128, 0)
        table[:, k] = (given >> np.uint32(7 * k)) & 127 | more
    return table[np.arange(width)[None, :] < length[:, None]].tobytes(), length


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
